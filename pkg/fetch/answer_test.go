package fetch_test

// The answer's Body: when it is there, how long it may be, who reads it and who ends it.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// TestHeadBeforeBody: the answer is there while its body is held back.
func TestHeadBeforeBody(t *testing.T) {
	release := make(chan struct{})
	server := serveCounting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Early", "yes")
		_ = http.NewResponseController(w).Flush()
		<-release
		_, _ = io.WriteString(w, "late")
	})
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", server.URL, ""))
		require.NoError(t, err)
		assert.Equal(t, "yes", answer.Header.Get("X-Early"))
		close(release)
		assert.Equal(t, "late", text(t, answer, nil))
	})
}

// TestLimits: what is streamed has no limit, what is collected has one, and Limit is one
// for both.
func TestLimits(t *testing.T) {
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, "12345")
		if r.URL.Path == "/two_chunks" {
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "67890")
		}
	})
	huge := oneAnswer(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nx", fetch.DefaultLimit+1))
	for _, test := range []struct {
		name, path string
		limit      int64
		body       string
		announced  int64 // in the error; 0: no error
	}{
		{"as_long", "/chunks", 5, "12345", 0},
		{"chunks_too_long", "/chunks", 4, "1234", -1},
		{"two_chunks_as_long", "/two_chunks", 10, "1234567890", 0},
		{"two_chunks_too_long", "/two_chunks", 7, "1234567", -1},
		{"the_first_of_two_chunks_as_long", "/two_chunks", 5, "12345", -1},
		{"a_length_too_long", "/", 4, "", 5},
		{"a_length_as_long", "/", 5, "12345", 0},
		{"none", "/", -1, "12345", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, &fetch.Client{}, func(yield coro.Yield, _ *looptest.Rig) {
				c := &fetch.Client{Limit: test.limit}
				defer c.Close()
				var body strings.Builder
				_, err := stream(yield, c, server.URL+test.path, &body)
				_, collected := c.Get(yield, server.URL+test.path)
				assert.Equal(t, test.body, body.String())
				if test.announced == 0 {
					require.NoError(t, err)
					require.NoError(t, collected)
					return
				}
				var long *fetch.TooLongError
				require.ErrorAs(t, err, &long)
				assert.Equal(t, fetch.TooLongError{Limit: test.limit, Announced: test.announced}, *long)
				require.ErrorIs(t, collected, fetch.ErrTooLong)
			})
		})
	}
	t.Run("64_MiB_when_collected", func(t *testing.T) {
		_, err := get(t, huge.URL())
		var long *fetch.TooLongError
		require.ErrorAs(t, err, &long)
		assert.EqualValues(t, fetch.DefaultLimit, long.Limit)
	})
	t.Run("none_when_streamed", func(t *testing.T) {
		body, _, err := fetchBy(t, fetch.Client{}, huge.URL())
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, "x", body)
	})
}

// TestTimeoutAroundARead: the time limit of a caller ends the connection, and the task
// goes on.
func TestTimeoutAroundARead(t *testing.T) {
	stalled := faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer stalled.Close()
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", stalled.URL(), ""))
		require.NoError(t, err)
		_, err = task.Timeout(yield, time.Millisecond, func(coro.Yield) (any, error) { return io.ReadAll(answer.Body) })
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.ErrorContains(t, err, "after 4 bytes of the body")
		_, err = answer.Body.Read(make([]byte, 1))
		require.ErrorContains(t, err, "a read was canceled")
		require.NotErrorIs(t, err, future.ErrCanceled)
		_, err = stalled.Visit(0, leaktest.Patience)
		require.NoError(t, err, "the connection is closed")
	})
}

// TestBodyOfAnotherTask: refused by name, at once, and without harm to the one who may.
func TestBodyOfAnotherTask(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, r *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", server.URL+"/big", ""))
		require.NoError(t, err)
		_, err = task.Await(yield, r.Spawn(func(coro.Yield) error {
			_, err := answer.Body.Read(make([]byte, 1))
			return err
		}))
		require.ErrorIs(t, err, fetch.ErrBodyTask)
		require.Equal(t, string(faulty.Pattern(1<<20)), text(t, answer, nil))
	})
}

// TestCloseFromAnotherTask: while one task reads, another may close.
func TestCloseFromAnotherTask(t *testing.T) {
	stalled := faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer stalled.Close()
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, r *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", stalled.URL(), ""))
		require.NoError(t, err)
		r.Spawn(func(yield coro.Yield) error {
			defer answer.Body.Close()
			return task.Sleep(yield, time.Millisecond)
		})
		_, err = io.ReadAll(answer.Body)
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
		_, err = answer.Body.Read(nil)
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
		require.NoError(t, answer.Body.Close())
	})
}

// TestLoopEndsInTheBody: a body that no task closes ends with the loop.
func TestLoopEndsInTheBody(t *testing.T) {
	closedBody := make(chan struct{})
	rawURL, _ := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
		_, _ = http.ReadRequest(r)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
		_, _ = io.Copy(io.Discard, r)
		close(closedBody)
	})
	r := looptest.Real(t)
	before := leaktest.Begin(t)
	c := &fetch.Client{}
	r.Play(func(yield coro.Yield) {
		_, err := c.Do(yield, newRequest(t, "GET", rawURL, ""))
		require.NoError(t, err)
	})
	require.NoError(t, r.Close())
	<-closedBody
	before.Goroutines()
}

// TestNoBody: an answer without a body needs no Close, and its connection is kept.
func TestNoBody(t *testing.T) {
	for name, test := range map[string]struct{ method, answer string }{
		"a_length_of_nothing": {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		"204":                 {"GET", "HTTP/1.1 204 No Content\r\n\r\n"},
		"304":                 {"GET", "HTTP/1.1 304 Not Modified\r\n\r\n"},
		"HEAD":                {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			rawURL, connects := scripted(t, always(test.answer))
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				for range 3 {
					answer, err := c.Do(yield, newRequest(t, test.method, rawURL, ""))
					require.NoError(t, err)
					assert.Equal(t, http.NoBody, answer.Body)
				}
			})
			assert.EqualValues(t, 1, connects.Load())
		})
	}
}

// TestReadAfterClose: a Body that was closed is read no more, however far it was.
func TestReadAfterClose(t *testing.T) {
	server := serveCounting(t, site)
	for name, read := range map[string]int64{"unread": 0, "a_part": 2, "all": 5, "all_and_the_end": 6} {
		t.Run(name, func(t *testing.T) {
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				answer, err := c.Do(yield, newRequest(t, "GET", server.URL+"/length", ""))
				require.NoError(t, err)
				_, _ = io.CopyN(io.Discard, answer.Body, read)
				for range 2 {
					require.NoError(t, answer.Body.Close())
					_, err = answer.Body.Read(make([]byte, 1))
					require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
				}
			})
		})
	}
}
