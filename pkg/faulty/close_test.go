package faulty_test

// The end: Close with no, some or all clients connected, and clients that leave.

import (
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/peertest"
	"stepwise/pkg/faulty"
)

// everyone is each server once; a connect to it works unless shut.
func everyone() map[string]*faulty.Server {
	at := net.JoinHostPort(peertest.Host(), "0") // where nobody else is given a port that was closed
	return map[string]*faulty.Server{
		"Drip": faulty.Drip("never read", 0, at), "Drip with a pause": faulty.Drip("x", time.Hour, at),
		"Stall": faulty.Stall("part", at), "HalfClose": faulty.HalfClose("data", at),
		"ResetMidway": faulty.ResetMidway("never read", at), "Big": faulty.Big(1<<40, at),
		"Echo": faulty.Echo(at), "Sink": faulty.Sink(at), "Silent": faulty.Silent(at), "NeverReads": faulty.NeverReads(at), "ReadsLate": faulty.ReadsLate("raw", at),
		"HTTP": faulty.HTTP("raw", at), "HTTPHeld": faulty.HTTPHeld("raw", at), "HTTPKeepAlive": faulty.HTTPKeepAlive("raw", at), "HTTPReset": faulty.HTTPReset("raw", at),
		"Site": faulty.Site(3, time.Hour, at), "Refused": faulty.Refused(at), "NeverAccepts": faulty.NeverAccepts(at),
	}
}

func shut(name string) bool { return name == "Refused" || name == "NeverAccepts" }

func TestClose(t *testing.T) {
	balanced(t)
	for name, s := range everyone() {
		t.Run(name+"/before anybody came, twice, and by many at once", func(t *testing.T) {
			require.NoError(t, s.Close())
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { assert.NoError(t, s.Close()) })
			}
			wg.Wait()
			s.Release()
			require.ErrorIs(t, s.WaitAccepted(1, limit), net.ErrClosed)
			_, err := s.Visit(0, limit)
			require.ErrorIs(t, err, net.ErrClosed)
		})
	}
	for name, s := range everyone() {
		if shut(name) {
			s.Close()
			continue
		}
		t.Run(name+"/while clients are connected and others wait for them", func(t *testing.T) {
			balanced(t)
			c := dial(t, s)
			dial(t, s)
			require.NoError(t, s.WaitAccepted(2, limit))
			waiting := make(chan error, 1)
			go func() {
				_, err := s.Visit(2, limit)
				waiting <- err
			}()
			require.NoError(t, s.Close())
			require.ErrorIs(t, <-waiting, net.ErrClosed)
			v, err := s.Visit(0, limit)
			require.NoError(t, err, "a visit that Close ended can be asked for")
			require.ErrorIs(t, v.Err, net.ErrClosed)
			require.ErrorContains(t, v.Err, "ended the connection")

			io.Copy(io.Discard, c) // what was sent before, and then the end, in order or not
			_, err = net.Dial("tcp", s.Addr())
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		})
	}
}

func TestCloseDuringAStormOfClients(t *testing.T) {
	balanced(t)
	for range 20 {
		s := faulty.Echo()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if conn, err := net.Dial("tcp", s.Addr()); err == nil {
					io.WriteString(conn, "x")
					io.Copy(io.Discard, io.LimitReader(conn, 1))
					conn.Close()
				}
			})
		}
		assert.NoError(t, s.WaitAccepted(1, limit))
		require.NoError(t, s.Close())
		wg.Wait()
	}
}

func TestAClientThatLeavesEndsItsVisit(t *testing.T) {
	for name, s := range everyone() {
		t.Run(name, func(t *testing.T) {
			defer s.Close()
			switch name {
			case "Silent", "NeverReads", "ReadsLate", "Drip with a pause":
				t.Skip("it doesn't look")
			case "Refused", "NeverAccepts":
				t.Skip("it has no visitors")
			}
			c := dial(t, s)
			require.NoError(t, s.WaitAccepted(1, limit))
			require.NoError(t, c.Conn.(*net.TCPConn).SetLinger(0))
			require.NoError(t, c.Close())
			_, err := s.Visit(0, limit)
			require.NoError(t, err)
		})
	}
}
