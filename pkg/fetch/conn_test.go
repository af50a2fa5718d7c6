package fetch

import (
	"bufio"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// ends is a line that another task closes while a read waits, if during is set.
type ends struct {
	line
	conn   *conn
	during bool
	closed int
}

func (e *ends) Read([]byte) (int, error) {
	if e.during {
		e.conn.Close()
	}
	return 0, net.ErrClosed
}

func (e *ends) Close() error {
	e.closed++
	return nil
}

// TestClosedConnGivesItsBufferBack: but not while a read is in it, and not twice: another
// connection may have it already.
func TestClosedConnGivesItsBufferBack(t *testing.T) {
	for name, during := range map[string]bool{"after_a_read": false, "while_a_read_waits": true} {
		t.Run(name, func(t *testing.T) {
			e := &ends{during: during}
			e.conn = &conn{line: e, in: bufio.NewReader(nil)}
			in := e.conn.in
			in.Reset(e.conn)
			_, err := in.Peek(1)
			require.ErrorIs(t, err, net.ErrClosed)
			if during {
				require.Same(t, in, e.conn.in, "it is left to its reader")
				return
			}
			e.conn.Close()
			require.Nil(t, e.conn.in)
			e.conn.Close()
			require.Equal(t, 2, e.closed)
		})
	}
}
