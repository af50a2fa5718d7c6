package sock_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

var errnos = []unix.Errno{unix.EINTR, unix.EAGAIN, unix.EMFILE, unix.ENFILE, unix.ENOMEM, unix.ENOBUFS,
	unix.ECONNRESET, unix.EPIPE, unix.EBADF, unix.ECONNABORTED}

// once has a call fail with errno the first time, then be itself.
func once(w *world, errno unix.Errno) func() error {
	return func() error {
		if w.count["failed"]++; w.count["failed"] == 1 {
			return errno
		}
		return nil
	}
}

// TestErrnos is N01, and C14 with it: each call fails once with each errno. The
// whole conversation then works, or says why it doesn't; and it works afterwards.
func TestErrnos(t *testing.T) {
	entries := []struct {
		name   string
		change func(c *sys.Calls, fails func() error)
		passes []unix.Errno // what says nothing about the call
		report []unix.Errno // what is reported, and tried again
	}{
		{"socket", func(c *sys.Calls, fails func() error) {
			c.Socket = func(family int) (int, error) {
				if err := fails(); err != nil {
					return -1, err
				}
				return sys.Kernel.Socket(family)
			}
		}, nil, nil},
		{"setsockopt", func(c *sys.Calls, fails func() error) {
			c.SetOption = func(fd, level, option, value int) error {
				if err := fails(); err != nil {
					return err
				}
				return sys.Kernel.SetOption(fd, level, option, value)
			}
		}, nil, nil},
		{"bind", func(c *sys.Calls, fails func() error) {
			c.Bind = func(fd int, sa unix.Sockaddr) error {
				if err := fails(); err != nil {
					return err
				}
				return sys.Kernel.Bind(fd, sa)
			}
		}, nil, nil},
		{"listen", func(c *sys.Calls, fails func() error) {
			c.Listen = func(fd, backlog int) error {
				if err := fails(); err != nil {
					return err
				}
				return sys.Kernel.Listen(fd, backlog)
			}
		}, nil, nil},
		{"accept", func(c *sys.Calls, fails func() error) {
			c.Accept = func(fd int) (int, unix.Sockaddr, error) {
				if err := fails(); err != nil {
					return -1, nil, err
				}
				return sys.Kernel.Accept(fd)
			}
		}, []unix.Errno{unix.EINTR, unix.EAGAIN, unix.ECONNABORTED},
			[]unix.Errno{unix.EMFILE, unix.ENFILE, unix.ENOMEM, unix.ENOBUFS}},
		{"recv", func(c *sys.Calls, fails func() error) {
			recv := c.Recv
			c.Recv = func(fd int, p []byte) (int, error) {
				if err := fails(); err != nil {
					return 0, err
				}
				return recv(fd, p)
			}
		}, []unix.Errno{unix.EINTR, unix.EAGAIN}, nil},
		{"send", func(c *sys.Calls, fails func() error) {
			send := c.Send
			c.Send = func(fd int, p []byte) (int, error) {
				if err := fails(); err != nil {
					return 0, err
				}
				return send(fd, p)
			}
		}, []unix.Errno{unix.EINTR, unix.EAGAIN, unix.ENOBUFS}, nil},
	}
	var rows []row
	for _, e := range entries {
		for _, errno := range errnos {
			rows = append(rows, row{name: "N01_" + e.name + "_" + unix.ErrnoName(errno),
				calls: func(w *world, c *sys.Calls) { e.change(c, once(w, errno)) },
				run: func(w *world, yield coro.Yield) {
					reported := contains(e.report, errno)
					if reported {
						w.wantReports = 1
					}
					err := converse(w, yield)
					if reported || contains(e.passes, errno) {
						require.NoError(w, err)
					} else {
						require.ErrorIs(w, err, errno)
						assert.Empty(w, w.Selector.Registered)
					}
					require.NoError(w, converse(w, yield), "the loop lives")
				}})
		}
	}
	for _, errno := range errnos[2:] {
		rows = append(rows, row{name: "N01_connect_" + unix.ErrnoName(errno), calls: connectsFail(errno),
			run: func(w *world, yield coro.Yield) {
				_, err := sock.Connect(yield, w.serve(faulty.Echo()).Addr())
				require.ErrorIs(w, err, errno)
				assert.Equal(w, 1, w.count["connects"])
			}})
	}
	runRows(t, rows)
}

func contains(all []unix.Errno, errno unix.Errno) bool {
	for _, e := range all {
		if e == errno {
			return true
		}
	}
	return false
}

// converse makes each call there is, and leaves nothing open.
func converse(w *world, yield coro.Yield) error {
	l, err := sock.Listen(w.Loop, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	a, err := sock.Connect(yield, l.LocalAddr().String())
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := sock.Accept(yield, l)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := sock.Send(yield, a, []byte("hello")); err != nil {
		return err
	}
	if err := a.CloseWrite(); err != nil {
		return err
	}
	data, err := sock.ReadAll(yield, b, 100)
	if err == nil {
		assert.Equal(w, "hello", string(data))
	}
	return err
}
