package fetch_test

// Bodies that are sent: how, from what, and what comes meanwhile.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestFullDuplex echoes 16 MiB: neither side can send all before it has read.
func TestFullDuplex(t *testing.T) {
	const size = 16 << 20
	for _, secure := range []bool{false, true} {
		for _, length := range []int64{size, 0} {
			t.Run(fmt.Sprintf("secure_%v_with_a_length_of_%d", secure, length), func(t *testing.T) {
				server := serveCountingTLS(t, func(w http.ResponseWriter, r *http.Request) {
					_ = http.NewResponseController(w).EnableFullDuplex()
					_, _ = io.Copy(w, r.Body)
				}, secure)
				c := &fetch.Client{}
				if secure {
					c.TLS = trustIn(server.Server)
				}
				play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
					for range 2 {
						r := newRequest(t, "POST", server.URL, "")
						r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(faulty.Pattern(size))), length
						answer, err := c.Do(yield, r)
						require.NoError(t, err)
						body := &patterned{}
						_, err = io.Copy(body, answer.Body)
						require.NoError(t, err)
						require.EqualValues(t, size, body.n)
					}
				})
				assert.EqualValues(t, 1, server.connects.Load(), "and the connection is kept")
			})
		}
	}
}

// patterned checks a pattern as it comes.
type patterned struct{ n int64 }

func (p *patterned) Write(b []byte) (int, error) {
	if err := faulty.CheckPattern(b, p.n); err != nil {
		return 0, err
	}
	p.n += int64(len(b))
	return len(b), nil
}

// TestBodyOntoBody: what one answer brings, the next request takes.
func TestBodyOntoBody(t *testing.T) {
	from := serveCounting(t, site)
	to := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		body := &patterned{}
		_, err := io.Copy(body, r.Body)
		_, _ = fmt.Fprint(w, body.n, err)
	})
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", from.URL+"/big", ""))
		require.NoError(t, err)
		r := newRequest(t, "PUT", to.URL, "")
		r.Body = answer.Body
		answer, err = c.Do(yield, r)
		assert.Equal(t, fmt.Sprint(1<<20, nil), text(t, answer, err))
		_, err = c.Get(yield, from.URL+"/length")
		require.NoError(t, err)
	})
	assert.EqualValues(t, 1, from.connects.Load(), "it was read to its end")
}

// TestBodiesThatFail end the request, by name, and are closed once.
func TestBodiesThatFail(t *testing.T) {
	why := errors.New("the disk is gone")
	for _, test := range []struct {
		name   string
		body   io.Reader
		length int64
		is     error
		says   string
	}{
		{"in_the_middle", io.MultiReader(bytes.NewReader(make([]byte, 100<<10)), &failing{why}), 0, why, "read the request's body: the disk is gone"},
		{"at_once", &failing{why}, 200 << 10, why, "read the request's body: the disk is gone"},
		{"shorter_than_its_length", bytes.NewReader(make([]byte, 100)), 101, io.ErrUnexpectedEOF, "1 bytes are missing to its ContentLength"},
		{"longer_than_its_length", bytes.NewReader(make([]byte, 101)), 100, fetch.ErrRequest, "it is longer than its ContentLength"},
		{"longer_than_its_length_by_another_piece", io.MultiReader(bytes.NewReader(make([]byte, 100)), bytes.NewReader(make([]byte, 1))), 100, fetch.ErrRequest, "it is longer than its ContentLength"},
		{"without_progress", &failing{nil}, 0, io.ErrNoProgress, "read the request's body"},
		{"with_progress_too_rarely", &reluctant{said: "hello", every: 101}, 0, io.ErrNoProgress, "read the request's body"},
		{"with_a_reset_of_its_own", &failing{fmt.Errorf("%w: %w", why, unix.ECONNRESET)}, 0, why, "the disk is gone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serveCounting(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, rig *looptest.Rig) {
				before := leaktest.Begin(t)
				body := &closing{Reader: test.body}
				r := newRequest(t, "PUT", server.URL, "")
				r.Body, r.ContentLength = body, test.length
				_, err := c.Do(yield, r)
				require.ErrorIs(t, err, test.is)
				require.ErrorContains(t, err, test.says)
				before.FilesSoon()
				require.NoError(t, task.Checkpoint(yield))
				assert.Equal(t, 1, body.closed)
			})
		})
	}
}

// TestReluctantBody: reads that bring nothing are counted from each one that does.
func TestReluctantBody(t *testing.T) {
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		r := newRequest(t, "PUT", server.URL, "")
		r.Body, r.ContentLength = io.NopCloser(&reluctant{said: "hello", every: 100}), -1
		answer, err := c.Do(yield, r)
		assert.Equal(t, "hello", text(t, answer, err))
	})
}

// reluctant brings a byte with one read of every so many.
type reluctant struct {
	said         string
	every, reads int
}

func (r *reluctant) Read(p []byte) (int, error) {
	if r.reads++; r.reads%r.every != 0 {
		return 0, nil
	}
	if r.said == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], r.said)
	r.said = r.said[n:]
	return n, nil
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// TestShortBody: a short body is sent, and closed, before Do returns.
func TestShortBody(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		r := newRequest(t, "PUT", server.URL+"/length", "a body")
		body := &closing{Reader: r.Body}
		r.Body = body
		answer, err := c.Do(yield, r)
		require.NoError(t, err)
		assert.Equal(t, 1, body.closed)
		assert.Equal(t, "hello", text(t, answer, nil))
		assert.Equal(t, 1, body.closed)
	})
}

// TestUnsentBody: a body is closed even if there was no one to send it to.
func TestUnsentBody(t *testing.T) {
	c := &fetch.Client{Dial: func(coro.Yield, string) (*sock.Socket, error) { return nil, errAny }}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		r := newRequest(t, "PUT", "http://127.0.0.1/", "a body")
		body := &closing{Reader: r.Body}
		r.Body = body
		_, err := c.Do(yield, r)
		require.ErrorIs(t, err, errAny)
		assert.Equal(t, 1, body.closed)
	})
}
