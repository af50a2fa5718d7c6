package serve

// Two tasks of one Handle on a connection with TLS. Read tls_test.go first.

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/tlspeer"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
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

// TestTLSPeersThatMakeAReaderWrite: one that asks for new keys, or breaks the protocol, is
// answered, though the reader that meets it is not the task that writes.
func TestTLSPeersThatMakeAReaderWrite(t *testing.T) {
	data := faulty.Pattern(32 << 20)
	// serves has one task write data while another sends each message that it reads to heard.
	serves := func(t *testing.T, heard chan string) *secured {
		return securely(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
			writes := task.Go(c.Loop(), func(coro.Yield) error { _, err := c.Write(data); return err })
			for p := make([]byte, 100); ; {
				n, err := c.Read(p)
				if err != nil {
					return errors.Join(err, task.CancelAndWait(yield, writes))
				}
				heard <- string(p[:n])
				if string(p[:n]) == "over" {
					_, err := task.Await(yield, writes)
					return err
				}
			}
		}})
	}
	t.Run("new keys while the writer waits", func(t *testing.T) {
		heard := make(chan string, 10)
		s := serves(t, heard)
		p := tlspeer.Client(t, s.dial(), s.knows())
		for _, word := range []string{"one", "two", "three"} {
			p.Say(p.Update(), p.Record(tlspeer.Data, []byte(word)...))
			require.Equal(t, word, s.hears(heard))
		}
		got := make([]byte, len(data))
		_, err := io.ReadFull(p.Conn, got) // it understands the answers
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got))
		p.Say(p.Record(tlspeer.Data, []byte("over")...))
		require.Equal(t, "over", s.hears(heard))
		_, err = p.Conn.Read(got)
		require.Equal(t, io.EOF, err, "and the server has taken its leave")
		s.goes()
		require.Empty(t, s.told)
	})
	t.Run("garbage while the writer waits", func(t *testing.T) {
		heard := make(chan string, 10)
		s := serves(t, heard)
		p := tlspeer.Client(t, s.dial(), s.knows())
		p.Say(p.Record(tlspeer.Data, []byte("one")...))
		require.Equal(t, "one", s.hears(heard))
		p.Say(p.Bad())
		s.conns(0)
		s.goes()
		require.Len(t, s.told, 1)
		require.ErrorContains(t, s.told[0], "bad record MAC")
		require.Equal(t, []bool{false}, s.routine, "somebody should hear of it")
	})
}

// hears is what Handle has read next. It fails the test if the loop stands still.
func (s *secured) hears(heard chan string) string {
	select {
	case word := <-heard:
		return word
	case <-time.After(patience):
		require.Fail(s, "the loop stands still")
		return ""
	}
}

// TestTLSTimeoutsPass: a task.Timeout around a Read or a Write costs the connection nothing.
func TestTLSTimeoutsPass(t *testing.T) {
	data := faulty.Pattern(32 << 20)
	ready := make(chan int, 1)
	s := securely(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
		brief := func(call func() (int, error)) error {
			_, err := task.Timeout(yield, time.Millisecond, func(coro.Yield) (any, error) { return call() })
			return err
		}
		one := make([]byte, 1)
		err := brief(func() (int, error) { return c.Read(one) })
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		err = brief(func() (int, error) { return c.Write(data) })
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		var partly *sock.SendError
		if !assert.ErrorAs(t, err, &partly) {
			return err
		}
		ready <- partly.Sent
		if _, err := c.Write(data[partly.Sent:]); err != nil {
			return err
		}
		_, err = c.Read(one)
		assert.Equal(t, "x", string(one))
		return err
	}})
	c, _ := s.connect()
	require.NoError(t, c.Handshake())
	require.Less(t, <-ready, len(data))
	s.send(c, "x")
	got, err := io.ReadAll(c)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	s.goes()
	require.Empty(t, s.told)
}
