package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// pages serves /, /missing, and /big of 32 MB.
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
	stalled := serve(faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))
	quick := "http://" + stalled.Addr()

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
		{"a timeout of a server that stalls", []string{"--timeout", "200ms", quick}, failed, "half", "timed out after 200ms"},
		{"a limit", []string{"--max-bytes", "199999", server.URL}, failed, page[:199_999], "longer than the limit"},
		{"a limit that is just reached", []string{"--max-bytes", "200000", server.URL}, ok, page, ""},
		{"no URL", nil, usage, "", "url"},
		{"a scheme that we don't speak", []string{"ftp://127.0.0.1/"}, usage, "", "want http://"},
		{"X10 a line end in the URL", []string{"http://127.0.0.1/\r\nHost: x"}, usage, "", "control character"},
		{"B05 a URL of 100 KB", []string{"http://" + strings.Repeat("a", 100<<10)}, failed, "", ""},
		{"B04 a timeout that is none", []string{"--timeout", "soon", server.URL}, usage, "", "soon"},
		{"B04 a negative timeout", []string{"--timeout=-1s", server.URL}, usage, "", "negative"},
		{"B04 nobody may fetch", []string{"--concurrency", "0", server.URL}, usage, "", "1 or more"},
		{"B04 a negative limit", []string{"--max-bytes=-1", server.URL}, usage, "", "negative"},
		{"B04 no certificate in the file", []string{"--cacert", "fetch_test.go", server.URL}, usage, "", "no certificate"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := call(t, append([]string{"fetch"}, c.args...)...)
			assert.Equal(t, c.status, status, err)
			if !strings.Contains(c.name, "trickle") {
				assert.True(t, c.out == out, "got %d bytes, want %d", len(out), len(c.out))
			}
			assert.Contains(t, err, c.err)
		})
	}
}

// TestFetchJSON_B06: odd bytes of a server leave the lines valid.
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

// TestFetchBoundsMemory: the bodies are 64 MB, and pass through.
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
	arrived := make(chan struct{}, 20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		arrived <- struct{}{}
		if r.URL.Path == "/first" { // it stays until two more have come and gone
			<-arrived
			<-arrived
			<-arrived
		}
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
	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, certificate, 0o600))
	status, out, complaint := call(t, "fetch", "--cacert", file, server.URL)
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
