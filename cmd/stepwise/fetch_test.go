package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
)

// pages serves /, /missing, and /big, which has 32 MB.
func pages(t *testing.T) (server *httptest.Server, page string) {
	page = string(faulty.Pattern(200_000))
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/missing":
			http.NotFound(w, r)
		case "/big":
			piece := bytes.Repeat([]byte("x"), 1<<20)
			for range 32 {
				_, _ = w.Write(piece)
			}
		default:
			_, _ = io.WriteString(w, page)
		}
	}))
	t.Cleanup(server.Close)
	return server, page
}

func TestFetch(t *testing.T) {
	server, page := pages(t)
	serve := func(s *faulty.Server) *faulty.Server {
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	refused := serve(faulty.Refused())
	cut := serve(faulty.HTTP("HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))
	trickle := serve(faulty.Drip("HTTP/1.0 200 OK\r\n\r\n"+strings.Repeat("x", 10_000), 10*time.Millisecond))
	sent := serve(faulty.HTTP("HTTP/1.1 302 Found\r\nLocation: http://b\u009b/\r\nContent-Length: 0\r\n\r\n"))

	cases := []struct {
		name   string
		args   []string
		status int
		out    string
		err    string
	}{
		{"a page", []string{server.URL}, ok, page, ""},
		{"X14 two pages, in order", []string{server.URL + "/missing", server.URL}, ok, "404 page not found\n" + page, "404 Not Found"},
		{"one at a time", []string{"--concurrency", "1", server.URL + "/missing", server.URL}, ok, "404 page not found\n" + page, "404 Not Found"},
		{"X13 one of two refused", []string{refused.URL(), server.URL}, failed, page, "connection refused"},
		{"a name, which leads to an address", []string{strings.Replace(server.URL, "127.0.0.1", "localhost", 1)}, ok, page, ""},
		{"the same URL twice", []string{server.URL, server.URL}, ok, page + page, ""},
		{"an answer that was cut off", []string{cut.URL()}, failed, "half", "after 4 bytes of the body: unexpected EOF"},
		{"X11 a timeout, though bytes trickle", []string{"--timeout", "200ms", "http://" + trickle.Addr(), server.URL}, failed, "", "timed out after 200ms"},
		{"a limit", []string{"--max-bytes", "199999", server.URL}, failed, page[:199_999], "longer than the limit"},
		{"a limit that is just reached", []string{"--max-bytes", "200000", server.URL}, ok, page, ""},
		{"no URL", nil, usage, "", "url"},
		{"a scheme that we don't speak", []string{"ftp://127.0.0.1/"}, usage, "", "want http://"},
		{"no scheme", []string{"127.0.0.1:80"}, usage, "", `stepwise: "127.0.0.1:80": no http:// before it: try "http://127.0.0.1:80": want http://HOST`},
		{"a name and a port", []string{"localhost:8000/page"}, usage, "", `try "http://localhost:8000/page"`},
		{"a host that has no ASCII form", []string{"http://a\u009bb/"}, usage, "", `"http://a\u009bb/": the host can't be written in ASCII: idna: disallowed rune U+009B`},
		{"a host in digits of another script", []string{strings.Replace(server.URL, "127", "１２７", 1)}, ok, page, ""},
		{"a path with a space", []string{server.URL + "/a page"}, ok, page, ""},
		{"localhost with a dot", []string{strings.Replace(server.URL, "127.0.0.1", "localhost.", 1)}, ok, page, ""},
		{"sent to a host beyond ASCII", []string{sent.URL()}, failed, "", `sent on to "http://b\u009b/": the host has letters beyond ASCII`},
		{"X10 a line end in the URL", []string{"http://127.0.0.1/\r\nHost: x"}, usage, "", "control character"},
		{"B05 a URL of 100 KB", []string{"http://" + strings.Repeat("a", 100<<10)}, failed, "", ""},
		{"B04 an invalid timeout", []string{"--timeout", "soon", server.URL}, usage, "", "soon"},
		{"B04 a negative timeout", []string{"--timeout=-1s", server.URL}, usage, "", "--timeout -1s is negative: want a time such as 10s"},
		{"B04 nobody may fetch", []string{"--concurrency", "0", server.URL}, usage, "", "1 or more"},
		{"B04 a negative limit", []string{"--max-bytes=-1", server.URL}, usage, "", "--max-bytes -1 is negative: want 1 or more, or 0"},
		{"B04 no certificate in the file", []string{"--cacert", "fetch_test.go", server.URL}, usage, "", "no certificate in it: want a PEM file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := call(t, append([]string{"fetch"}, c.args...)...)
			assert.Equal(t, c.status, status, err)
			if !strings.Contains(c.name, "trickle") {
				assert.True(t, c.out == out, "got %d bytes, want %d", len(out), len(c.out))
			}
			assert.Contains(t, err, c.err)
			assert.LessOrEqual(t, strings.Count(err, "fetch: "), 1, err)
		})
	}
}

// TestFetchStalled: what came in time is there, if the timeout leaves it any.
func TestFetchStalled(t *testing.T) {
	stalled := faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer stalled.Close()
	for limit := 200 * time.Millisecond; ; limit *= 2 {
		status, out, err := call(t, "fetch", "--timeout", limit.String(), "http://"+stalled.Addr())
		require.Equal(t, failed, status)
		require.Contains(t, err, "timed out after "+limit.String())
		if out != "" {
			require.Equal(t, "half", out)
			return
		}
	}
}

// TestFetchWords checks that a server's words can't control a terminal or break a
// line of JSON.
func TestFetchWords(t *testing.T) {
	const evil = "\u009b2J\x9b2J\u202e"
	for name, raw := range map[string]string{
		"a reason":          "HTTP/1.1 404 " + evil + "\r\nContent-Length: 0\r\n\r\n",
		"a control in one":  "HTTP/1.1 404 \x1b[2J\r\nContent-Length: 0\r\n\r\n",
		"another protocol":  "HTTP/1.1 101 " + evil + "\r\n\r\n",
		"a host sent to":    "HTTP/1.1 302 Found\r\nLocation: http://" + evil + "/\r\n\r\n",
		"a path sent to":    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/" + evil + "\r\n\r\n",
		"a coding":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + evil + "\r\n\r\n",
		"a body's chunk":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + evil + "\r\n",
		"nothing of HTTP's": evil + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := faulty.HTTP(raw)
			defer server.Close()
			_, out, complaint := call(t, "fetch", server.URL())
			assert.Empty(t, out)
			assert.NotEmpty(t, complaint)
			assertPlain(t, complaint)
			_, out, complaint = call(t, "fetch", "--json", server.URL())
			assert.Empty(t, complaint)
			assertPlain(t, out)
			assert.True(t, json.Valid([]byte(out)), out)
		})
	}
	t.Run("the reason is told, quoted", func(t *testing.T) {
		server := faulty.HTTP("HTTP/1.1 404 not \u009b here\r\nContent-Length: 0\r\n\r\n")
		defer server.Close()
		_, _, complaint := call(t, "fetch", server.URL())
		assert.Equal(t, "stepwise: fetch "+server.URL()+`: the status is "404 not \u009b here"`+"\n", complaint)
	})
	t.Run("JSON keeps the URL as it was given", func(t *testing.T) {
		server := faulty.HTTP("HTTP/1.1 204 No Content\r\n\r\n")
		defer server.Close()
		given := server.URL() + "?\u009b\u202e\U000e0041<é"
		_, out, _ := call(t, "fetch", "--json", given)
		assertPlain(t, out)
		var line struct{ URL string }
		require.NoError(t, json.Unmarshal([]byte(out), &line))
		assert.Equal(t, given, line.URL)
	})
}

