package sock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// TestEchoCosts counts system calls: what a message costs on a kept connection.
func TestEchoCosts(t *testing.T) {
	server := faulty.Echo()
	defer server.Close()
	counts := counter{calls: sys.Kernel}
	inner, err := selector.New()
	require.NoError(t, err)
	counts.Selector = inner
	l, err := loop.New(loop.Options{Selector: &counts, Calls: counts.table()})
	require.NoError(t, err)
	defer l.Close()

	const warmUp, messages = 10, 1000
	message := []byte("0123456789012345678901234567890123456789012345678901234567890123")
	var before counter
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		s, err := sock.Connect(yield, server.Addr())
		if err != nil {
			return nil, err
		}
		defer s.Close()
		for i := range warmUp + messages {
			if i == warmUp {
				before = counts
			}
			if err := sock.Send(yield, s, message); err != nil {
				return nil, err
			}
			for n := 0; n < len(message); {
				p, err := sock.Read(yield, s)
				if err != nil {
					return nil, err
				}
				n += len(p)
			}
		}
		require.LessOrEqual(t, counts.recvs+counts.sends-before.recvs-before.sends, 2*messages+2, "recv and send")
		require.Equal(t, before.controls, counts.controls, "epoll_ctl")
		require.LessOrEqual(t, counts.selects-before.selects, 2*messages, "epoll_wait")
		return nil, nil
	})
	require.NoError(t, err)
}

// counter counts the calls that go through it.
type counter struct {
	selector.Selector
	calls                           sys.Calls
	recvs, sends, selects, controls int
}

func (c *counter) table() *sys.Calls {
	counted := c.calls
	counted.Recv = func(fd int, p []byte) (int, error) { c.recvs++; return c.calls.Recv(fd, p) }
	counted.Send = func(fd int, p []byte) (int, error) { c.sends++; return c.calls.Send(fd, p) }
	return &counted
}

func (c *counter) Register(fd int, e selector.Events, data any) error {
	c.controls++
	return c.Selector.Register(fd, e, data)
}

func (c *counter) Modify(fd int, e selector.Events, data any) error {
	c.controls++
	return c.Selector.Modify(fd, e, data)
}

func (c *counter) Unregister(fd int) error {
	c.controls++
	return c.Selector.Unregister(fd)
}

func (c *counter) Select(d time.Duration) ([]selector.Ready, error) {
	c.selects++
	return c.Selector.Select(d)
}
