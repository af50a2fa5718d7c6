package fetch_test

// What is asked for, as the server sees it, and what is refused before anybody is
// asked. Both entrances are tried: the caller's URL, and the Location of an answer.

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
)

func TestParse(t *testing.T) {
	for _, rawURL := range []string{"http://127.0.0.1", "http://127.0.0.1:", "http://127.0.0.1:1", "http://127.0.0.1:65535", "http://127.0.0.1:080", "http://127.0.0.1:8080/a?b=c", "HTTP://localhost:81/#part",
		"http://[::1]:90/a%20b", "http://example.org?q", "https://example.org/", "http://some_host.example./", "http://127.0.0.1/a@b:c",
		"http://[fe80::1%25eth0]/", "http://xn--bcher-kva.example/"} {
		t.Run(rawURL, func(t *testing.T) {
			u, err := fetch.Parse(rawURL)
			require.NoError(t, err)
			assert.NotEmpty(t, u.Hostname())
		})
	}
}

func TestBadURLs(t *testing.T) {
	for _, test := range []struct{ rawURL, says string }{
		{"", `"": no http:// before it: want http://HOST`},
		{"/", `"/": no http:// before it: want`},
		{"127.0.0.1", `try "http://127.0.0.1"`},
		{"127.0.0.1:80", `"127.0.0.1:80": no http:// before it: try "http://127.0.0.1:80"`},
		{"127.0.0.1:80/", `try "http://127.0.0.1:80/"`},
		{"localhost:8000/a?b", `try "http://localhost:8000/a?b"`},
		{"[::1]:8000", `try "http://[::1]:8000"`},
		{"example.org", `try "http://example.org"`},
		{"//127.0.0.1/", `try "http://127.0.0.1/"`},
		{"http:", `"http:": no host in it`},
		{"http://", "no host in it"},
		{"http:///path", "no host in it"},
		{"http://:80/", "no host in it"},
		{"ftp://127.0.0.1/", `the scheme is "ftp"`},
		{"file:///etc/passwd", `the scheme is "file"`},
		{"javascript:alert(1)", "no http:// before it: want"},
		{"http://127.0.0.1:x/", `invalid port ":x"`},
		{"http://127.0.0.1:-1/", "invalid port"},
		{"http://127.0.0.1:0/", `the port is "0", and not a number from 1 to 65535`},
		{"http://127.0.0.1:65536/", `the port is "65536", and not a number`},
		{"http://[::1]:18446744073709551617/", "the port is"},
		{"http://[::1/", "missing ']'"},
		{"http://[::g]/", "::g"},
		{"http://127.0.0.1/%zz", `invalid URL escape "%zz"`},
		{"http://127.0.0.1/100%", `invalid URL escape "%"`},
		{"http://127.0.0.1/\r\nX: y", "control character"},
		{"http://127.0.0.1/a\nb", "control character"},
		{"http://127.0.0.1\r\n/", "control character"},
		{"http://127.0.0.1/\x00", "control character"},
		{"http://127.0.0.1/\x7f", "control character"},
		{"http://127.0.0.1/?q=\r\nX: y", "control character"},
		{"http://a b/", `invalid character " " in host name`},
		{"http://a%0d%0ab/", "invalid URL escape"},
		{"http://a\"b/", `the host is "a\"b"`},
		{"http://a,b;c/", `the host is "a,b;c"`},
		{"http://a~b/", `the host is "a~b"`},
	} {
		t.Run("B05_X10_"+test.rawURL, func(t *testing.T) {
			_, err := fetch.Parse(test.rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
			assert.ErrorContains(t, err, test.says)
			_, err = get(t, test.rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
			assert.ErrorContains(t, err, "fetch ")
			assert.Equal(t, 1, strings.Count(err.Error(), "fetch"))
		})
	}
	t.Run("B05_a_name_of_100_KB", func(t *testing.T) {
		_, err := get(t, "http://"+strings.Repeat("a", 100<<10))
		var wrong *net.DNSError
		require.ErrorAs(t, err, &wrong)
	})
}

// TestPasswordsQuoted: the rest of the URL is repeated.
func TestPasswordsQuoted(t *testing.T) {
	for rawURL, quoted := range map[string]string{
		"HTTP://user:pw@h/a": `"HTTP://xxxxx@h/a"`, "http://user:a@b@h/": `"http://xxxxx@h/"`, "ftp://user:pw@h/": `"xxxxx@h/"`, "user@h": `"xxxxx@h"`,
	} {
		_, err := fetch.Parse(rawURL)
		require.ErrorContains(t, err, quoted+": the part before an @ may be a password")
	}
}

// TestHostsBeyondASCII: whoever calls decides how such a name is looked up.
func TestHostsBeyondASCII(t *testing.T) {
	for name, host := range map[string]string{
		"a_letter": "bücher.example", "as_escapes": "b%C3%BCcher.example", "a_control": "a\u009b2J.example", "no_UTF-8": "a\xff", "upside_down": "a\u202eb",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch.Parse("http://" + host + "/")
			require.ErrorIs(t, err, fetch.ErrHostASCII)
			require.ErrorIs(t, err, fetch.ErrURL)
			assertPlain(t, err.Error())

			_, _, err = fetchBy(t, fetch.Client{}, redirectTo(t, "http://"+host+"/"))
			require.ErrorIs(t, err, fetch.ErrHostASCII)
			assertPlain(t, err.Error())
		})
	}
}

