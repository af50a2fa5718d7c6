package fetch_test

// Redirects to private addresses, in a simulated network: there a test has public ones.

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// step is a server at an address, and where it sends whoever asks; "" is nowhere.
type step struct{ address, location string }

// privateWays are the ways of a Fetch, and where each ends. A name leads to the
// step's address at the time at which it is asked for.
var privateWays = []struct {
	name    string
	steps   []step
	allowed bool
	body    string // of the last step; "" is ErrPrivate
}{
	{"public_to_public", []step{{"203.0.113.1:80", "http://other/"}, {"198.51.100.7:80", ""}}, false, "198.51.100.7:80"},
	{"public_to_loopback", []step{{"203.0.113.1:80", "http://127.0.0.1/"}, {"127.0.0.1:80", ""}}, false, ""},
	{"public_to_all_of_loopback", []step{{"203.0.113.1:80", "http://x/"}, {"127.9.9.9:80", ""}}, false, ""},
	{"public_to_a_name_that_is_loopback", []step{{"203.0.113.1:80", "http://nice.example/"}, {"127.0.0.1:80", ""}}, false, ""},
	{"public_to_itself_rebound", []step{{"203.0.113.1:80", "http://first/again"}, {"127.0.0.1:80", ""}}, false, ""},
	{"public_to_private_10", []step{{"203.0.113.1:80", "http://x/"}, {"10.1.2.3:80", ""}}, false, ""},
	{"public_to_private_172", []step{{"203.0.113.1:80", "http://x/"}, {"172.16.0.1:80", ""}}, false, ""},
	{"public_to_private_192", []step{{"203.0.113.1:80", "http://x/"}, {"192.168.0.1:80", ""}}, false, ""},
	{"public_to_a_cloud's_metadata", []step{{"203.0.113.1:80", "http://x/"}, {"169.254.169.254:80", ""}}, false, ""},
	{"public_to_0.0.0.0", []step{{"203.0.113.1:80", "http://x/"}, {"0.0.0.0:80", ""}}, false, ""},
	{"public_to_0.1.2.3", []step{{"203.0.113.1:80", "http://x/"}, {"0.1.2.3:80", ""}}, false, ""},
	{"public_to_a_carrier's_net", []step{{"203.0.113.1:80", "http://x/"}, {"100.64.0.1:80", ""}}, false, ""},
	{"public_to_benchmarks", []step{{"203.0.113.1:80", "http://x/"}, {"198.18.0.1:80", ""}}, false, ""},
	{"public_to_what_is_reserved", []step{{"203.0.113.1:80", "http://x/"}, {"240.0.0.1:80", ""}}, false, ""},
	{"public_to_protocols", []step{{"203.0.113.1:80", "http://x/"}, {"192.0.0.1:80", ""}}, false, ""},
	{"public_to_IPv6_loopback", []step{{"203.0.113.1:80", "http://[::1]/"}, {"[::1]:80", ""}}, false, ""},
	{"public_to_a_unique_local", []step{{"203.0.113.1:80", "http://x/"}, {"[fd00::1]:80", ""}}, false, ""},
	{"public_to_a_link", []step{{"203.0.113.1:80", "http://x/"}, {"[fe80::1]:80", ""}}, false, ""},
	{"public_to_a_site", []step{{"203.0.113.1:80", "http://x/"}, {"[fec0::1]:80", ""}}, false, ""},
	{"public_to_IPv4_in_IPv6", []step{{"203.0.113.1:80", "http://x/"}, {"[::ffff:127.0.0.1]:80", ""}}, false, ""},
	{"public_to_a_carrier's_net_in_IPv6", []step{{"203.0.113.1:80", "http://x/"}, {"[::ffff:100.64.0.1]:80", ""}}, false, ""},
	{"public_to_a_site_with_a_zone", []step{{"203.0.113.1:80", "http://x/"}, {"[fec0::1%lo]:80", ""}}, false, ""},
	{"public_to_loopback_by_NAT64", []step{{"203.0.113.1:80", "http://x/"}, {"[64:ff9b::7f00:1]:80", ""}}, false, ""},
	{"public_to_a_local_NAT64", []step{{"203.0.113.1:80", "http://x/"}, {"[64:ff9b:1::1]:80", ""}}, false, ""},
	{"public_to_private_by_6to4", []step{{"203.0.113.1:80", "http://x/"}, {"[2002:a00:1::1]:80", ""}}, false, ""},
	{"public_to_public_by_6to4", []step{{"203.0.113.1:80", "http://x/"}, {"[2002:cb00:7101::1]:80", ""}}, false, "[2002:cb00:7101::1]:80"},
	{"public_to_public_by_NAT64", []step{{"203.0.113.1:80", "http://x/"}, {"[64:ff9b::cb00:7101]:80", ""}}, false, "[64:ff9b::cb00:7101]:80"},
	{"public_to_public_IPv6", []step{{"203.0.113.1:80", "http://x/"}, {"[2001:db8::1]:80", ""}}, false, "[2001:db8::1]:80"},
	{"public_to_172.32", []step{{"203.0.113.1:80", "http://x/"}, {"172.32.0.1:80", ""}}, false, "172.32.0.1:80"},
	{"public_to_public_to_loopback", []step{{"203.0.113.1:80", "http://x/"}, {"198.51.100.7:80", "http://y/"}, {"127.0.0.1:80", ""}}, false, ""},
	{"private_to_public_to_private", []step{{"127.0.0.1:80", "http://x/"}, {"198.51.100.7:80", "http://y/"}, {"127.0.0.2:80", ""}}, false, ""},
	{"public_IPv6_to_loopback", []step{{"[2001:db8::1]:80", "http://x/"}, {"127.0.0.1:80", ""}}, false, ""},
	{"public_to_loopback_where_it_is_asked_for", []step{{"203.0.113.1:80", "http://x/"}, {"127.0.0.1:80", ""}}, true, "127.0.0.1:80"},
	{"loopback_by_hand", []step{{"127.0.0.1:80", ""}}, false, "127.0.0.1:80"},
	{"loopback_to_loopback", []step{{"127.0.0.1:80", "http://localhost:81/"}, {"127.0.0.2:81", ""}}, false, "127.0.0.2:81"},
	{"private_to_loopback", []step{{"192.168.0.1:80", "http://x/"}, {"127.0.0.1:80", ""}}, false, "127.0.0.1:80"},
	{"loopback_to_public", []step{{"127.0.0.1:80", "http://x/"}, {"203.0.113.1:80", ""}}, false, "203.0.113.1:80"},
}

