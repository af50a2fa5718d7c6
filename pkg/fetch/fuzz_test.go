package fetch_test

// Bytes that nobody thought of. Nothing panics, nothing takes more memory than
// its limit, and what package net/http refuses is refused here, but for what
// stands in lenient.
//
//	go test ./pkg/fetch -run '^$' -fuzz FuzzAnswer -fuzztime 60s -fuzzminimizetime 10x

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/fetch"
)

const fuzzLimit = 1 << 12 // of a body

func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 101 \u009b2J\r\n\r\n"), false)
	for _, a := range answers {
		if len(a.answer) < 1<<12 {
			f.Add([]byte(a.answer), false)
			f.Add([]byte(a.answer), true)
		}
	}
	f.Fuzz(func(t *testing.T, answer []byte, head bool) { judge(t, answer, head) })
}

func FuzzChunks(f *testing.F) {
	for _, a := range answers {
		if chunks, found := strings.CutPrefix(a.answer, inChunks); found && len(chunks) < 1<<12 {
			f.Add([]byte(chunks))
		}
	}
	f.Fuzz(func(t *testing.T, chunks []byte) { judge(t, append([]byte(inChunks), chunks...), false) })
}

// judge reads an answer, and has net/http read it too where it was accepted.
func judge(t *testing.T, answer []byte, onlyHead bool) {
	method := http.MethodGet
	if onlyHead {
		method = http.MethodHead
	}
	r := bufio.NewReaderSize(bytes.NewReader(answer), 512)
	head, err := fetch.ReadHead(r)
	if err != nil {
		require.Zero(t, head)
		assertPlain(t, err.Error())
		return
	}
	require.Regexp(t, `^HTTP/1\.[0-9]$`, head.Proto)
	require.True(t, head.Code >= 200 && head.Code <= 999, head.Code)
	require.False(t, strings.ContainsFunc(head.Status, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }), "%q", head.Status)
	body, err := fetch.ReadBody(r, method, head, fuzzLimit)
	require.LessOrEqual(t, len(body), fuzzLimit)
	require.LessOrEqual(t, cap(body), 4*fuzzLimit)
	if err != nil {
		assertPlain(t, err.Error())
		return
	}
	theirs, err := theirBody(answer, method)
	bodiless := onlyHead || head.Code == 204 || head.Code == 304
	if err != nil && (bodiless || lenient(answer)) {
		return
	}
	require.NoError(t, err, "net/http refuses %q", answer)
	require.Equal(t, string(theirs), string(body), "of %q", answer)
}

func theirBody(answer []byte, method string) ([]byte, error) {
	r := bufio.NewReaderSize(bytes.NewReader(answer), len(answer)+16)
	for {
		response, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return nil, err
		}
		if response.StatusCode/100 != 1 {
			return io.ReadAll(response.Body)
		}
	}
}

// What RFC 9112 allows and net/http refuses: where there is no body, anything that
// is said of its end (6.3); a space between a chunk's size and
// what is added to it (7.1.1); and behind the last chunk a line end without its \r (2.2).
var allowed = []*regexp.Regexp{
	regexp.MustCompile(`[0-9A-Fa-f][ \t]+;`),
	regexp.MustCompile(`(?s)\r\n0+[ \t]*(;[^\n]*)?\r\n(.*[^\r])?\n`),
}

func lenient(answer []byte) bool {
	for _, a := range allowed {
		if a.Match(answer) {
			return true
		}
	}
	return false
}

func FuzzURL(f *testing.F) {
	for _, target := range targets {
		f.Add("http://127.0.0.1" + target.written)
		f.Add(target.written)
	}
	for _, raw := range []string{"https://[fe80::1%25eth0]:8443/", "http://user:pw@h/", "127.0.0.1:80", "http://bücher.example/", "http://h:/?%", "//h/..", "http://h#f"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := fetch.Parse(raw)
		if err != nil {
			require.ErrorIs(t, err, fetch.ErrURL)
			require.Nil(t, u)
			judgeRefusal(t, raw, err)
			return
		}
		plain, err := url.Parse(raw)
		require.NoError(t, err)
		require.Equal(t, plain.Path, u.Path, "encoding leaves the meaning")
		require.Equal(t, plain.Host, u.Host)
		judgeURL(t, u)
	})
}

// judgeRefusal: what stands before an @ may be a password.
func judgeRefusal(t *testing.T, raw string, err error) {
	assertPlain(t, err.Error())
	at := strings.LastIndex(raw, "@")
	if at < 0 {
		return
	}
	said, ends := strings.CutSuffix(err.Error(), ": "+fetch.ErrPassword.Error()+": "+fetch.ErrURL.Error())
	require.True(t, ends, err)
	said, err = strconv.Unquote(said)
	require.NoError(t, err)
	said, ends = strings.CutSuffix(said, "xxxxx"+raw[at:])
	require.True(t, ends, said)
	require.Contains(t, []string{"", "http://", "https://"}, strings.ToLower(said))
}

var (
	targetForm = regexp.MustCompile(`^/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$`)
	hostForm   = regexp.MustCompile(`^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$`)
)

// judgeURL: it fits into a request line, and comes back the same.
func judgeURL(t *testing.T, u *url.URL) {
	require.Nil(t, u.User)
	require.Contains(t, []string{"http", "https"}, u.Scheme)
	require.Regexp(t, targetForm, u.RequestURI())
	if !strings.Contains(u.Host, "%") { // a zone, which no server sees
		require.Regexp(t, hostForm, strings.TrimSuffix(strings.TrimSuffix(u.Host, u.Port()), ":"))
	}
	again, err := fetch.Parse(u.String())
	require.NoError(t, err)
	require.Equal(t, u.RequestURI(), again.RequestURI())
	require.Equal(t, u.Host, again.Host)
}
