package solutions_test

// The solution of lesson 12 finds the same bodies as package fetch.
//
//	go test ./solutions -run '^$' -fuzz FuzzBody -fuzztime 60s -fuzzminimizetime 10x

import (
	"bufio"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/fetch"
	solution "stepwise/solutions/12_fetch"
)

// stricter is what package fetch refuses, or takes, and the solution doesn't look at:
// what stands behind the last chunk, and in an extension; and how long a size is.
var stricter = regexp.MustCompile(`(?i)(^|\n)0+[ \t]*(;[^\n]*)?\r\n[^\r]|;[^\n]*[\x00-\x08\x0b-\x1f\x7f]|[0-9a-f]{17}`)

func FuzzBody(f *testing.F) {
	for _, body := range []string{
		"5\r\nhello\r\n0\r\n\r\nnext", "5\nhello\n0\n\n", "5\r\r\r\nhello\r\n0\r\n\r\n", "5 ;a=b\r\nhello\r\n0;z\r\n\r\n",
		"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "5\r\nhello\r\n7fffffffffffffff\r\nx", "5\r\nhello\r\n0\r\n" + strings.Repeat("A: b\r\n", 100) + "\r\n",
	} {
		f.Add("chunked", "", body)
		f.Add("Chunked", "5", body)
		f.Add("", "5", body)
	}
	f.Add("xchunked", "", "0\r\n\r\n")
	f.Add("gzip, chunked", "", "0\r\n\r\n")
	f.Fuzz(func(t *testing.T, coding, length, body string) {
		head := fetch.Head{Proto: "HTTP/1.1", Code: 200, Header: http.Header{}}
		if coding != "" {
			head.Header.Set("Transfer-Encoding", coding)
		}
		if length != "" {
			head.Header.Set("Content-Length", length)
		}
		ours, theirs := bufio.NewReader(strings.NewReader(body)), bufio.NewReader(strings.NewReader(body))
		got, err := solution.ReadBody(ours, http.MethodGet, head, 100)
		want, wantErr := fetch.ReadBody(theirs, http.MethodGet, head, 100)
		if stricter.MatchString(body) {
			return
		}
		require.Equal(t, wantErr == nil, err == nil, "%v, and %v", err, wantErr)
		if err != nil {
			return
		}
		require.Equal(t, string(want), string(got))
		rest, _ := io.ReadAll(ours)
		wantRest, _ := io.ReadAll(theirs)
		require.Equal(t, string(wantRest), string(rest))
	})
}