// TestPasswords: what may be one is not repeated, whichever way it is refused.
func TestPasswords(t *testing.T) {
	for _, rawURL := range []string{
		"http://user:xyzzy@127.0.0.1/", "http://xyzzy@127.0.0.1/", "https://user:xyzzy@[::1]:80/", "HTTP://user:xyzzy@127.0.0.1/",
		"http://user:xyzzy@127.0.0.1:x/", "http://user:xyzz/xyzzy@127.0.0.1/", "http://user:xyzzy?x@127.0.0.1/",
		"http://user:xyzzy#x@127.0.0.1/", "http://user:%zxyzzy@127.0.0.1/", "http://user:xyzz@xyzzy@127.0.0.1/",
		"http://user:xyzzy://x@127.0.0.1/", "user:xyzzy@127.0.0.1", "user:xyzzy@127.0.0.1/path", "//user:xyzzy@127.0.0.1/",
		"ftp://user:xyzzy@127.0.0.1/", "xyzzy://x@127.0.0.1/", "http://user:xyzz fish@xyzzy@h/", "http://user:xyzzy\x01@127.0.0.1/", "//h#:xyzzy@", `http://h"xyzzy/@h`,
	} {
		t.Run(rawURL, func(t *testing.T) {
			_, err := fetch.Parse(rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
			require.ErrorIs(t, err, fetch.ErrPassword)
			assert.NotContains(t, err.Error(), "xyz")
			assert.ErrorContains(t, err, "xxxxx@")
			_, err = get(t, rawURL)
			require.ErrorIs(t, err, fetch.ErrPassword)
			assert.NotContains(t, err.Error(), "xyz")
			if !strings.Contains(rawURL, "//") || strings.ContainsAny(rawURL, "\x01") || strings.HasPrefix(rawURL, "//h#") {
				return // as a Location it is a path, or a fragment, or no header at all
			}
			_, _, err = fetchBy(t, fetch.Client{}, redirectTo(t, rawURL))
			require.ErrorIs(t, err, fetch.ErrPassword)
			assert.NotContains(t, err.Error(), "xyz")
		})
	}
}

// targets are what is asked for, and what stands in the request line then.
var targets = []struct{ name, written, asked string }{
	{"plain", "/a/b;c=d?e=f&g=h", "/a/b;c=d?e=f&g=h"},
	{"a_space_in_the_path", "/a b", "/a%20b"},
	{"a_space_in_the_query", "/?q=a b", "/?q=a%20b"},
	{"an_escape_stays_beside_a_space", "/a b%2Fc%20", "/a%20b%2Fc%20"},
	{"an_escape_stays_in_the_query", "/?q=a b%26c", "/?q=a%20b%26c"},
	{"what_RFC_3986_has_no_place_for", `/"<>\^{|}[]` + "`", "/%22%3C%3E%5C%5E%7B%7C%7D%5B%5D%60"},
	{"the_same_in_the_query", `/?"<>\^{|}[]` + "`", "/?%22%3C%3E%5C%5E%7B%7C%7D%5B%5D%60"},
	{"what_it_has_a_place_for", "/-._~!$&'()*+,;=:@?/?-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@?/?-._~!$&'()*+,;=:@"},
	{"letters_beyond_ASCII", "/é?é", "/%C3%A9?%C3%A9"},
	{"bytes_that_are_no_UTF-8", "/\xff?\xff", "/%FF?%FF"},
	{"C1_controls", "/\u009b?\u009b", "/%C2%9B?%C2%9B"},
	{"a_percent_sign_in_the_query", "/?100%&%zz%4", "/?100%25&%25zz%254"},
	{"no_fragment", "/a?b#c d", "/a?b"},
	{"an_empty_query", "/a?", "/a?"},
	{"two_slashes", "//a//b", "//a//b"},
}

func TestRequestLine(t *testing.T) {
	for _, test := range targets {
		t.Run(test.name, func(t *testing.T) {
			server := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			rawURL := strings.TrimSuffix(server.URL(), "/") + test.written
			_, _, err := fetchBy(t, fetch.Client{}, rawURL)
			require.NoError(t, err)
			line, _, _ := strings.Cut(received(t, server, 0), "\r\n")
			assert.Equal(t, "GET "+test.asked+" HTTP/1.1", line)

			_, _, err = fetchBy(t, fetch.Client{}, redirectTo(t, rawURL))
			require.NoError(t, err)
			line, _, _ = strings.Cut(received(t, server, 1), "\r\n")
			assert.Equal(t, "GET "+test.asked+" HTTP/1.1", line, "after a redirect")
		})
	}
	t.Run("no_path", func(t *testing.T) {
		server := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		_, _, err := fetchBy(t, fetch.Client{}, strings.TrimSuffix(server.URL(), "/")+"?q")
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(received(t, server, 0), "GET /?q HTTP/1.1\r\n"))
	})
}

