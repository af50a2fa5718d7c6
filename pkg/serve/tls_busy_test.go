package serve

// Two tasks of one Handle on a connection with TLS. Read tls_test.go first.

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestTLSTwoTasks(t *testing.T) {
	calls := map[string]func(c *Conn) error{
		"write":       func(c *Conn) error { _, err := c.Write(bytes.Repeat([]byte("w"), 32<<20)); return err },
		"read":        func(c *Conn) error { _, err := c.Read(make([]byte, 1)); return err },
		"close write": (*Conn).CloseWrite,
	}
	for _, row := range []struct {
		first, second string
	}{{"write", "write"}, {"read", "read"}, {"write", "close write"}} {
		t.Run("a "+row.second+" during a "+row.first+" is refused, and the loop goes on", func(t *testing.T) {
			var second error
			s := securely(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
				first := task.Go(c.Loop(), func(coro.Yield) error { return calls[row.first](c) })
				if err := task.Checkpoint(yield); err != nil { // it waits for the peer, which does nothing
					return err
				}
				second = calls[row.second](c)
				_ = task.CancelAndWait(yield, first)
				return nil
			}})
			c, _ := s.connect()
			require.NoError(t, c.Handshake())
			_, _ = io.Copy(io.Discard, c)
			s.conns(0)
			s.on(func() { assert.ErrorIs(t, second, sock.ErrBusy) })
		})
	}
}
