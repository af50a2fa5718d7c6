package serve

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/pkg/coro"
)

func TestAllowedHosts(t *testing.T) {
	hello := func(_ coro.Yield, w *ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }
	s := serving(t, &Server{Handle: HTTP(AllowedHosts(hello, "Example.ORG:80", "192.0.2.1", "2001:DB8::1", "[2001:db8::2]"), Limits{})})
	cases := []struct {
		name, host string
		status     int
	}{
		{"localhost", "localhost", 200},
		{"localhost at a port", "localhost:8000", 200},
		{"localhost in capitals", "LocalHost", 200},
		{"localhost with a dot", "localhost.:8000", 200},
		{"a name below localhost", "lab.localhost", 200},
		{"the loopback", "127.0.0.1:8000", 200},
		{"another address of the loopback", "127.9.9.9", 200},
		{"the loopback of IPv6", "[::1]:8000", 200},
		{"the loopback of IPv6, written out", "[0:0:0:0:0:0:0:1]", 200},
		{"the loopback of IPv4 in IPv6", "[::ffff:127.0.0.1]", 200},
		{"every address of this machine", "0.0.0.0:8000", 200},
		{"nobody", "", 200},
		{"one that is allowed", "example.org", 200},
		{"one that is allowed, at another port", "example.org:8000", 200},
		{"one that is allowed, with a dot", "EXAMPLE.org.", 200},
		{"an address that is allowed", "192.0.2.1:80", 200},
		{"an address that is allowed, in IPv6", "[::ffff:192.0.2.1]:80", 200},
		{"an address of IPv6 that is allowed", "[2001:db8:0::1]:80", 200},
		{"another that was given in brackets", "[2001:db8::2]", 200},
		{"DNS rebinding", "rebind.example.net:8000", 421},
		{"below one that is allowed", "www.example.org", 421},
		{"one that ends like localhost", "evillocalhost", 421},
		{"one that begins like localhost", "localhost.example.net", 421},
		{"one that begins like the loopback", "127.0.0.1.example.net", 421},
		{"an address in a number", "2130706433", 421},
		{"another address", "192.0.2.2", 421},
		{"no name but a port", ":8000", 200},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, body := s.one("GET / HTTP/1.1\r\nHost: " + c.host + "\r\n\r\n")
			assert.Equal(t, c.status, a.StatusCode)
			assert.Equal(t, c.status == 200, body == "hello")
		})
	}
	t.Run("the target counts, where it has a host", func(t *testing.T) {
		a, _ := s.one("GET http://rebind.example.net/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
		assert.Equal(t, 421, a.StatusCode)
	})
	t.Run("HTTP/1.0 without a Host", func(t *testing.T) {
		a, _ := s.one("GET / HTTP/1.0\r\n\r\n")
		assert.Equal(t, 200, a.StatusCode)
	})
}
