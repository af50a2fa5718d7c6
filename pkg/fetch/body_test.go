package fetch_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
)

// TestOneAnswerAfterTheOther: what is read of an answer is all of it, and nothing
// of the next one, however the bytes come.
func TestOneAnswerAfterTheOther(t *testing.T) {
	answers := []struct{ name, method, raw, body string }{
		{"X02_a_length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
		{"X02_no_bytes", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
		{"X05_chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"},
		{"X16_chunks_with_extensions", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c\r\nhello\r\n0;z\r\n\r\n", "hello"},
		{"X17_trailers", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n", "hello"},
		{"X21_HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ""},
		{"X21_HEAD_of_chunks", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ""},
		{"X21_no_content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", ""},
		{"X21_not_modified", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", ""},
		{"X07_interim_answers", "GET", "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
		{"X22_the_last_one_ends_with_the_stream", "GET", "HTTP/1.0 200 OK\r\n\r\nhello", "hello"},
	}
	var all strings.Builder
	for _, a := range answers {
		all.WriteString(a.raw)
	}
	for name, r := range map[string]io.Reader{
		"at_once":              strings.NewReader(all.String()),
		"a_byte_at_a_time":     iotest.OneByteReader(strings.NewReader(all.String())),
		"the_end_with_the_end": iotest.DataErrReader(strings.NewReader(all.String())),
	} {
		t.Run(name, func(t *testing.T) {
			r := bufio.NewReaderSize(r, 16)
			for _, a := range answers {
				head, err := fetch.ReadHead(r)
				require.NoError(t, err, a.name)
				body, err := fetch.ReadBody(r, a.method, head, 5)
				require.NoError(t, err, a.name)
				assert.Equal(t, a.body, string(body), a.name)
			}
			_, err := fetch.ReadHead(r)
			require.ErrorIs(t, err, fetch.ErrNoAnswer)
		})
	}
}

// TestBodiesThatBreakOff bring what came, and an error that says so.
func TestBodiesThatBreakOff(t *testing.T) {
	head := func(lines string) string { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n" }
	for _, test := range []struct {
		name, raw string
		limit     int
		body      string
		err       error
	}{
		{"X01_before_its_length", head("Content-Length: 9\r\n") + "hello", 9, "hello", io.ErrUnexpectedEOF},
		{"X19_within_a_chunk", head("Transfer-Encoding: chunked\r\n") + "9\r\nhello", 9, "hello", io.ErrUnexpectedEOF},
		{"X19_right_behind_the_data_of_a_chunk", head("Transfer-Encoding: chunked\r\n") + "5\r\nhello", 9, "hello", io.ErrUnexpectedEOF},
		{"X19_within_a_chunk's_line_end", head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r", 9, "hello", io.ErrUnexpectedEOF},
		{"X19_behind_a_chunk", head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n", 9, "hello", io.ErrUnexpectedEOF},
		{"X19_within_the_last_lines", head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\nA: b\r\n", 9, "hello", io.ErrUnexpectedEOF},
		{"Q05_too_long_by_its_length", head("Content-Length: 5\r\n") + "hello", 4, "", fetch.ErrTooLong},
		{"Q05_too_long_by_its_chunks", head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n", 4, "hell", fetch.ErrTooLong},
		{"Q05_too_long_without_a_length", head("") + "hello", 4, "hell", fetch.ErrTooLong},
		{"Q05_a_limit_below_zero", head("") + "hello", -1, "", sock.ErrLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(test.raw))
			h, err := fetch.ReadHead(r)
			require.NoError(t, err)
			body, err := fetch.ReadBody(r, "GET", h, test.limit)
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.body, string(body))
		})
	}
}

// TestWholeBeforeTheError: what is whole is whole, also if the stream breaks with
// its last byte.
func TestWholeBeforeTheError(t *testing.T) {
	body := strings.Repeat("x", 100)
	broken := iotest.DataErrReader(io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"+body), iotest.ErrReader(errAny)))
	r := bufio.NewReaderSize(broken, 16) // less than the body, which then passes by its buffer
	head, err := fetch.ReadHead(r)
	require.NoError(t, err)
	got, err := fetch.ReadBody(r, "GET", head, 100)
	require.NoError(t, err)
	assert.Equal(t, body, string(got))
}

// TestStatus: how the status line is taken apart.
func TestStatus(t *testing.T) {
	for line, want := range map[string]fetch.Head{
		"HTTP/1.1 200 OK":          {Proto: "HTTP/1.1", Status: "200 OK", Code: 200},
		"HTTP/1.0 404 Not  Found ": {Proto: "HTTP/1.0", Status: "404 Not  Found", Code: 404},
		"HTTP/1.7 999":             {Proto: "HTTP/1.7", Status: "999", Code: 999},
		"HTTP/1.1 200 ":            {Proto: "HTTP/1.1", Status: "200", Code: 200},
	} {
		got, err := fetch.ReadHead(bufio.NewReader(strings.NewReader(line + "\r\n\r\n")))
		require.NoError(t, err)
		want.Header = http.Header{}
		assert.Equal(t, want, got)
	}
}

// TestHeadIsUntouched: two lengths stay two, and a length stays beside chunks.
func TestHeadIsUntouched(t *testing.T) {
	r := bufio.NewReader(strings.NewReader("HTTP/1.1 200 Fine by me\r\ncontent-length: 3\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"))
	head, err := fetch.ReadHead(r)
	require.NoError(t, err)
	assert.Equal(t, "HTTP/1.1", head.Proto)
	assert.Equal(t, "200 Fine by me", head.Status)
	assert.Equal(t, 200, head.Code)
	assert.Equal(t, []string{"3", "5"}, head.Header["Content-Length"])
	assert.Equal(t, []string{"chunked"}, head.Header["Transfer-Encoding"])
}
