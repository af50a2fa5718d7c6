package faulty_test

// The servers that listen: one client or many, and more data than is kept.

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestEcho(t *testing.T) {
	for place, at := range places(t) {
		t.Run(place, func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Echo(at...))
			c := dial(t, s)
			c.say("hello")
			c.hears("hello")
			c.say("the rest, and then my side ends")
			c.closeWrite()
			c.hearsEnd("the rest, and then my side ends", nil)
			v, err := s.Visit(0, limit)
			require.NoError(t, err)
			require.Equal(t, faulty.Visit{Count: 36, Sent: 36}, v)
			_, err = s.Received(limit)
			require.ErrorContains(t, err, "of 36 bytes only the count was kept")
		})
	}
}

func TestThoseWhoReadAfterRelease(t *testing.T) {
	servers := map[string]func(at ...string) *faulty.Server{
		"NeverReads": faulty.NeverReads,
		"ReadsLate":  func(at ...string) *faulty.Server { return faulty.ReadsLate("answer", at...) },
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) { readsAfterRelease(t, server) })
	}
}

func readsAfterRelease(t *testing.T, server func(at ...string) *faulty.Server) {
	for place, at := range places(t) {
		t.Run(place+"/the client's buffer fills, and all arrives after Release", func(t *testing.T) {
			balanced(t)
			s := opened(t, server(at...))
			c := dial(t, s)
			// Left alone, the client's own buffer would grow to megabytes.
			require.NoError(t, c.Conn.(stream).SetWriteBuffer(64<<10))
			data := faulty.Pattern(2 << 20)
			require.NoError(t, c.SetWriteDeadline(time.Now().Add(30*time.Millisecond)))
			n, err := c.Write(data)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Less(t, n, len(data))

			s.Release()
			s.Release()
			require.NoError(t, c.SetWriteDeadline(time.Now().Add(limit)))
			_, err = c.Write(data[n:])
			require.NoError(t, err)
			c.closeWrite()
			got, err := s.Received(limit)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
		})
	}
}

func TestMany(t *testing.T) {
	balanced(t)
	s := opened(t, faulty.Echo())
	t.Run("in a row", func(t *testing.T) {
		for i := range 20 {
			c := dial(t, s)
			c.say("ping")
			c.closeWrite()
			c.hearsEnd("ping", nil)
			v, err := s.Visit(i, limit)
			require.NoError(t, err)
			require.EqualValues(t, 4, v.Count)
		}
	})
	t.Run("at once", func(t *testing.T) {
		var clients []client
		for range 50 {
			clients = append(clients, dial(t, s))
		}
		require.NoError(t, s.WaitAccepted(70, limit))
		for i, c := range clients {
			c.say(fmt.Sprintf("client %02d", i))
		}
		for i, c := range clients {
			c.closeWrite()
			c.hearsEnd(fmt.Sprintf("client %02d", i), nil)
		}
	})
}

func TestMoreThanIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 64 MB")
	}
	s := opened(t, faulty.Sink())
	c := dial(t, s)
	sum := sha256.New()
	piece := faulty.Pattern(1 << 20)
	for range faulty.KeepLimit>>20 + 1 {
		sum.Write(piece)
		_, err := c.Write(piece)
		require.NoError(t, err)
	}
	c.Close()
	v, err := s.Visit(0, limit)
	require.NoError(t, err)
	require.Nil(t, v.Received)
	require.EqualValues(t, faulty.KeepLimit+1<<20, v.Count)
	require.Equal(t, fmt.Sprintf("%x", sum.Sum(nil)), v.SHA256)
	_, err = s.Received(limit)
	require.Error(t, err)
}
