package judge_test

// A report says where code panicked or hangs. This package is among the exercises,
// so its functions are taken for a learner's.

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// places are the last lines that the functions below reach, by function.
var places sync.Map

// here notes the line after the call, as a report writes it.
func here(function string) {
	_, file, line, _ := runtime.Caller(1)
	places.Store(function, fmt.Sprintf("exercises/judge/%s:%d, in %s", filepath.Base(file), line+1, function))
}

func panics(coro.Yield, *sock.Socket) ([]byte, error) {
	var nothing []byte
	here("panics")
	return nothing[:1][1:5], nil
}

// callsWhatPanics has a deferred function, which runs after the panic.
func callsWhatPanics(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	defer here("deferred")
	return panics(yield, s)
}

func panicsInCallback(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	s.Loop().CallSoon(callback)
	return nil, task.Checkpoint(yield)
}

func callback() {
	here("callback")
	panic("boom")
}

func step(*coro.Coro, *future.Future, any, error) {
	here("step")
	panic("boom")
}

func makesNothing(future.Scheduler) lesson.Box {
	here("makesNothing")
	panic("boom")
}

func waits(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	f := future.New(s.Loop())
	here("waits")
	_, err := task.Await(yield, f)
	return nil, err
}

// impatient is set when the judge has lost patience: then spins ends.
var impatient atomic.Bool

func spins(coro.Yield, *sock.Socket) ([]byte, error) {
	here("spins")
	for !impatient.Load() {
	}
	return nil, nil
}

func TestReportSaysWhere(t *testing.T) {
	impatient.Store(false)
	defer impatient.Store(true)
	cases := []struct {
		name, id string // of the case that is judged
		lesson   lesson.Lesson
		impl     lesson.Impl
		said, at string
		hangs    bool
	}{
		{"a panic on a loop", "Q02", lesson.Read, lesson.Impl{Read: panics}, "panic: runtime error: slice bounds out of range", "panics", false},
		{"a panic further down", "Q02", lesson.Read, lesson.Impl{Read: callsWhatPanics}, "panic: runtime error: slice bounds out of range", "panics", false},
		{"a panic in a callback", "Q02", lesson.Read, lesson.Impl{Read: panicsInCallback}, "callback panicked: boom", "callback", false},
		{"a panic in a step", "T01", lesson.Task, lesson.Impl{Step: step}, "callback panicked: boom", "step", false},
		{"a panic beside all loops", "U01", lesson.Future, lesson.Impl{NewFuture: makesNothing}, "panic: boom", "makesNothing", false},
		{"a wait without end", "Q02", lesson.Read, lesson.Impl{Read: waits}, "the code still waits", "waits", true},
		{"an endless loop", "Q02", lesson.Read, lesson.Impl{Read: spins}, "it keeps a core busy", "spins", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.hangs {
				before := trial.SetPatience(2 * time.Second)
				defer trial.SetPatience(before)
			}
			failure := judged(t, c.lesson, c.id, c.impl)
			at, _ := places.Load(c.at)
			assert.ErrorContains(t, failure.Err, c.said)
			assert.NotContains(t, failure.Err.Error(), "exercises/", "failures are compared by their words")
			if c.at != "spins" {
				assert.Equal(t, at, failure.At)
			}
			assert.Regexp(t, `^exercises/judge/judge_test\.go:\d+, in `+c.at+"$", failure.At)
			assert.Contains(t, failure.String(), "\nwhere: "+failure.At+"\n")
		})
	}
}

// TestReportKnowsNoPlace in code that isn't a learner's, such as a wrong
// implementation of ours.
func TestReportKnowsNoPlace(t *testing.T) {
	for _, w := range lesson.Fetch.Wrong {
		if w.Name == "takes a length with a sign" {
			failure := judged(t, lesson.Fetch, "X04", w.Impl)
			assert.ErrorContains(t, failure.Err, "panic: ")
			assert.Empty(t, failure.At)
			return
		}
	}
	t.Fatal("no such wrong implementation")
}

// judged is how impl fails the one case.
func judged(t *testing.T, l lesson.Lesson, id string, impl lesson.Impl) trial.Failure {
	t.Helper()
	for _, c := range l.Cases {
		if c.ID == id {
			l.Cases = []lesson.Case{c}
		}
	}
	report := l.Check(impl)
	require.Len(t, report.Failures, 1)
	return report.Failures[0]
}
