package serve

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
)

// TestPipelinedRequestsLeaveTurns: requests that have come together are answered without a
// wait, but the other tasks have their turn in between.
func TestPipelinedRequestsLeaveTurns(t *testing.T) {
	const asks = 100
	const request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	rounds := map[uint64]int{}
	s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
		rounds[w.visit.Loop().Rounds()]++
	}, Limits{})})
	answers := s.ask(strings.Repeat(request, asks))
	require.Equal(t, asks, bytes.Count([]byte(answers), []byte("200 OK")))
	s.on(func() {
		for _, n := range rounds {
			require.LessOrEqual(t, n, 33, "in one round")
		}
	})
}

// TestDateMoves: the words are made anew for each second.
func TestDateMoves(t *testing.T) {
	s := &Server{}
	begin := time.Date(2026, 1, 2, 3, 4, 5, 999e6, time.UTC)
	require.Equal(t, "Fri, 02 Jan 2026 03:04:05 GMT", s.date(begin))
	require.Equal(t, "Fri, 02 Jan 2026 03:04:06 GMT", s.date(begin.Add(time.Millisecond)))
	require.Equal(t, "Fri, 02 Jan 2026 03:04:05 GMT", s.date(begin), "a clock may be set back")
}
