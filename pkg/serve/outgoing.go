package serve

// The ways by which an answer leaves: from memory, and from a file past it. Read
// response.go first.

import (
	"io"
	"net/http"
	"os"
	"time"

	"stepwise/pkg/sock"
)

// pieceMost is what Limits.Piece is for.
const pieceMost = 256 << 10

// pieces is the connection, written to a piece at a time, each with a limit of time.
type pieces struct{ *visit }

func (v pieces) Write(p []byte) (n int, err error) {
	for n < len(p) {
		piece := p[n:min(len(p), n+pieceMost)]
		_ = v.SetWriteDeadline(time.Now().Add(v.limits.Piece))
		if err := sock.Send(v.yield, v.Socket, piece); err != nil {
			return n, err
		}
		n += len(piece)
	}
	return n, nil
}

// SendFile sends n bytes of f, from offset on, as a part of the body, past the program's
// memory where the kernel can: sock.SendFile. Errors are its and Write's.
func (w *ResponseWriter) SendFile(f *os.File, offset, n int64) error {
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
	if w.chunked {
		_, err := io.CopyN(bodyOf{w}, io.NewSectionReader(f, offset, n), n)
		return short(err)
	}
	if err := w.out.Flush(); err != nil || w.bare {
		return err
	}
	for n > 0 {
		piece := min(n, pieceMost)
		_ = w.visit.SetWriteDeadline(time.Now().Add(w.visit.limits.Piece))
		if err := sock.SendFile(w.visit.yield, w.visit.Socket, f, offset, piece); err != nil {
			return err
		}
		offset, n = offset+piece, n-piece
	}
	return nil
}

// short: the file has become shorter than it was.
func short(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// bodyOf is the body, for io.Copy.
type bodyOf struct{ w *ResponseWriter }

func (b bodyOf) Write(p []byte) (int, error) { return b.w.body(p) }
