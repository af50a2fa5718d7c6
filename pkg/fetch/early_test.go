package fetch_test

// Answers that come before a body was sent.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestEarlyAnswers: a server may refuse a body before it has read it.
func TestEarlyAnswers(t *testing.T) {
	refuse := "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nnope"
	for name, after := range map[string]func(conn net.Conn, r *bufio.Reader){
		"and_stays":  func(_ net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) },
		"and_closes": func(conn net.Conn, _ *bufio.Reader) { _ = conn.Close() },
		"and_reads_no_more_until_we_close": func(conn net.Conn, r *bufio.Reader) {
			_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
			var end [1]byte
			for n, err := 1, error(nil); n > 0 && err == nil; n, err = conn.Read(end[:]) {
			}
		},
	} {
		for _, length := range []int64{0, 64 << 20} {
			t.Run(fmt.Sprintf("%s_of_%d", name, length), func(t *testing.T) {
				rawURL, connects := scripted(t, func(n int, conn net.Conn, r *bufio.Reader) {
					if n > 1 {
						answerOnce(conn, r, okHello)
						return
					}
					if _, err := http.ReadRequest(r); err == nil {
						_, _ = io.WriteString(conn, refuse)
						after(conn, r)
					}
				})
				c := &fetch.Client{}
				play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
					r := newRequest(t, "PUT", rawURL, "")
					body := &closing{Reader: io.LimitReader(zeros{}, 64<<20)}
					r.Body, r.ContentLength = body, length
					r.GetBody = func() (io.ReadCloser, error) { return nil, errAny } // it is too long to be sent at once
					answer, err := c.Do(yield, r)
					require.NoError(t, err)
					assert.Equal(t, 413, answer.StatusCode)
					assert.Equal(t, "nope", text(t, answer, nil))
					assert.Equal(t, 1, body.closed)
					answer, err = c.Do(yield, newRequest(t, "GET", rawURL, ""))
					assert.Equal(t, "hello", text(t, answer, err))
				})
				assert.EqualValues(t, 2, connects.Load(), "a connection with half a body on it serves no one")
			})
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestGoneInTheUpload: a server refuses a body, answers, and is gone before all was sent.
// Its answer is there all the same, whenever it is read.
func TestGoneInTheUpload(t *testing.T) {
	rest := make(chan struct{})
	rawURL, _ := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
		_, _ = http.ReadRequest(r)
		_, _ = io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nno")
		<-rest
		_, _ = io.WriteString(conn, "pe")
	})
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
		r := newRequest(t, "PUT", rawURL, "")
		over := future.New(rig.Loop)
		r.Body, r.ContentLength = &telling{io.LimitReader(zeros{}, 64<<20), over}, 64<<20
		answer, err := c.Do(yield, r)
		require.NoError(t, err)
		close(rest)
		_, err = task.Await(yield, over) // the upload has failed
		require.NoError(t, err)
		assert.Equal(t, "nope", text(t, answer, nil))
	})
}

// telling ends over when it is closed.
type telling struct {
	io.Reader
	over *future.Future
}

func (t *telling) Close() error { t.over.SetResult(nil); return nil }

// TestRedirectInTheUpload: a server may redirect before it has read the body. What is left
// of that upload doesn't harm the next request, nor its connection.
func TestRedirectInTheUpload(t *testing.T) {
	for _, code := range []int{303, 307} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			rawURL, connects := scripted(t, func(n int, conn net.Conn, r *bufio.Reader) {
				if n == 1 {
					_, _ = http.ReadRequest(r)
					_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d There\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n", code)
					_, _ = io.Copy(io.Discard, conn)
					return
				}
				for answerOnce(conn, r, okHello) {
				}
			})
			var bodies []*closing
			again := func() (io.ReadCloser, error) {
				bodies = append(bodies, &closing{Reader: io.LimitReader(zeros{}, 8<<20)})
				return bodies[len(bodies)-1], nil
			}
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				r := newRequest(t, "POST", rawURL, "")
				r.Body, _ = again()
				r.ContentLength, r.GetBody = 8<<20, again
				answer, err := c.Do(yield, r)
				require.Equal(t, "hello", text(t, answer, err))
				answer, err = c.Do(yield, newRequest(t, "GET", rawURL, ""))
				require.Equal(t, "hello", text(t, answer, err))
			})
			assert.EqualValues(t, 2, connects.Load(), "the second connection is kept")
			assert.Len(t, bodies, map[int]int{303: 1, 307: 2}[code])
			for _, b := range bodies {
				assert.Equal(t, 1, b.closed)
			}
		})
	}
}

// TestGoneBeforeTheRequest: a server that is gone before it has read anything may have said
// why.
func TestGoneBeforeTheRequest(t *testing.T) {
	for name, said := range map[string]string{"with_an_answer": "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", "without": ""} {
		t.Run(name, func(t *testing.T) {
			connected, over := make(chan struct{}), make(chan struct{})
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer listener.Close()
			go func() {
				defer close(over)
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				<-connected
				_, _ = io.WriteString(conn, said)
				_ = conn.(*net.TCPConn).SetLinger(0) // its close is a reset
				_ = conn.Close()
			}()
			c := &fetch.Client{Dial: func(yield coro.Yield, address string) (*sock.Socket, error) {
				s, err := sock.Connect(yield, address)
				close(connected)
				<-over
				return s, err
			}}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				answer, err := c.Do(yield, newRequest(t, "GET", "http://"+listener.Addr().String(), ""))
				if said != "" {
					require.Equal(t, "busy", text(t, answer, err))
					return
				}
				require.ErrorIs(t, err, unix.ECONNRESET, "it says what happened to the request")
			})
		})
	}
}

// TestRedirectInTheUploadOfABody: the answer that was being passed on is given up, too.
func TestRedirectInTheUploadOfABody(t *testing.T) {
	stalled := faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer stalled.Close()
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			_ = http.NewResponseController(w).EnableFullDuplex() // it doesn't read the body
			w.Header().Set("Location", "/there")
			w.WriteHeader(http.StatusSeeOther)
			_ = http.NewResponseController(w).Flush()
			return
		}
		_, _ = io.WriteString(w, "hello")
	})
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		from, err := c.Do(yield, newRequest(t, "GET", stalled.URL(), ""))
		require.NoError(t, err)
		_, err = io.ReadFull(from.Body, make([]byte, 4)) // nothing more will ever come
		require.NoError(t, err)
		r := newRequest(t, "PUT", server.URL, "")
		r.Body = from.Body
		answer, err := c.Do(yield, r)
		require.Equal(t, "hello", text(t, answer, err))
		_, err = stalled.Visit(0, leaktest.Patience)
		require.NoError(t, err, "the connection is closed")
	})
}
