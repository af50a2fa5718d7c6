package serve

// A handler has tasks of its own, which read the request and send the answer beside it. None
// may stop the loop, or spoil another client's answer. Read http_test.go first.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

const (
	begunPost = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel"
	plainGet  = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
)

// shared serves /x by handle, which may start helpers, and all else by routes.
type shared struct {
	*site
	helper *task.Task // the last one
	errs   []error    // of the connections
}

func sharing(t *testing.T, handle func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request), change ...func(*sys.Calls)) *shared {
	s := &shared{}
	s.site = serving(t, &Server{
		OnError: func(_ *Conn, err error) { s.errs = append(s.errs, err) },
		Handle: HTTP(func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
			if r.URL.Path != "/x" {
				routes(yield, w, r)
				return
			}
			handle(s, yield, w, r)
		}, Limits{}),
	}, change...)
	return s
}

// help starts a helper, and returns when it waits.
func (s *shared) help(yield coro.Yield, body func() error) {
	s.helper = task.Go(s.Loop, func(coro.Yield) error { return body() }).Detach()
	for !s.helper.Done() && !strings.HasPrefix(s.helper.Reason(), "fd ") {
		if task.Checkpoint(yield) != nil {
			return
		}
	}
}

// lives proves that the loop still serves others.
func (s *shared) lives() {
	s.Helper()
	a, body := s.one("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	require.Equal(s, 200, a.StatusCode)
	require.Equal(s, "GET h", body)
}

// helped waits for the helper, and returns its error.
func (s *shared) helped() (err error) {
	s.until("the helper's end", func() bool { return s.helper.Done() })
	s.on(func() { _, err = s.helper.Result() })
	return err
}

func readsBody(r *http.Request) error {
	_, err := io.ReadAll(r.Body)
	return err
}

func TestBodyOfManyTasks(t *testing.T) {
	t.Run("a second reader is refused", func(t *testing.T) {
		s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
			s.help(yield, func() error { return readsBody(r) })
			err := readsBody(r)
			fmt.Fprint(w, err)
			w.Flush()
			_, _ = task.Await(yield, s.helper)
		})
		c := s.dial()
		s.send(c, begunPost)
		in := bufio.NewReader(c)
		a, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		s.lives()
		s.send(c, "lo")
		body, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		require.Contains(t, string(body), sock.ErrBusy.Error())
		require.NoError(t, s.helped(), "the first reader has all")
		s.send(c, plainGet)
		_, text := s.answer(in, "GET")
		require.Equal(t, "GET h", text, "the connection is as good as before")
	})
	t.Run("the handler closes it under a reader", func(t *testing.T) {
		s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
			s.help(yield, func() error { return readsBody(r) })
			fmt.Fprint(w, r.Body.Close())
			w.Flush()
			_, _ = task.Await(yield, s.helper)
		})
		c := s.dial()
		s.send(c, begunPost)
		a, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		s.lives()
		s.send(c, "l")
		require.ErrorIs(t, s.helped(), http.ErrBodyReadAfterClose)
		body, _ := io.ReadAll(io.LimitReader(a.Body, 5))
		require.Equal(t, "<nil>", string(body))
	})
	t.Run("it is passed on, and answered before it has come", func(t *testing.T) {
		upstream := faulty.HTTP("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n")
		t.Cleanup(func() { upstream.Close() })
		answered := make(chan bool)
		s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
			client := &fetch.Client{}
			defer client.Close()
			onward, err := http.NewRequest(r.Method, upstream.URL(), r.Body)
			require.NoError(t, err)
			onward.ContentLength = r.ContentLength
			a, err := client.Do(yield, onward)
			require.NoError(t, err)
			defer a.Body.Close()
			sends := fmt.Sprintf("fd %d to read", w.visit.FD()) // what a task waits for that still reads r.Body
			for !slices.ContainsFunc(task.All(s.Loop), func(t *task.Task) bool { return t.Reason() == sends }) {
				require.NoError(t, task.Checkpoint(yield))
			}
			close(answered)
			w.WriteHeader(a.StatusCode)
			_, _ = io.Copy(w, a.Body)
		})
		c := s.dial()
		s.send(c, begunPost)
		<-answered
		s.send(c, "lo")
		a, body := s.answer(bufio.NewReader(c), "POST")
		require.Equal(t, 413, a.StatusCode)
		require.Equal(t, "no\n", body)
		s.lives()
	})
	t.Run("a handler that closes it keeps the connection", func(t *testing.T) {
		s := sharing(t, func(_ *shared, _ coro.Yield, _ *ResponseWriter, r *http.Request) { _ = r.Body.Close() })
		c := s.dial()
		s.send(c, begunPost+"lo"+plainGet)
		in := bufio.NewReader(c)
		a, _ := s.answer(in, "POST")
		require.False(t, a.Close)
		_, body := s.answer(in, "GET")
		require.Equal(t, "GET h", body)
	})
	t.Run("a reader that comes late gets nothing of the next request", func(t *testing.T) {
		var body io.Reader
		s := sharing(t, func(_ *shared, _ coro.Yield, _ *ResponseWriter, r *http.Request) { body = r.Body })
		c := s.dial()
		s.send(c, begunPost+"lo")
		in := bufio.NewReader(c)
		s.answer(in, "POST")
		var err error
		s.on(func() { _, err = body.Read(make([]byte, 1)) })
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
		s.send(c, plainGet)
		_, text := s.answer(in, "GET")
		require.Equal(t, "GET h", text)
	})
}

