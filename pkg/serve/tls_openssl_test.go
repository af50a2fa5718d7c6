package serve

// A client that isn't Go's. Read tls_test.go first.

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// TestOpenSSLAsksForNewKeys: its s_client asks for new keys at a line "K" (RFC 8446, 4.6.3),
// here while one task writes and another reads.
func TestOpenSSLAsksForNewKeys(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("NOT TESTED: install openssl to ask with it")
	}
	block := bytes.Repeat([]byte("0123456789abcdef"), 4<<10)
	blocks, over := 0, false
	heard := make(chan string, 10)
	s := securely(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
		writes := task.Go(c.Loop(), func(coro.Yield) error {
			for ; !over; blocks++ {
				if _, err := c.Write(block); err != nil {
					return err
				}
			}
			return nil
		})
		for lines := bufio.NewScanner(c); !over && lines.Scan(); {
			heard <- lines.Text()
			over = lines.Text() == "over"
		}
		_, err := task.Await(yield, writes)
		return err
	}})
	s.on(func() { s.server.TLS.SessionTicketsDisabled = true }) // it would print them in the middle
	cert, _ := s.pair.Files(t)
	c := exec.Command("openssl", "s_client", "-connect", s.addr, "-servername", "localhost", "-CAfile", cert, "-verify_return_error", "-tls1_3")
	in, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	notes, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	updates := make(chan bool, 10)
	go func() {
		for lines := bufio.NewScanner(notes); lines.Scan(); {
			if lines.Text() == "KEYUPDATE" {
				updates <- true
			}
		}
	}()
	all := make(chan []byte, 1)
	go func() { text, _ := io.ReadAll(out); all <- text }()
	say := func(line string) { _, err := io.WriteString(in, line+"\n"); require.NoError(t, err) }
	for _, word := range []string{"one", "two", "three"} {
		say("K")
		<-updates
		say(word)
		require.Equal(t, word, s.hears(heard))
	}
	say("over")
	require.Equal(t, "over", s.hears(heard))
	text := <-all
	s.goes()
	require.True(t, bytes.Contains(text, bytes.Repeat(block, blocks)), "it understands what is written with new keys")
	require.Empty(t, s.told)
}
