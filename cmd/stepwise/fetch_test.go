package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/pkg/faulty"
)

func TestFetch(t *testing.T) {
	page := string(faulty.Pattern(200_000))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(page))
	}))
	defer server.Close()
	refused := faulty.Refused()
	defer refused.Close()
	cut := faulty.HTTP("HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer cut.Close()

	cases := []struct {
		name   string
		urls   []string
		status int
		out    string
		err    string
	}{
		{"a page", []string{server.URL}, ok, page, ""},
		{"two pages, in order", []string{server.URL + "/missing", server.URL}, ok, "404 page not found\n" + page, "404 Not Found"},
		{"one of two refused", []string{refused.URL(), server.URL}, failed, page, "connection refused"},
		{"an answer that was cut off", []string{cut.URL()}, failed, "", "unexpected EOF"},
		{"no URL", nil, usage, "", "url"},
		{"a scheme that we don't speak", []string{"ftp://127.0.0.1/"}, usage, "", "want http://"},
		{"a line end in the URL", []string{"http://127.0.0.1/\r\nHost: x"}, usage, "", "control character"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := call(t, append([]string{"fetch"}, c.urls...)...)
			assert.Equal(t, c.status, status)
			assert.True(t, c.out == out, "got %d bytes, want %d", len(out), len(c.out))
			assert.Contains(t, err, c.err)
		})
	}
}
