package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestParse(t *testing.T) {
	good := map[string]fetch.Request{
		"http://127.0.0.1":            {Address: "127.0.0.1:80", Host: "127.0.0.1", Target: "/"},
		"http://127.0.0.1:8080/a?b=c": {Address: "127.0.0.1:8080", Host: "127.0.0.1:8080", Target: "/a?b=c"},
		"HTTP://localhost:81/#part":   {Address: "127.0.0.1:81", Host: "localhost:81", Target: "/"},
		"http://[::1]:90/a%20b":       {Address: "[::1]:90", Host: "[::1]:90", Target: "/a%20b"},
		"http://example.org?q":        {Address: "example.org:80", Host: "example.org", Target: "/?q"},
	}
	for rawURL, want := range good {
		t.Run(rawURL, func(t *testing.T) {
			got, err := fetch.Parse(rawURL)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

func TestBadURLs(t *testing.T) {
	urls := []string{
		"", "/", "127.0.0.1", "127.0.0.1:80/", "//127.0.0.1/", "http:", "http://", "http:///path", "http://:80/",
		"https://127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)",
		"http://user:pw@127.0.0.1/", "http://127.0.0.1:x/", "http://127.0.0.1:-1/", "http://[::1/", "http://127.0.0.1/%zz",
		"http://127.0.0.1/\r\nX: y", "http://127.0.0.1/a\nb", "http://127.0.0.1\r\n/", "http://127.0.0.1/\x00", "http://127.0.0.1/\x7f",
		"http://127.0.0.1/?q=\r\nX: y", "http://a b/", "http://a%0d%0ab/",
	}
	for _, rawURL := range urls {
		t.Run("B05_X10_"+rawURL, func(t *testing.T) {
			_, err := fetch.Parse(rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
			_, err = get(t, rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
		})
	}
	for _, rawURL := range []string{"http://127.0.0.1:65536/", "http://name.invalid/", "http://" + strings.Repeat("a", 100<<10)} {
		t.Run("B05_no_IP_address", func(t *testing.T) {
			_, err := get(t, rawURL)
			require.ErrorIs(t, err, fetch.ErrURL)
		})
	}
}

// get fetches on a loop of its own.
func get(t *testing.T, rawURL string) (*fetch.Response, error) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	v, err := task.Run(l, func(yield coro.Yield) (any, error) { return fetch.Get(yield, l, rawURL) })
	response, _ := v.(*fetch.Response)
	return response, err
}

func TestGetFromNetHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("X-Query", r.URL.RawQuery+" of "+r.Host)
			_, _ = w.Write(faulty.Pattern(1 << 20))
		case "/empty":
		case "/broken":
			http.Error(w, "sorry", http.StatusInternalServerError)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name, target string
		code         int
		body         string
	}{
		{"a_page", "/page?a=b", 200, string(faulty.Pattern(1 << 20))},
		{"empty", "/empty", 200, ""},
		{"X14_404", "/none", 404, "404 page not found\n"},
		{"X14_500", "/broken", 500, "sorry\n"},
		{"X10_an_escaped_line_end_stays_escaped", "/a%0d%0aX:%20y", 404, "404 page not found\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, err := get(t, server.URL+test.target)
			require.NoError(t, err)
			assert.Equal(t, test.code, response.Code)
			assert.True(t, strings.HasPrefix(response.Status, http.StatusText(test.code)) ||
				strings.HasSuffix(response.Status, http.StatusText(test.code)), response.Status)
			assert.True(t, test.body == string(response.Body), "%d bytes", len(response.Body))
			if test.name == "a_page" {
				assert.Equal(t, "a=b of "+host, response.Header.Get("X-Query"))
			}
		})
	}
}

func TestGetAnswers(t *testing.T) {
	tests := []struct {
		name, answer string
		body         string
		wrong        bool
	}{
		{"HTTP_1.0_ends_where_the_server_closes", "HTTP/1.0 200 OK\r\n\r\nall of it", "all of it", false},
		{"X01_the_body_is_too_short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "", true},
		{"X02_surplus_is_not_delivered", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234567", "12345", false},
		{"X04_negative_length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n12345", "", true},
		{"X04_huge_length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n12345", "", true},
		{"X04_two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\n12345", "", true},
		{"X05_chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nT: x\r\n\r\n", "abcd", false},
		{"X05_no_last_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "", true},
		{"X05_a_bad_size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", "", true},
		{"X06_the_head_does_not_end", "HTTP/1.1 200 OK\r\nA: b\r\n", "", true},
		{"X08_garbage", "this is no HTTP at all\r\n\r\n", "", true},
		{"X08_TLS", "\x16\x03\x01\x02\x00\x01\x00", "", true},
		{"X08_no_answer", "", "", true},
		{"B07_a_status_that_is_none", "HTTP/1.1 -20 What\r\n\r\n", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := faulty.HTTP(test.answer)
			defer server.Close()
			response, err := get(t, server.URL()+"x?y")
			if test.wrong {
				require.Error(t, err)
				assert.ErrorContains(t, err, "fetch "+server.Addr()+"/x?y: answer of ")
				assert.Nil(t, response)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.body, string(response.Body))
		})
	}
}

func TestGetFails(t *testing.T) {
	refused := faulty.Refused()
	defer refused.Close()
	reset := faulty.HTTPReset("HTTP/1.0 200 OK\r\n\r\npart")
	defer reset.Close()
	flood := faulty.HTTP(strings.Repeat("x", fetch.MaxBytes+1))
	defer flood.Close()
	tests := []struct {
		name   string
		server *faulty.Server
		want   error
		slow   bool
	}{
		{"C02_refused", refused, unix.ECONNREFUSED, false},
		{"Q04_a_reset_in_the_body", reset, unix.ECONNRESET, false},
		{"X06_a_flood", flood, sock.ErrTooLong, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.slow && testing.Short() {
				t.Skip("slow")
			}
			_, err := get(t, test.server.URL())
			require.ErrorIs(t, err, test.want)
		})
	}
}
