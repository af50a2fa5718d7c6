package sys

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"

	"stepwise/pkg/trace"
)

// answers is a table whose every call returns n and err.
func answers(n int, err error) *Calls {
	return &Calls{
		Socket:         func(int) (int, error) { return n, err },
		Connect:        func(int, unix.Sockaddr) error { return err },
		SocketError:    func(int) error { return err },
		Bind:           func(int, unix.Sockaddr) error { return err },
		Listen:         func(int, int) error { return err },
		Accept:         func(int) (int, unix.Sockaddr, error) { return n, nil, err },
		Recv:           func(int, []byte) (int, error) { return n, err },
		Send:           func(int, []byte) (int, error) { return n, err },
		SendFile:       func(int, int, int64, int) (int, error) { return n, err },
		SocketDatagram: func(int) (int, error) { return n, err },
		RecvFrom:       func(int, []byte) (int, bool, unix.Sockaddr, error) { return n, false, nil, err },
		SendTo:         func(int, []byte, unix.Sockaddr) error { return err },
		Shutdown:       func(int, int) error { return err },
		Close:          func(int) error { return err },
	}
}

// callAll makes each call once, on descriptor 7, and returns the errors.
func callAll(c *Calls) (errs []error) {
	keep := func(err error) { errs = append(errs, err) }
	_, err := c.Socket(unix.AF_INET)
	keep(err)
	keep(c.Connect(7, nil))
	keep(c.SocketError(7))
	keep(c.Bind(7, nil))
	keep(c.Listen(7, 1))
	_, _, err = c.Accept(7)
	keep(err)
	_, err = c.Recv(7, nil)
	keep(err)
	_, err = c.Send(7, nil)
	keep(err)
	_, err = c.SocketDatagram(unix.AF_INET)
	keep(err)
	_, _, _, err = c.RecvFrom(7, nil)
	keep(err)
	keep(c.SendTo(7, []byte("hello"), nil))
	_, err = c.SendFile(7, 8, 0, 9)
	keep(err)
	keep(c.Shutdown(7, 0))
	keep(c.Close(7))
	return errs
}

func TestTraced(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"no error", nil, ""},
		{"an errno, by its name", unix.EAGAIN, "EAGAIN"},
		{"an errno inside of another error", fmt.Errorf("outer: %w", unix.EPIPE), "EPIPE"},
		{"no errno", errors.New("oops"), "oops"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := trace.NewRecorder(0)
			errs := callAll(Traced(answers(5, c.err), r))
			var got []string
			sent := "sendmsg 7 5"
			if c.err != nil {
				sent = "sendmsg 7 0"
			}
			for i, e := range r.Events() {
				assert.Equal(t, c.err, errs[i], e.Name)
				assert.Equal(t, trace.System, e.Kind)
				assert.Equal(t, c.want, e.Err, e.Name)
				got = append(got, fmt.Sprintf("%s %d %d", e.Name, e.FD, e.N))
			}
			assert.Equal(t, []string{"socket 5 5", "connect 7 0", "SO_ERROR 7 0", "bind 7 0", "listen 7 0", "accept 7 5",
				"recv 7 5", "send 7 5", "socket 5 5", "recvmsg 7 5", sent, "sendfile 7 5", "shutdown 7 0", "close 7 0"}, got)
		})
	}
}

func TestTracedByNobody(t *testing.T) {
	assert.Same(t, &Kernel, Traced(&Kernel, nil))
	r := trace.NewRecorder(0)
	Traced(&Kernel, r)
	assert.NotNil(t, Kernel.Socket)
	_ = Kernel.Close(-1)
	assert.Empty(t, r.Events(), "the table itself is not changed")
}
