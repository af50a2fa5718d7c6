package future_test

// A Future that is used again. Read rig_test.go before.

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/future"
)

func TestReset(t *testing.T) {
	try(t, []situation{
		{"a_finished_one_is_as_new", func(b *bench) {
			b.f.Name(waiting("at the door"))
			b.f.AddDoneCallback(b.note("first"))
			require.NoError(b, b.f.SetResult(1))
			b.run()
			require.True(b, b.f.Reset())
			require.False(b, b.f.Done())
			require.Equal(b, "a future", b.f.String())
			_, err := b.f.Result()
			require.ErrorIs(b, err, future.ErrNotReady)
			b.f.AddDoneCallback(b.note("second"))
			require.NoError(b, b.f.SetResult(2))
			b.run()
			require.Equal(b, []string{"first", "second"}, b.log, "each is called for its own result")
			v, err := b.f.Result()
			require.NoError(b, err)
			require.Equal(b, 2, v)
		}},
		{"a_canceled_one_too", func(b *bench) {
			b.f.Cancel()
			require.True(b, b.f.Reset())
			require.NoError(b, b.f.SetResult(1))
			v, err := b.f.Result()
			require.NoError(b, err)
			require.Equal(b, 1, v)
		}},
		{"a_pending_one_keeps_its_callbacks", func(b *bench) {
			b.f.AddDoneCallback(b.note("x"))
			require.False(b, b.f.Reset())
			require.NoError(b, b.f.SetResult(1))
			b.run()
			require.Equal(b, []string{"x"}, b.log)
		}},
		{"one_that_was_never_made", func(b *bench) {
			var none *future.Future
			require.False(b, none.Reset())
			require.False(b, new(future.Future).Reset())
		}},
		{"not_while_its_error_is_unread", func(b *bench) {
			require.NoError(b, b.f.SetError(io.EOF))
			require.False(b, b.f.Reset())
			_, err := b.f.Result()
			require.Equal(b, io.EOF, err)
			require.True(b, b.f.Reset())
			require.Empty(b, b.lost())
		}},
		{"a_remove_from_before_removes_nothing", func(b *bench) {
			remove := b.f.AddDoneCallback(b.note("before"))
			require.NoError(b, b.f.SetResult(1))
			b.run()
			require.True(b, b.f.Reset())
			b.f.AddDoneCallback(b.note("after"))
			require.False(b, remove())
			require.NoError(b, b.f.SetResult(2))
			b.run()
			require.Equal(b, []string{"before", "after"}, b.log)
		}},
		{"several_callbacks_each_time", func(b *bench) {
			for range 2 {
				for _, name := range []string{"1", "2", "3"} {
					b.f.AddDoneCallback(b.note("%s", name))
				}
				require.NoError(b, b.f.SetResult(nil))
				b.run()
				require.True(b, b.f.Reset())
			}
			require.Equal(b, []string{"1", "2", "3", "1", "2", "3"}, b.log)
		}},
	})
}

// TestAllocations: a Future costs one, with its callback, and none if it is used again.
func TestAllocations(t *testing.T) {
	s := forgetful{}
	fn := func() {}
	require.Equal(t, 1.0, testing.AllocsPerRun(100, func() {
		f := future.New(s)
		f.AddDoneCallback(fn)
		_ = f.SetResult(nil)
	}))
	f := future.New(s)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		f.AddDoneCallback(fn)
		_ = f.SetResult(nil)
		f.Reset()
	}))
}

// TestDoneLetsGo: a Future that is done keeps none of those alive who waited for it.
func TestDoneLetsGo(t *testing.T) {
	try(t, []situation{
		{"as_it_ends", func(b *bench) {
			gone := b.awaits()
			require.NoError(b, b.f.SetResult(1))
			b.run()
			leaktest.Until(b, "it is collected", gone)
			require.True(b, b.f.Done())
		}},
		{"as_it_is_removed", func(b *bench) {
			gone := b.awaits()
			leaktest.Until(b, "it is collected", gone)
			require.False(b, b.f.Done())
		}},
	})
}

// awaits adds a callback, and reports whether what it leads to was collected.
func (b *bench) awaits() (gone func() bool) {
	task := &[16]int{}
	remove := b.f.AddDoneCallback(func() { task[0]++ })
	if strings.HasSuffix(b.Name(), "removed") {
		remove()
	}
	there := weak.Make(task)
	return func() bool { runtime.GC(); return there.Value() == nil }
}

type forgetful struct{}

func (forgetful) CallSoon(func()) {}

// waiting is a name.
type waiting string

func (w waiting) String() string { return string(w) }
