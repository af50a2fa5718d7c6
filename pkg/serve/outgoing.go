package serve

// The two ways in which an answer is sent: from memory, or from a file without passing
// through memory. Read response.go first.

import (
	"io"
	"net/http"
	"os"
	"runtime"

	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// pieceMost is how much may be sent within Limits.Piece.
const pieceMost = 256 << 10

// pieces writes to the connection: what the kernel takes at once, and then a piece at a time,
// each with a time limit. Nearly always nothing is left for that.
type pieces struct{ *visit }

func (v pieces) Write(p []byte) (n int, err error) {
	if v.secure == nil {
		n = sock.SendNow(v.Socket, p[:min(len(p), pieceMost)])
	}
	for n < len(p) {
		piece := p[n:min(len(p), n+pieceMost)]
		v.limitPiece()
		k, err := v.Conn.Write(piece)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

func (v *visit) limitPiece() { _ = v.SetWriteDeadline(v.Loop().Time().Add(v.limits.Piece)) }

// SendFile sends n bytes of f, from offset on, as a part of the body, without passing through
// the program's memory if the kernel can, which it can't with TLS: sock.SendFile. Errors are
// those of sock.SendFile and Write.
func (w *ResponseWriter) SendFile(f *os.File, offset, n int64) error {
	return w.alone(func() error { return w.file(f, offset, n) })
}

func (w *ResponseWriter) file(f *os.File, offset, n int64) error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if 0 <= n && n <= firstMost-int64(len(w.first)) && !w.begun { // one send for head and body is cheaper
		had := len(w.first)
		w.first = append(w.first, make([]byte, n)...)
		_, err := f.ReadAt(w.first[had:], offset)
		return w.keep(short(err))
	}
	if err := w.begin(false); err != nil {
		return err
	}
	if err := w.count(n); err != nil {
		return err
	}
	return w.keep(w.sendFile(f, offset, n))
}

func (w *ResponseWriter) sendFile(f *os.File, offset, n int64) error {
	switch file := io.NewSectionReader(f, offset, n); {
	case w.chunked:
		_, err := io.CopyN(bodyOf{w}, file, n)
		return short(err)
	case w.visit.secure != nil && !w.bare: // the kernel can't encrypt
		_, err := io.CopyN(w.out, file, n)
		return short(err)
	}
	if err := w.out.Flush(); err != nil || w.bare {
		return err
	}
	yield, err := task.Here(w.visit.Loop())
	if err != nil {
		return err
	}
	sent := w.visit.sendFileNow(f, offset, n)
	for offset, n = offset+sent, n-sent; n > 0; {
		piece := min(n, pieceMost)
		w.visit.limitPiece()
		if err := sock.SendFile(yield, w.visit.Socket, f, offset, piece); err != nil {
			return err
		}
		offset, n = offset+piece, n-piece
	}
	return nil
}

// sendFileNow sends what the kernel takes at once, and returns how much that was. It reports
// no error: what fails, fails again in a sock.SendFile.
func (v *visit) sendFileNow(f *os.File, offset, n int64) int64 {
	sent, _ := v.Loop().Calls().SendFile(v.FD(), int(f.Fd()), offset, int(min(n, pieceMost)))
	runtime.KeepAlive(f)
	return int64(max(sent, 0))
}

// short turns the end of a file that has become shorter into an error.
func short(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// bodyOf is the body, for io.Copy.
type bodyOf struct{ w *ResponseWriter }

func (b bodyOf) Write(p []byte) (int, error) { return b.w.body(p) }
