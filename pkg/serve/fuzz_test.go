package serve

// Any bytes as requests, and any text as a range: we and net/http must read the same in
// them. Read agree_test.go first.

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// seen is a request that a handler sees.
type seen struct {
	method, text string
	blank        bool // an empty line stood ahead of it
}

// ourView is what our handlers see of raw.
func ourView(t *testing.T, raw io.Reader) (all []seen) {
	q := newRequests(raw, func() {})
	for blank := false; ; {
		q.buffered()
		r, err := q.read()
		if err == errBlank {
			blank = true
			continue
		}
		var no *refusal
		if errors.As(err, &no) {
			require.True(t, errors.Is(err, ErrBadRequest) != errors.Is(err, ErrHeadTooLong))
			require.GreaterOrEqual(t, no.status, 400)
			require.NotEmpty(t, no.why)
		}
		if err != nil {
			return all
		}
		w := httptest.NewRecorder()
		readsAll(w, r)
		all = append(all, seen{r.Method, w.Body.String(), blank})
		if n, err := io.Copy(io.Discard, r.Body); n > 0 || err != nil || r.Close {
			return all
		}
		blank = false
	}
}

// theirView is what net/http's handlers see of raw, until one doesn't.
func (s *inMemory) theirView(raw []byte, methods []seen) (all []string) {
	c := &memory{in: bytes.NewReader(raw), done: make(chan struct{}, 2)}
	s.conns <- c
	<-c.done
	r := bufio.NewReader(bytes.NewReader(c.out.Bytes()))
	for _, m := range methods {
		a, err := http.ReadResponse(r, &http.Request{Method: m.method})
		for err == nil && a.StatusCode == http.StatusContinue {
			a, err = http.ReadResponse(r, &http.Request{Method: m.method})
		}
		if err != nil || a.StatusCode != http.StatusOK {
			return all
		}
		body, _ := io.ReadAll(a.Body)
		all = append(all, string(body))
	}
	return all
}

// FuzzRequests: whatever comes, we serve nothing that net/http refuses, and see what it
// sees, however it is cut into pieces. On purpose we skip an empty line ahead of any
// request, not only behind a POST.
func FuzzRequests(f *testing.F) {
	for _, a := range agreements {
		f.Add([]byte(a.raw + "GET /next HTTP/1.1\r\n" + theHost + "\r\n"))
	}
	s := inMemoryServer(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		ours := ourView(t, bytes.NewReader(raw))
		require.Equal(t, ours, ourView(t, iotest.OneByteReader(bytes.NewReader(raw))), "in pieces")
		theirs := s.theirView(raw, ours)
		for i, o := range ours {
			if o.blank {
				return
			}
			require.Less(t, i, len(theirs), "net/http refuses it: %q", o.text)
			if o.method != http.MethodHead && !(o.method == http.MethodOptions && theirs[i] == "") { // a star, which net/http answers itself
				require.Equal(t, o.text, theirs[i])
			}
		}
	})
}

// inMemory is net/http's server without a network.
type inMemory struct {
	net.Listener // for its address
	conns        chan net.Conn
	closed       chan struct{}
}

func inMemoryServer(f *testing.F) *inMemory {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(f, err)
	s := &inMemory{l, make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(readsAll)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(s) }()
	f.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return s
}

func (s *inMemory) Accept() (net.Conn, error) {
	select {
	case c := <-s.conns:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *inMemory) Close() error {
	close(s.closed)
	return s.Listener.Close()
}

// memory is a connection whose peer has sent all that it has to say.
type memory struct {
	in   *bytes.Reader
	out  bytes.Buffer
	done chan struct{} // the server has ended its side
}

func (c *memory) Read(p []byte) (int, error)  { return c.in.Read(p) }
func (c *memory) Write(p []byte) (int, error) { return c.out.Write(p) }
func (c *memory) CloseWrite() error           { return c.Close() }
func (c *memory) LocalAddr() net.Addr         { return &net.TCPAddr{} }
func (c *memory) RemoteAddr() net.Addr        { return &net.TCPAddr{} }

func (c *memory) Close() error {
	select {
	case c.done <- struct{}{}:
	default:
	}
	return nil
}

func (*memory) SetDeadline(time.Time) error      { return nil }
func (*memory) SetReadDeadline(time.Time) error  { return nil }
func (*memory) SetWriteDeadline(time.Time) error { return nil }

// FuzzRanges: what we send as a part of the file is what net/http sends, and where we find
// no byte of it, neither does net/http. We send the whole for several ranges, and for
// some that have blanks where none belong.
func FuzzRanges(f *testing.F) {
	for _, spec := range []string{"0-", "-5", "5-9", "-0", "9-5", "0-1,3-4", "0-,", "0 - 1", "+1-2"} {
		f.Add(spec, uint8(10))
	}
	f.Fuzz(func(t *testing.T, spec string, size uint8) {
		if len(spec) > 18 { // it may have a number that net/http doesn't know
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Range", "bytes="+spec)
		ours, theirs := both(t, r, string(faulty.Pattern(int(size))))
		switch {
		case strings.HasPrefix(ours, "206"):
			require.Equal(t, theirs, ours)
		case strings.HasPrefix(ours, "416"): // net/http sends none of its bytes for "-0"
			require.Contains(t, []string{`206 ""`, ours}, theirs)
		}
	})
}