// TestPrivate: a page at a public address doesn't lead to where it can't look
// itself. What is refused is never asked.
func TestPrivate(t *testing.T) {
	for _, test := range privateWays {
		t.Run(test.name, func(t *testing.T) {
			w := newWay(t, test.steps)
			client := fetch.Client{Dial: w.dial, RedirectToPrivate: test.allowed}
			body, err := w.fetch(client, "http://first/")
			if test.body != "" {
				require.NoError(t, err)
				assert.Equal(t, test.body, body)
				assert.Equal(t, len(test.steps), w.asked)
				return
			}
			require.ErrorIs(t, err, fetch.ErrPrivate)
			assert.Empty(t, body)
			assert.Equal(t, len(test.steps)-1, w.asked, "what was refused was asked")
		})
	}
	t.Run("an_address_that_stands_in_the_URL_isn't_connected_to", func(t *testing.T) {
		w := newWay(t, []step{{"203.0.113.1:80", "http://127.0.0.1/"}})
		_, err := w.fetch(fetch.Client{}, "http://203.0.113.1/")
		require.ErrorIs(t, err, fetch.ErrPrivate)
		require.ErrorContains(t, err, "sent on to http://127.0.0.1/: it is at 127.0.0.1: ")
		require.NotContains(t, strings.Join(w.Log(), "\n"), "127.0.0.1:80", "nobody listens there, and nobody was told so")
	})
}

// way is a simulated network with a server for each step.
type way struct {
	*simulation.World
	t     *testing.T
	loop  *loop.Loop
	steps []step
	tried int // connections that were asked for
	asked int // requests that came
}

func newWay(t *testing.T, steps []step) *way {
	w := &way{World: simulation.New(1, simulation.Weather{}), t: t, steps: steps}
	l, err := loop.New(w.Options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, l.Close()) })
	w.loop = l
	l.SetExceptionHandler(func(loop.Exception) {}) // servers that nobody asks are still waiting at the end
	for _, s := range steps {
		listener, err := sock.Listen(l, s.address)
		require.NoError(t, err)
		task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, w.serve(yield, listener, s) })
	}
	return w
}

// dial leads each name to the next step.
func (w *way) dial(yield coro.Yield, _ string) (*sock.Socket, error) {
	w.tried++
	return sock.Connect(yield, w.steps[w.tried-1].address)
}

func (w *way) serve(yield coro.Yield, listener *sock.Socket, s step) error {
	conn, err := sock.Accept(yield, listener)
	if err != nil {
		return nil
	}
	defer conn.Close()
	stream := sock.Stream(conn)
	if _, err := http.ReadRequest(bufio.NewReader(stream)); err != nil {
		return nil // it was refused
	}
	w.asked++
	answer := "HTTP/1.1 200 OK\r\n\r\n" + s.address
	if s.location != "" {
		answer = "HTTP/1.1 302 Found\r\nLocation: " + s.location + "\r\n\r\n"
	}
	_, err = io.WriteString(stream, answer)
	return err
}

func (w *way) fetch(c fetch.Client, rawURL string) (string, error) {
	var body strings.Builder
	_, err := task.Run(w.loop, func(yield coro.Yield) (any, error) { return stream(yield, &c, rawURL, &body) })
	if errors.Is(err, loop.ErrDeadlock) {
		w.t.Error(err)
	}
	return body.String(), err
}
