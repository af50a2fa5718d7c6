package lesson

// The clients of lesson 16, and package serve's Server in the form of its exercise. Read
// serve_rig.go first.

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// visitor is a client.
type visitor struct {
	fd    int
	heard string
	ended bool // the server has closed the connection
}

// visitor connects a client, which asks text.
func (h *house) visitor(text string) *visitor {
	v, err := h.knock()
	if err != nil {
		fail("connect to your server", trial.Said(err), "a connection", err)
	}
	v.asks(text)
	return v
}

// knock connects a client. The error is the kernel's.
func (h *house) knock() (*visitor, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	trial.Must(err)
	v := &visitor{fd: fd}
	h.visitors = append(h.visitors, v)
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: h.path}); err != nil {
		return v, err
	}
	trial.Must(unix.SetNonblock(fd, true))
	return v, nil
}

func (v *visitor) asks(text string) {
	if text != "" {
		_, _ = unix.Write(v.fd, []byte(text)) // if the server is gone, what v hears says so
	}
}

// leaves ends v's side, in order.
func (v *visitor) leaves() { trial.Must(unix.Shutdown(v.fd, unix.SHUT_WR)) }

// listens takes what has come for v.
func (v *visitor) listens() {
	p := make([]byte, 100)
	for !v.ended {
		n, err := unix.Read(v.fd, p)
		switch {
		case err == unix.EAGAIN:
			return
		case err != nil || n == 0:
			v.ended = true
		default:
			v.heard += string(p[:n])
		}
	}
}

// hears expects v to have got these letters so far, and its connection to be open, or, with
// a dot at the end of want, closed.
func (h *house) hears(tried string, v *visitor, want string) {
	h.settle()
	v.listens()
	got := v.heard
	if v.ended {
		got += "."
	}
	if got != want {
		fail(tried, inWords(got), inWords(want), nil)
	}
}

func inWords(heard string) string {
	letters, ended := heard, false
	if n := len(heard); n > 0 && heard[n-1] == '.' {
		letters, ended = heard[:n-1], true
	}
	said := "no answer"
	if letters != "" {
		said = fmt.Sprintf("the answer %q", letters)
	}
	if ended {
		return said + " and a closed connection"
	}
	return said + " on an open connection"
}

// serveByServer is package serve's Server, in the form of the exercise.
func serveByServer(yield coro.Yield, listener *sock.Socket, answer func(yield coro.Yield, s *sock.Socket) error, most int) error {
	server := &serve.Server{MaxConns: most, OnError: func(*serve.Conn, error) {}, Handle: func(yield coro.Yield, c *serve.Conn) error {
		for !c.Going() || c.Arrived() {
			if err := c.Idle(func() error { return sock.WaitReadable(yield, c.Socket) }); err != nil {
				return err
			}
			if err := answer(yield, c.Socket); err != nil {
				return err
			}
		}
		return nil
	}}
	running := task.Spawn(listener.Loop(), func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, listener) })
	_, err := task.Shield(yield, running)
	if running.Done() {
		return err
	}
	server.Shutdown(24 * time.Hour)
	if _, again := task.Shield(yield, running); !running.Done() {
		server.Close()
		for closed := false; !running.Done() && !closed; {
			_, err := task.Shield(yield, running)
			closed = errors.Is(err, coro.ErrClosed)
		}
		return again
	}
	return err
}
