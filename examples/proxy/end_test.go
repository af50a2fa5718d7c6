package main

// How connections, and the proxy, end. Read main_test.go before.

import (
	"bufio"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/peertest"
	"stepwise/internal/programtest"
	"stepwise/pkg/faulty"
)

func TestFailuresArePassedOnAsResets(t *testing.T) {
	reset := func(t *testing.T, c *net.TCPConn) {
		_, err := io.ReadAll(c)
		require.ErrorIs(t, err, syscall.ECONNRESET)
	}
	t.Run("the server resets", func(t *testing.T) {
		p := passing(t, func(c *net.TCPConn) {
			_, _ = io.WriteString(c, "half of it")
			_, _ = c.Read(make([]byte, 1))
			_ = c.SetLinger(0)
		})
		c := dial(t, p)
		_, err := io.ReadFull(c, make([]byte, len("half of it")))
		require.NoError(t, err)
		_, err = io.WriteString(c, "x")
		require.NoError(t, err)
		reset(t, c)
		p.Prints("connection reset by peer")
		p.Interrupt()
		p.Ends(0)
	})
	t.Run("the client resets", func(t *testing.T) {
		got := make(chan error, 1)
		p := passing(t, func(c *net.TCPConn) {
			_, err := io.Copy(io.Discard, c)
			got <- err
		})
		c := dial(t, p)
		_, err := io.WriteString(c, "half of it")
		require.NoError(t, err)
		require.NoError(t, c.SetLinger(0))
		require.NoError(t, c.Close())
		require.ErrorIs(t, <-got, syscall.ECONNRESET)
		p.Interrupt()
		p.Ends(0)
		require.NotContains(t, p.Printed(), "reset", "a client that is gone is no news")
	})
	t.Run("nobody listens there", func(t *testing.T) {
		refused := faulty.Refused()
		defer refused.Close()
		p := programtest.Start(t, "-listen", "127.0.0.1:0", "-to", refused.Addr())
		c, err := net.Dial("tcp", p.Address())
		if err == nil { // the reset has not come yet
			reset(t, c.(*net.TCPConn))
			c.Close()
		} else {
			require.ErrorIs(t, err, syscall.ECONNRESET)
		}
		p.Prints("connection refused")
		p.Interrupt()
		p.Ends(0)
	})
}

func TestCtrlC(t *testing.T) {
	for _, c := range []struct {
		name  string
		drain string
		after func(t *testing.T, p *programtest.Program, c *net.TCPConn)
	}{
		{"connections may finish", "1h", func(t *testing.T, p *programtest.Program, c *net.TCPConn) {
			_, err := io.WriteString(c, "last words\n")
			require.NoError(t, err)
			line, err := bufio.NewReader(c).ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "last words\n", line)
			require.NoError(t, c.Close())
		}},
		{"but not forever", "1ms", func(t *testing.T, p *programtest.Program, c *net.TCPConn) {
			_, _ = io.ReadAll(c)
		}},
		{"a second one ends them", "1h", func(t *testing.T, p *programtest.Program, c *net.TCPConn) {
			p.Interrupt()
			_, _ = io.ReadAll(c)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := passing(t, echo, "-drain", c.drain, "-listen", net.JoinHostPort(peertest.Host(), "0"))
			conn := dial(t, p)
			_, err := io.WriteString(conn, "x")
			require.NoError(t, err)
			_, err = io.ReadFull(conn, make([]byte, 1))
			require.NoError(t, err)
			p.Interrupt()
			leaktest.Until(t, "new connections are refused", func() bool {
				other, err := net.Dial("tcp", p.Address())
				if err == nil {
					other.Close()
				}
				return errors.Is(err, syscall.ECONNREFUSED)
			})
			c.after(t, p, conn)
			p.Ends(0)
		})
	}
}

// TestMax: one connection too many waits for another's end.
func TestMax(t *testing.T) {
	served := make(chan bool, 3)
	p := passing(t, func(c *net.TCPConn) {
		served <- true
		echo(c)
	}, "-max", "2")
	first, second, third := dial(t, p), dial(t, p), dial(t, p)
	<-served
	<-served
	for _, c := range []*net.TCPConn{first, second} {
		_, err := io.WriteString(c, "x")
		require.NoError(t, err)
		_, err = io.ReadFull(c, make([]byte, 1))
		require.NoError(t, err)
	}
	require.Empty(t, served)
	require.NoError(t, first.Close())
	<-served
	require.NoError(t, second.Close())
	require.NoError(t, third.Close())
	p.Interrupt()
	p.Ends(0)
}
