package fetch_test

// A panic in the body of a request is told once: by Do, or else by the loop. Read
// upload_test.go first.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// bursting is a body that panics when before has returned. That may wait.
type bursting struct {
	before func()
	with   any
}

func (b bursting) Read([]byte) (int, error) {
	b.before()
	panic(b.with)
}

func burst(t *testing.T, rawURL string, before func()) *http.Request {
	r := newRequest(t, "PUT", rawURL, "")
	r.Body = io.NopCloser(bursting{before, "oh"})
	return r
}

// saysPanic wants err to be the panic, or, if it isn't, the loop to have reported it.
func saysPanic(t *testing.T, reports *[]loop.Exception, err error, byDo bool) {
	t.Helper()
	if byDo {
		require.Len(t, coro.Panics(err), 1)
		require.Empty(t, *reports)
		return
	}
	require.Error(t, err)
	require.Empty(t, coro.Panics(err), "whoever handles it would report it again")
	require.Len(t, *reports, 1)
	assert.Equal(t, "the body of a request panicked", (*reports)[0].Message)
	assert.Contains(t, string((*reports)[0].Stack), "panic_test.go")
	*reports = nil
}

func TestPanicInABody(t *testing.T) {
	silent := serveCounting(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	half, _ := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
		_, _ = http.ReadRequest(r)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nno")
		_, _ = io.Copy(io.Discard, r)
	})
	t.Run("while Do waits", func(t *testing.T) {
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
			_, err := c.Do(yield, burst(t, silent.URL, func() {}))
			saysPanic(t, &rig.Reports, err, true)
		})
	})
	t.Run("while Do waits, with an error that a server could have caused", func(t *testing.T) {
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
			r := burst(t, silent.URL, nil)
			r.Body = io.NopCloser(bursting{func() {}, unix.EPIPE})
			_, err := c.Do(yield, r)
			saysPanic(t, &rig.Reports, err, true)
		})
	})
	t.Run("while Do waits, and its Client is closed at that moment", func(t *testing.T) {
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
			_, err := c.Do(yield, burst(t, silent.URL, func() { _ = c.Close() }))
			require.ErrorIs(t, err, fetch.ErrClosed)
			_, _ = task.Checkpoint(yield), task.Checkpoint(yield) // the upload ends behind Do
			saysPanic(t, &rig.Reports, err, false)
		})
	})
	t.Run("when Do has been redirected meanwhile", func(t *testing.T) {
		reads := make(chan struct{})
		leads, _ := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
			if asked, err := http.ReadRequest(r); err == nil && asked.Method == "PUT" {
				<-reads
				_, _ = io.WriteString(conn, "HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
				_, _ = io.Copy(io.Discard, r)
			} else if err == nil {
				_, _ = io.WriteString(conn, okHello)
			}
		})
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
			panics := future.New(rig.Loop)
			r := burst(t, leads, func() {
				yield, err := task.Here(rig.Loop)
				require.NoError(t, err)
				close(reads)
				_, _ = task.Await(yield, future.New(rig.Loop)) // until the upload is given up
			})
			r.Body = &telling{r.Body, panics}
			answer, err := c.Do(yield, r)
			assert.Equal(t, "hello", text(t, answer, err))
			_, err = task.Await(yield, panics)
			require.NoError(t, err)
			saysPanic(t, &rig.Reports, io.EOF, false)
		})
	})
	for name, cancels := range map[string]func(l *loop.Loop, does *task.Task){
		"at that moment": func(_ *loop.Loop, does *task.Task) { does.Cancel() },
		"a moment later": func(l *loop.Loop, does *task.Task) { l.CallSoon(func() { does.Cancel() }) },
	} {
		t.Run("while Do waits, and its task is canceled "+name, func(t *testing.T) {
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
				var does *task.Task
				does = task.Go(rig.Loop, func(yield coro.Yield) error {
					_, err := c.Do(yield, burst(t, silent.URL, func() { cancels(rig.Loop, does) }))
					return err
				})
				_, err := task.Await(yield, does)
				require.ErrorIs(t, err, future.ErrCanceled)
				_, _ = task.Checkpoint(yield), task.Checkpoint(yield) // the upload may end behind Do
				saysPanic(t, &rig.Reports, err, false)
			})
		})
	}
	for name, reads := range map[string]bool{"when Do has returned": false, "when Do has returned, and the answer's body is read": true} {
		t.Run(name, func(t *testing.T) {
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
				var answered wait.Event
				panics := future.New(rig.Loop)
				r := burst(t, half, func() {
					yield, err := task.Here(rig.Loop)
					require.NoError(t, err)
					require.NoError(t, answered.Wait(yield))
				})
				r.Body = &telling{r.Body, panics}
				answer, err := c.Do(yield, r)
				require.NoError(t, err)
				defer answer.Body.Close()
				if reads {
					rig.Loop.CallSoon(answered.Set)
				} else {
					answered.Set()
					_, err = task.Await(yield, panics)
					require.NoError(t, err)
				}
				_, err = io.ReadAll(answer.Body)
				require.ErrorContains(t, err, "the body of the request: panic: oh")
				saysPanic(t, &rig.Reports, err, false)
			})
		})
	}
}