// assertPlain fails t for text that a terminal might obey.
func assertPlain(t *testing.T, text string) {
	t.Helper()
	odd := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	assert.True(t, utf8.ValidString(text) && !strings.ContainsFunc(text, odd), "%q", text)
}

func TestFetchPasswords(t *testing.T) {
	for _, command := range [][]string{{"fetch"}, {"fetch", "--json"}, {"trace", "fetch"}} {
		for _, url := range []string{"http://user:xyzzy@127.0.0.1:1/", "http://user:xyzzy@127.0.0.1:x/", "user:xyzzy@127.0.0.1", "http://user:xyzzy@bücher.example/"} {
			status, out, complaint := call(t, append(command, url)...)
			assert.Equal(t, usage, status)
			assert.Empty(t, out)
			assert.Contains(t, complaint, "xxxxx@")
			assert.NotContains(t, complaint, "xyzzy")
		}
	}
	for _, command := range [][]string{nil, {"trace"}, {"run"}, {"site"}, {"--course", t.TempDir(), "run"}} {
		for _, url := range []string{"http://user:xyzzy@127.0.0.1:1/", "https://user:a@xyzzy@127.0.0.1"} {
			status, out, complaint := call(t, append(slices.Clone(command), url)...)
			assert.Equal(t, usage, status, "it takes no URL")
			assert.Contains(t, out+complaint, "://xxxxx@127.0.0.1")
			assert.NotContains(t, out+complaint, "xyzzy")
		}
	}
	for _, flags := range [][]string{{"fetch"}, {"fetch", "--json"}} {
		server := faulty.HTTP("HTTP/1.1 302 Found\r\nLocation: http://user:xyzzy@127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
		status, out, complaint := call(t, append(flags, server.URL())...)
		assert.Equal(t, failed, status)
		assert.Contains(t, out+complaint, "xxxxx@")
		assert.NotContains(t, out+complaint, "xyzzy")
		require.NoError(t, server.Close())
	}
}

func TestFetchTarget(t *testing.T) {
	for _, test := range []struct{ name, given, want string }{
		{"ASCII stays", "http://Example.org:81/a b?c#d", "http://Example.org:81/a b?c#d"},
		{"letters", "http://Bücher.example/", "http://xn--bcher-kva.example/"},
		{"a port", "https://bücher.example:8443", "https://xn--bcher-kva.example:8443"},
		{"what follows stays", "http://bücher.example/ü b%2Fc?ü#ü", "http://xn--bcher-kva.example/ü b%2Fc?ü#ü"},
		{"a query behind the host", "http://bücher.example?q", "http://xn--bcher-kva.example?q"},
		{"escapes", "http://b%C3%BCcher.example/x", "http://xn--bcher-kva.example/x"},
		{"another script", "http://例え.テスト/", "http://xn--r8jz45g.xn--zckzah/"},
		{"sharp s is a letter of its own", "http://straße.example/", "http://xn--strae-oqa.example/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := target(test.given)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
	for name, given := range map[string]string{"a control": "http://a\u009b/", "no UTF-8": "http://a\xff/", "turns round": "http://a\u202eb/", "a slash of another kind": "http://a\uff0fb/", "no URL": "ü"} {
		t.Run(name, func(t *testing.T) {
			_, err := target(given)
			require.Error(t, err)
			assertPlain(t, err.Error())
		})
	}
}

func TestFetchRedirects(t *testing.T) {
	plain, page := pages(t)
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	status, _, complaint := call(t, "fetch", "--cacert", certificateOf(t, secure), secure.URL)
	assert.Equal(t, failed, status)
	assert.Contains(t, complaint, "an https page sends us on to http; --redirect-to-http follows it\n")
	status, out, _ := call(t, "fetch", "--redirect-to-http", "--cacert", certificateOf(t, secure), secure.URL)
	assert.Equal(t, ok, status)
	assert.True(t, page == out)

	assert.Equal(t, "; --redirect-to-private follows it", advice(fmt.Errorf("x: %w", fetch.ErrPrivate)))
	for _, allowed := range []bool{false, true} {
		c := fetchFlags{ToPrivate: allowed}
		assert.Equal(t, allowed, c.client(nil).RedirectToPrivate)
	}
}

// certificateOf returns a file with the server's certificate.
func certificateOf(t *testing.T, server *httptest.Server) string {
	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, certificate, 0o600))
	return file
}

// TestFetchJSON_B06 checks that the lines stay valid with odd bytes from a server.
func TestFetchJSON_B06(t *testing.T) {
	server, page := pages(t)
	refused := faulty.Refused()
	defer refused.Close()
	odd := faulty.HTTP("HTTP/1.1 200 \"\xff\x00\"\r\nX: \xff\"\r\nContent-Length: 3\r\n\r\n\x00\xff\"")
	defer odd.Close()
	urls := []string{server.URL, server.URL + "/missing", refused.URL(), server.URL + "/big", odd.URL()}
	status, out, _ := call(t, append([]string{"fetch", "--json"}, urls...)...)
	assert.Equal(t, failed, status)

	sum := func(body string) string { s := sha256.Sum256([]byte(body)); return hex.EncodeToString(s[:]) }
	type line struct {
		URL    string
		Status int
		Bytes  int64
		SHA256 string
		Error  string
		MS     *int64
	}
	var lines []line
	for text := range strings.Lines(out) {
		var l line
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&l), text)
		require.NotNil(t, l.MS)
		lines = append(lines, l)
	}
	require.Len(t, lines, len(urls))
	for i, l := range lines {
		assert.Equal(t, urls[i], l.URL, "in the order of the arguments")
	}
	assert.Equal(t, line{urls[0], 200, int64(len(page)), sum(page), "", lines[0].MS}, lines[0])
	assert.Equal(t, 404, lines[1].Status)
	assert.Contains(t, lines[2].Error, "connection refused")
	assert.Zero(t, lines[2].Status)
	assert.EqualValues(t, 32<<20, lines[3].Bytes)
}

