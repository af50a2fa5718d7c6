package serve

// What a shutdown does to connections with TLS. Read tls_test.go first.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/tlspeer"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

func TestTLSShutdown(t *testing.T) {
	t.Run("V08_a_client_that_has_said_nothing_is_dropped", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo})
		c := s.dial()
		s.until("idle", func() bool { return s.server.conns.Len() == 1 && s.server.all()[0].idle })
		s.goes()
		s.closed(c)
		require.ErrorIs(t, s.told[0], ErrGoing)
		require.Equal(t, []bool{true}, s.routine)
	})
	t.Run("V08_idle_ones_are_dropped", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo})
		c, below := s.connect()
		s.echoes(c, "hello")
		s.until("idle", func() bool { return s.server.all()[0].idle })
		s.goes()
		require.Equal(t, []error{ErrGoing}, s.told)
		rest, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.False(t, below.cut, "with a goodbye")
	})
	t.Run("V08_messages_that_came_together_are_all_answered", func(t *testing.T) {
		const many = 24 // one read takes them from the kernel, and a turn for the others comes in between
		s := securely(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
			first := make([]byte, 1)
			if _, err := c.Read(first); err != nil {
				return err
			}
			c.server.Shutdown(time.Hour)
			if _, err := c.Write(first); err != nil {
				return err
			}
			return Echo(yield, c)
		}})
		p := tlspeer.Client(t, s.dial(), s.knows())
		var all [][]byte
		for i := range byte(many) {
			all = append(all, p.Record(tlspeer.Data, 'a'+i))
		}
		p.Say(all...)
		got, err := io.ReadAll(p.Conn)
		require.NoError(t, err)
		require.Equal(t, "abcdefghijklmnopqrstuvwx", string(got))
		s.end()
		require.Equal(t, []error{ErrGoing}, s.told)
	})
	for _, most := range []int{1, 6} { // within the head of a record, and behind it
		t.Run(fmt.Sprintf("V08_a_handshake_of_which_%d_bytes_have_come_may_finish", most), func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo})
			c, below := s.connect()
			below.most = most
			done := make(chan error, 1)
			go func() { done <- c.Handshake() }()
			rest := <-below.later
			s.until("begun", func() bool {
				return s.server.conns.Len() == 1 && !s.server.all()[0].idle && s.server.all()[0].stream != nil
			})
			s.on(func() { s.server.Shutdown(time.Hour) })
			s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it may finish") })
			_, err := below.Conn.Write(rest)
			require.NoError(t, err)
			require.NoError(t, <-done)
			s.end()
		})
		t.Run(fmt.Sprintf("V08_a_message_of_which_%d_bytes_have_come_is_answered", most), func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo})
			c, below := s.connect()
			s.echoes(c, "hello")
			s.until("idle", func() bool { return s.server.all()[0].idle })
			below.most = most
			s.send(c, "last words")
			rest := <-below.later
			s.until("begun", func() bool { return s.server.all()[0].secure.MidRecord() })
			s.on(func() { s.server.Shutdown(time.Hour) })
			s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it may finish") })
			_, err := below.Conn.Write(rest)
			require.NoError(t, err)
			got, _ := io.ReadAll(c)
			require.Equal(t, "last words", string(got))
			s.end()
		})
	}
	t.Run("V08_a_stuck_client_holds_up_Close_no_longer_than_a_plain_one", func(t *testing.T) {
		full := make(chan struct{}, 1)
		s := securely(t, &Server{Handle: func(_ coro.Yield, c *Conn) error {
			c.Loop().CallLater(0, func() { full <- struct{}{} })
			_, err := c.Write(make([]byte, 64<<20))
			return err
		}})
		c, _ := s.connect()
		require.NoError(t, c.Handshake())
		<-full
		s.on(s.server.Close)
		s.end()
		require.Len(t, s.told, 1)
		// What the task learns first depends on whether it waits in the send just then.
		require.True(t, errors.Is(s.told[0], future.ErrCanceled) || errors.Is(s.told[0], net.ErrClosed), "%v", s.told[0])
	})
}
