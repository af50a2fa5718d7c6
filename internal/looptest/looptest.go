// Package looptest is a loop to test with, as net/http has httptest: its selector is
// a fake one, its clock moves only while it sleeps, and every event on it is checked.
//
// It is no floor of the house, since no program stands on it; so it lives outside of
// pkg/, may use packages testing and testify, and is not compiled into the kernel.
// The tests inside of a package that it imports can't use it: they have packages
// check and leaktest.
package looptest

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest/check"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// Rig is a loop, the log of what happened on it, and what it reported.
type Rig struct {
	testing.TB
	*loop.Loop
	Fake     *selector.Fake  // nil on a real selector
	Selector *check.Selector // what is registered, and every timeout
	Time     time.Duration   // by the loop's clock
	Slept    []time.Duration // how long Quick would have slept, each time that it moved the clock
	Failing  error           // what Select says, besides what is ready
	Seen     []string        // see Note
	Reports  []loop.Exception
}

// New makes a Rig on a fake selector. change may add to the loop's Options: Calls, or
// a Probe beside the one that checks the loop.
func New(t testing.TB, change ...func(*loop.Options)) *Rig {
	t.Helper()
	r := &Rig{TB: t, Fake: selector.NewFake()}
	r.Fake.Sleep = func(d time.Duration) { r.Time += max(0, d) }
	return r.open(loop.Options{Selector: r.Fake, Clock: r.Clock()}, change)
}

// Real makes a Rig on the kernel's selector and clock.
func Real(t testing.TB, change ...func(*loop.Options)) *Rig {
	t.Helper()
	inner, err := selector.New()
	require.NoError(t, err)
	return (&Rig{TB: t}).open(loop.Options{Selector: inner}, change)
}

// Quick makes a Rig on the kernel's selector: where that would sleep up to a timer,
// the clock moves there at once.
func Quick(t testing.TB, change ...func(*loop.Options)) *Rig {
	t.Helper()
	inner, err := selector.New()
	require.NoError(t, err)
	r := &Rig{TB: t}
	return r.open(loop.Options{Selector: quick{inner, r}, Clock: r.Clock()}, change)
}

func (r *Rig) open(o loop.Options, change []func(*loop.Options)) *Rig {
	r.Helper()
	if os.Getenv("STEPWISE_WITHOUT_TRICKS") != "" {
		o.Without = ^sys.Trick(0)
	}
	for _, c := range change {
		c(&o)
	}
	checker := check.New(r)
	r.Selector = checker.Selector(failing{o.Selector, r})
	o.Selector, o.Probe = r.Selector, probe.All(o.Probe, checker)
	l, err := loop.New(o)
	require.NoError(r, err)
	r.Loop = l
	l.SetExceptionHandler(func(e loop.Exception) { r.Reports = append(r.Reports, e) })
	return r
}

// Probe has New watch the loop by p too.
func Probe(p probe.Probe) func(*loop.Options) { return func(o *loop.Options) { o.Probe = p } }

// Clock is the rig's own.
func (r *Rig) Clock() loop.Clock { return clock{r} }

type clock struct{ r *Rig }

func (c clock) Now() time.Duration { return c.r.Time }

// failing is a Selector that fails as its rig says.
type failing struct {
	selector.Selector
	r *Rig
}

func (f failing) Select(timeout time.Duration) ([]selector.Ready, error) {
	ready, err := f.Selector.Select(timeout)
	return ready, errors.Join(err, f.r.Failing)
}

type quick struct {
	selector.Selector
	r *Rig
}

func (q quick) Select(limit time.Duration) ([]selector.Ready, error) {
	if limit <= 0 {
		return q.Selector.Select(limit)
	}
	ready, err := q.Selector.Select(0)
	if len(ready) == 0 {
		q.r.Time += limit
		q.r.Slept = append(q.r.Slept, limit)
	}
	return ready, err
}

// Note adds a line to what was seen.
func (r *Rig) Note(format string, args ...any) {
	r.Seen = append(r.Seen, fmt.Sprintf(format, args...))
}

// Noting is a callback that notes name.
func (r *Rig) Noting(name string) func() { return func() { r.Note("%s", name) } }

// Happened wants exactly that to have been seen since the last time.
func (r *Rig) Happened(want ...string) {
	r.Helper()
	require.Equal(r, want, r.Seen)
	r.Seen = nil
}

// GoRound runs n rounds.
func (r *Rig) GoRound(n int) {
	r.Helper()
	for range n {
		require.NoError(r, r.Round())
	}
}

// Settle runs rounds until nothing is left to wait for.
func (r *Rig) Settle() {
	r.Helper()
	require.ErrorIs(r, r.Run(), loop.ErrDeadlock)
}

// Spawn is task.Go.
func (r *Rig) Spawn(body func(yield coro.Yield) error) *task.Task { return task.Go(r.Loop, body) }

// Play runs body as a task to its end. A body that hangs ends with task.ErrStopped,
// and fails the test.
func (r *Rig) Play(body func(yield coro.Yield)) {
	r.Helper()
	hung := time.AfterFunc(leaktest.Patience, r.Stop)
	defer hung.Stop()
	_, err := task.Run(r.Loop, func(yield coro.Yield) (any, error) {
		body(yield)
		return nil, nil
	})
	require.NoError(r, err)
}

// Waits wants t to be at it still, when the loop has gone round a few times.
func (r *Rig) Waits(yield coro.Yield, t *task.Task) {
	r.Helper()
	for range 10 {
		require.NoError(r, task.Checkpoint(yield))
	}
	if t.Done() {
		_, err := t.Result()
		require.Fail(r, "it should wait", "it ended with %v", err)
	}
}

// PanicOf is the text of fn's panic, "" if there is none.
func PanicOf(fn func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	fn()
	return ""
}