// TestFetchBoundsMemory fetches bodies of 64 MB, which must not be held in memory.
func TestFetchBoundsMemory(t *testing.T) {
	server, _ := pages(t)
	for _, flags := range [][]string{{"--json"}, nil} {
		args := append(append([]string{"fetch"}, flags...), server.URL+"/big", server.URL+"/big")
		most := int64(0)
		peak := writer(func(p []byte) (int, error) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, int64(m.HeapAlloc))
			return len(p), nil
		})
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		require.Equal(t, ok, run(t.Context(), args, streams{Out: peak, Err: io.Discard}))
		assert.Less(t, most-int64(before.HeapAlloc), int64(24<<20), "%v", flags)
	}
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestFetchConcurrency(t *testing.T) {
	var now, most atomic.Int32
	first, arrived := make(chan struct{}), make(chan struct{}, 20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if r.URL.Path != "/first" {
			<-first
			arrived <- struct{}{}
			return
		}
		close(first) // it stays open until two more have come and gone
		<-arrived
		<-arrived
	}))
	defer server.Close()
	args := []string{"fetch", "--concurrency", "2", server.URL + "/first"}
	for range 8 {
		args = append(args, server.URL+"/")
	}
	status, _, complaint := call(t, args...)
	require.Equal(t, ok, status, complaint)
	require.EqualValues(t, 2, most.Load(), "X12: real, and kept")
}

func TestFetchTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") }))
	defer server.Close()
	status, out, complaint := call(t, "fetch", "--cacert", certificateOf(t, server), server.URL)
	require.Equal(t, ok, status, complaint)
	require.Equal(t, "secret", out)
	status, _, complaint = call(t, "fetch", server.URL)
	require.Equal(t, failed, status)
	require.Contains(t, complaint, "certificate")
}

func TestFetchOutputLost(t *testing.T) {
	server, _ := pages(t)
	full := errors.New("no space left on device")
	for _, args := range [][]string{{"fetch", server.URL}, {"fetch", "--json", server.URL}, {"fetch", server.URL + "/big", server.URL}} {
		var complaint strings.Builder
		out := writer(func([]byte) (int, error) { return 0, full })
		assert.Equal(t, failed, run(context.Background(), args, streams{Out: out, Err: &complaint}), "X15 %v", args)
		assert.Contains(t, complaint.String(), "print what was fetched: no space left on device")
	}
}
