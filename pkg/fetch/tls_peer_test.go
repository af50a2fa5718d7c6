package fetch_test

// Servers that do with TLS what they like: they ask for new keys in the middle of a
// request, or speak on a connection that is idle.

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/internal/tlspeer"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
)

// hostile serves each connection, numbered from 1, as talk says. The client finds it
// whatever it is asked for, and dialed is told of its sockets.
func hostile(t *testing.T, dialed func(*sock.Socket), talk func(n int, p *tlspeer.Peer)) (c *fetch.Client, connects *atomic.Int32) {
	pair := certtest.New(t, "h")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	connects = new(atomic.Int32)
	go func() {
		for {
			wire, err := listener.Accept()
			if err != nil {
				return
			}
			n := int(connects.Add(1))
			go func() {
				defer wire.Close()
				talk(n, tlspeer.Server(t, wire, &tls.Config{Certificates: []tls.Certificate{pair.Certificate}}))
			}()
		}
	}()
	return &fetch.Client{TLS: &tls.Config{RootCAs: pair.Roots}, Dial: func(yield coro.Yield, _ string) (*sock.Socket, error) {
		s, err := sock.Connect(yield, listener.Addr().String())
		dialed(s)
		return s, err
	}}, connects
}

// says answers the next request with raw.
func says(p *tlspeer.Peer, r *bufio.Reader, raw string) bool {
	if _, err := http.ReadRequest(r); err != nil {
		return false
	}
	p.Say(p.Record(tlspeer.Data, []byte(raw)...))
	return true
}

// TestSpokenOnWhileIdle: what a server says that wasn't asked for, and whether the
// connection is used again.
func TestSpokenOnWhileIdle(t *testing.T) {
	for _, test := range []struct {
		name string
		said func(p *tlspeer.Peer) []byte
		want int32 // connections for two requests
	}{
		{"an_answer", func(p *tlspeer.Peer) []byte { return p.Record(tlspeer.Data, []byte(okHello)...) }, 2},
		{"half_an_answer_s_record", func(p *tlspeer.Peer) []byte { return p.Record(tlspeer.Data, []byte(okHello)...)[:20] }, 2},
		{"a_farewell", func(p *tlspeer.Peer) []byte { return p.Record(tlspeer.Alert, tlspeer.Farewell...) }, 2},
		{"garbage", (*tlspeer.Peer).Bad, 2},
		{"a_wish_for_new_keys", (*tlspeer.Peer).Update, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var open []*sock.Socket
			idle := make(chan struct{})
			c, connects := hostile(t, func(s *sock.Socket) { open = append(open, s) }, func(n int, p *tlspeer.Peer) {
				r := bufio.NewReader(p.Conn)
				says(p, r, okHello)
				if n == 1 {
					<-idle
					p.Say(test.said(p))
				}
				says(p, r, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain")
				_, _ = io.Copy(io.Discard, r)
			})
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				_, err := c.Get(yield, "https://h/")
				require.NoError(t, err)
				close(idle)
				leaktest.Until(t, "it has come", open[0].Arrived)
				answer, err := c.Do(yield, newRequest(t, "GET", "https://h/", ""))
				want := map[int32]string{1: "again", 2: "hello"}[test.want]
				assert.Equal(t, want, text(t, answer, err))
				assert.Equal(t, test.want == 2, open[0].FD() < 0, "what isn't used again is closed")
			})
			assert.Equal(t, test.want, connects.Load())
		})
	}
}

// TestRenegotiation: it is refused by name, and the connection is closed.
func TestRenegotiation(t *testing.T) {
	var open []*sock.Socket
	server := newSecure(t, tls.VersionTLS13, []string{"h"}, func(conn *tls.Conn) { _, _ = conn.Read(make([]byte, 1)) })
	client := server.client()
	client.TLS.Renegotiation = tls.RenegotiateFreelyAsClient
	dial := client.Dial
	client.Dial = func(yield coro.Yield, address string) (*sock.Socket, error) {
		s, err := dial(yield, address)
		open = append(open, s)
		return s, err
	}
	play(t, &client, func(yield coro.Yield, _ *looptest.Rig) {
		_, err := client.Get(yield, "https://h/")
		require.ErrorIs(t, err, sock.ErrRenegotiation)
		require.Len(t, open, 1)
		require.Equal(t, -1, open[0].FD())
	})
}

// TestNewKeysInAnUpload: the task that reads the answer meets them while another waits in
// the middle of sending the body.
func TestNewKeysInAnUpload(t *testing.T) {
	body := string(faulty.Pattern(16 << 20))
	got := make(chan string, 1)
	goOn := make(chan struct{})
	c, _ := hostile(t, func(*sock.Socket) {}, func(_ int, p *tlspeer.Peer) {
		r := bufio.NewReader(p.Conn)
		request, err := http.ReadRequest(r)
		if !assert.NoError(t, err) {
			return
		}
		for range 3 {
			p.Say(p.Update())
		}
		p.Say(p.Record(tlspeer.Data, []byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")...))
		<-goOn
		all, err := io.ReadAll(request.Body)
		assert.NoError(t, err, "it understands the answers")
		p.Say(p.Record(tlspeer.Data, []byte("llo")...))
		got <- string(all)
		_, _ = io.Copy(io.Discard, r)
	})
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "POST", "https://h/", body))
		require.NoError(t, err, "the loop goes on")
		close(goOn)
		require.Equal(t, "hello", text(t, answer, err))
	})
	require.True(t, body == <-got)
}