// TestRelativeLocations: an escape in one is kept, and so is a space.
func TestRelativeLocations(t *testing.T) {
	for location, asked := range map[string]string{"a b%2Fc": "/dir/a%20b%2Fc", "/x y?z z": "/x%20y?z%20z", "?q=1 2": "/dir/from?q=1%202", "../up": "/up", "/@user": "/@user", "//%s/é": "/%C3%A9"} {
		t.Run(location, func(t *testing.T) {
			server := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			location = strings.Replace(location, "%s", server.Addr(), 1)
			first := oneAnswer(t, "HTTP/1.1 302 Found\r\nLocation: "+location+"\r\nContent-Length: 0\r\n\r\n")
			visits := 0
			client := fetch.Client{Dial: func(yield coro.Yield, _ string) (*sock.Socket, error) {
				visits++
				return sock.Connect(yield, []string{first.Addr(), server.Addr()}[visits-1])
			}}
			_, _, err := fetchBy(t, client, first.URL()+"dir/from")
			require.NoError(t, err)
			line, _, _ := strings.Cut(received(t, server, 0), "\r\n")
			assert.Equal(t, "GET "+asked+" HTTP/1.1", line)
		})
	}
}

// TestHost: where is dialed, and what the server is told of it.
func TestHost(t *testing.T) {
	for _, test := range []struct{ name, host, dialed, told string }{
		{"a_name", "example.org", "example.org:80", "example.org"},
		{"a_port", "example.org:8080", "example.org:8080", "example.org:8080"},
		{"the_usual_port_as_it_is_written", "example.org:80", "example.org:80", "example.org:80"},
		{"a_colon_without_a_port", "example.org:", "example.org:80", "example.org"},
		{"IPv4_and_a_colon", "127.0.0.1:", "127.0.0.1:80", "127.0.0.1"},
		{"IPv6", "[::1]", "[::1]:80", "[::1]"},
		{"IPv6_and_a_colon", "[::1]:", "[::1]:80", "[::1]"},
		{"a_zone_is_ours_alone", "[fe80::1%25eth0]", "[fe80::1%eth0]:80", "[fe80::1]"},
		{"a_zone_and_a_port", "[fe80::1%25eth0]:81", "[fe80::1%eth0]:81", "[fe80::1]:81"},
		{"the_dot_of_an_absolute_name", "example.org.", "example.org.:80", "example.org."},
		{"localhost_with_a_dot_is_this_machine", "LocalHost.", "localhost:80", "LocalHost."},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			var dialed string
			client := fetch.Client{Dial: func(yield coro.Yield, address string) (*sock.Socket, error) {
				dialed = address
				return sock.Connect(yield, server.Addr())
			}}
			_, _, err := fetchBy(t, client, "http://"+test.host+"/page")
			require.NoError(t, err)
			assert.Equal(t, test.dialed, dialed)
			assert.Equal(t, "GET /page HTTP/1.1\r\nHost: "+test.told+"\r\nConnection: close\r\nAccept: */*\r\nUser-Agent: stepwise\r\n\r\n", received(t, server, 0))
		})
	}
	t.Run("localhost_with_a_dot_is_found", func(t *testing.T) {
		server := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
		body, _, err := fetchBy(t, fetch.Client{}, strings.Replace(server.URL(), "127.0.0.1", "localhost.", 1))
		require.NoError(t, err)
		assert.Equal(t, "x", body)
	})
}
