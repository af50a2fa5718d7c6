package serve

// What a shutdown does to requests that have come, and are not answered yet.

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// lines is a Handle that sends back lines, each when answer returns.
func lines(next func(c *Conn, r *bufio.Reader) (string, error), answer func(yield coro.Yield, c *Conn, line string)) func(coro.Yield, *Conn) error {
	return func(yield coro.Yield, c *Conn) error {
		r := bufio.NewReader(sock.Stream(c.Socket))
		for {
			line, err := next(c, r)
			if err != nil {
				return err
			}
			answer(yield, c, line)
			if err := sock.Send(yield, c.Socket, []byte(line)); err != nil {
				return err
			}
		}
	}
}

// whole reads a line in Idle; first waits there for its first byte only.
func whole(c *Conn, r *bufio.Reader) (line string, err error) {
	err = c.Idle(func() error {
		line, err = r.ReadString('\n')
		return err
	})
	return line, err
}

func first(c *Conn, r *bufio.Reader) (string, error) {
	if r.Buffered() == 0 {
		if err := c.Idle(func() error { _, err := r.Peek(1); return err }); err != nil {
			return "", err
		}
	}
	return r.ReadString('\n')
}

// TestIdleAndClosed: only a Shutdown is ErrGoing.
func TestIdleAndClosed(t *testing.T) {
	for name, want := range map[string]error{"by the Handle itself": net.ErrClosed, "by a Shutdown": ErrGoing} {
		t.Run(name, func(t *testing.T) {
			var got error
			s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
				c.Loop().CallLater(0, func() {
					if want == ErrGoing {
						c.server.Shutdown(time.Hour)
					} else {
						_ = c.Close()
					}
				})
				got = c.Idle(func() error { _, err := c.Read(make([]byte, 1)); return err })
				return nil
			}})
			s.closed(s.dial())
			if want != ErrGoing {
				s.on(func() { s.server.Shutdown(time.Hour) })
			}
			s.end()
			require.ErrorIs(t, got, want)
		})
	}
}

// TestIdleKeepsErrors: during a shutdown, an error of the Handle's own stays what it is.
func TestIdleKeepsErrors(t *testing.T) {
	var got error
	s := serving(t, &Server{Handle: func(_ coro.Yield, c *Conn) error {
		c.server.Shutdown(time.Hour)
		got = c.Idle(func() error { return errOops })
		return nil
	}})
	s.closed(s.dial())
	s.end()
	require.Equal(t, errOops, got)
}

func TestShutdownBetweenRequests(t *testing.T) {
	// goes has the server shut down as the line "go" is answered.
	goes := func(yield coro.Yield, c *Conn, line string) {
		if line == "go\n" {
			c.server.Shutdown(time.Hour)
		}
	}
	slow := func(yield coro.Yield, c *Conn, line string) {
		goes(yield, c, line)
		for range 5 {
			_ = task.Checkpoint(yield)
		}
	}
	rows := []struct {
		name   string
		next   func(c *Conn, r *bufio.Reader) (string, error)
		answer func(yield coro.Yield, c *Conn, line string)
		atOnce string // is sent at once
		later  string // is sent when the server has answered the first line
		want   string
	}{
		{"three_lines_that_came_together", whole, goes, "go\n2\n3\n", "", "go\n2\n3\n"},
		{"three_lines_and_each_takes_its_time", whole, slow, "go\n2\n3\n", "", "go\n2\n3\n"},
		{"three_lines_and_only_the_first_byte_is_idle", first, goes, "go\n2\n3\n", "", "go\n2\n3\n"},
		{"nothing_but_the_line", whole, goes, "go\n", "", "go\n"},
		{"half_a_line_and_its_rest_in_time", first, goes, "go\n2", "2\n3\n", "go\n22\n3\n"},
		{"the_last_words_come_after_the_shutdown", whole, func(yield coro.Yield, c *Conn, line string) {
			goes(yield, c, line)
			if line == "go\n" {
				_ = sock.Send(yield, c.Socket, []byte("hear? "))
				for !c.Arrived() {
					_ = task.Checkpoint(yield)
				}
			}
		}, "go\n", "last\n", "hear? go\nlast\n"},
	}
	for _, row := range rows {
		t.Run("V08_"+row.name, func(t *testing.T) {
			s := serving(t, &Server{Handle: lines(row.next, row.answer)})
			c := s.dial()
			s.send(c, row.atOnce)
			got := make([]byte, 3)
			_, err := io.ReadFull(c, got)
			require.NoError(t, err)
			s.send(c, row.later)
			rest, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, row.want, string(got)+string(rest))
			s.end()
			require.Empty(t, s.Reports)
		})
	}
}