// large is more than the kernel takes while the client doesn't read.
const large = 16 << 20

func TestAnswerOfManyTasks(t *testing.T) {
	writes := func(w *ResponseWriter) error { _, err := w.Write(make([]byte, large)); return err }
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer file.Close()
	for name, second := range map[string]func(w *ResponseWriter) error{
		"a write":  func(w *ResponseWriter) error { _, err := w.Write(make([]byte, 1)); return err },
		"a file":   func(w *ResponseWriter) error { return w.SendFile(file, 0, 0) },
		"no error": func(w *ResponseWriter) error { w.Flush(); return sock.ErrBusy },
	} {
		t.Run("a second sender is refused: "+name, func(t *testing.T) {
			var err error
			ready := make(chan bool)
			s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
				s.help(yield, func() error { return writes(w) })
				err = second(w)
				close(ready)
				_, _ = task.Await(yield, s.helper)
			})
			c := s.dial()
			s.send(c, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
			<-ready
			require.ErrorIs(t, err, sock.ErrBusy)
			_, body := s.answer(bufio.NewReader(c), "GET")
			require.Len(t, body, large)
			require.NoError(t, s.helped())
		})
	}
	t.Run("the handler returns before its sender", func(t *testing.T) {
		var left *ResponseWriter
		s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
			left = w
			s.help(yield, func() error { return writes(w) })
		})
		c := s.dial()
		s.send(c, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
		s.until("the end", func() bool { return len(s.errs) == 1 })
		require.ErrorIs(t, s.errs[0], sock.ErrBusy)
		require.NotNil(t, left.room, "no other answer may have it")
		s.lives()
		require.ErrorIs(t, s.helped(), net.ErrClosed)
		_, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
	})
	t.Run("one that comes late is refused", func(t *testing.T) {
		var w *ResponseWriter
		s := sharing(t, func(_ *shared, _ coro.Yield, late *ResponseWriter, _ *http.Request) {
			w = late
			_, _ = late.Write(make([]byte, 2*firstMost)) // in chunks
		})
		c := s.dial()
		s.send(c, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
		in := bufio.NewReader(c)
		s.answer(in, "GET")
		var write, send error
		s.on(func() {
			w.Flush()
			_, write = w.Write([]byte("late"))
			send = w.SendFile(file, 0, 0)
		})
		require.ErrorIs(t, write, net.ErrClosed)
		require.ErrorIs(t, send, net.ErrClosed)
		s.send(c, plainGet)
		_, text := s.answer(in, "GET")
		require.Equal(t, "GET h", text)
	})
	t.Run("a helper sends a file, and waits for the client", func(t *testing.T) {
		page, err := os.Create(t.TempDir() + "/page")
		require.NoError(t, err)
		t.Cleanup(func() { page.Close() }) // when the server's descriptors have been counted
		require.NoError(t, page.Truncate(large))
		full := make(chan bool, 1)
		s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(large))
			s.help(yield, func() error { return w.SendFile(page, 0, large) })
			full <- true
			_, _ = task.Await(yield, s.helper)
		}, func(c *sys.Calls) { c.SendFile = func(int, int, int64, int) (int, error) { return 0, unix.EINVAL } })
		c := s.dial()
		s.send(c, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
		<-full
		_, body := s.answer(bufio.NewReader(c), "GET")
		require.Len(t, body, large)
		require.NoError(t, s.helped())
	})
}
