package draw

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/trace"
)

// marked is the row of a walk's picture that is the present one.
func marked(t *testing.T, w *Walk) trace.Event {
	t.Helper()
	for _, e := range w.r.Events {
		if e.Seq == w.s.rows[w.at].seq {
			return e
		}
	}
	require.Fail(t, "no event has the step's number")
	return trace.Event{}
}

func TestWalkUntil(t *testing.T) {
	r := record(t, slicesOf("x", 4), fetchFake)
	kind := func(k trace.Kind) func(trace.Event) bool {
		return func(e trace.Event) bool { return e.Kind == k }
	}
	w := Step(r)
	sleeps, at := 0, 0
	for {
		w.Until(kind(trace.Sleep))
		if w.AtEnd() {
			break
		}
		require.Equal(t, trace.Sleep, marked(t, w).Kind)
		require.Greater(t, w.at, at-1, "it goes on")
		at = w.at + 1
		sleeps++
	}
	require.Greater(t, sleeps, 1)

	w = Step(r)
	w.Until(kind(trace.Yielded))
	first := w.at
	require.Equal(t, trace.Yielded, marked(t, w).Kind)
	w.Until(kind(trace.Yielded))
	require.Greater(t, w.at, first, "the step that is shown is not the next one")
	require.Contains(t, w.Until(func(trace.Event) bool { return false }).String(), "Step "+num(uint64(w.Len()))+" of ")
	require.True(t, w.AtEnd())
	require.True(t, strings.HasPrefix(w.Until(kind(trace.Sleep)).String(), "Step "), "at the end it stays")

	empty := Step(&Recording{})
	empty.Until(kind(trace.Sleep))
	require.Zero(t, empty.Len())
}
