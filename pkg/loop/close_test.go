package loop

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

type owned struct{ fn func() error }

func (o *owned) Close() error { return o.fn() }

// Closers that are no pointers.
type (
	closerFunc func() error
	closers    []io.Closer
	value      struct {
		name   string
		closer io.Closer
	}
)

func (c closerFunc) Close() error { return c() }
func (closers) Close() error      { return nil }
func (v value) Close() error      { return v.closer.Close() }

func (r *rig) own(name string) *owned {
	o := &owned{func() error { r.say("%s", name); return nil }}
	r.Site().Own(o)
	return o
}

// close closes and compares all that happened.
func (r *rig) close(want ...string) {
	r.Helper()
	r.log = nil
	require.NoError(r, r.Close())
	require.Equal(r, want, r.log)
	r.check()
}

func TestClose(t *testing.T) {
	runAll(t, []situation{
		{"L22_pending_and_twice", "what waits never runs; the second does nothing", func(r *rig) {
			r.CallSoon(r.note("soon"))
			r.CallLater(0, r.note("later"))
			require.NoError(r, r.CallSoonThreadsafe(r.note("outside")))
			require.False(r, r.Closed())
			r.close()
			require.True(r, r.Closed())
			r.close()
			require.ErrorIs(r, r.Loop.Run(), ErrClosed)
			require.ErrorIs(r, r.Round(), ErrClosed)
			require.ErrorIs(r, r.AddReader(1, r.note("reader")), ErrClosed)
			require.PanicsWithError(r, "loop: CallSoon: loop is closed", func() { r.CallSoon(func() {}) })
			require.Panics(r, func() { r.CallLater(0, func() {}) })
			r.Stop()
			r.Hold()()
		}},
		{"L22_while_running", "refused by name", func(r *rig) {
			r.CallSoon(func() { r.say("%v", r.Close()) })
			r.round("loop: close: loop is running")
			require.False(r, r.Closed())
		}},
		{"newest_first", "what is built on the older goes before it", func(r *rig) {
			r.own("1")
			two := r.own("2")
			r.own("3")
			r.Site().Disown(two)
			r.own("4")
			r.close("4", "3", "1")
		}},
		{"owned_again_is_newest", "Own counts from its last call", func(r *rig) {
			one := r.own("1")
			r.own("2")
			r.Site().Own(one)
			r.close("1", "2")
		}},
		{"a_value_that_can_be_compared", "it needn't be a pointer", func(r *rig) {
			one := r.own("1")
			r.Site().Disown(one)
			r.Site().Own(value{"first", one})
			r.Site().Own(value{"second", one})
			r.Site().Own(value{"third", one})
			r.Site().Disown(value{"second", one})
			r.close("1", "1")
		}},
		{"what_can_not_be_owned", "refused by name; the loop is as good as before", func(r *rig) {
			for _, c := range []struct {
				closer io.Closer
				says   string
			}{
				{nil, "loop: Own of nil"},
				{closerFunc(quietly), "loop: Own of a loop.closerFunc, which can't be compared: own a pointer to it"},
				{closers{}, "loop: Own of a loop.closers, which can't be compared: own a pointer to it"},
				{value{"", closerFunc(quietly)}, "loop: Own of a loop.value, which can't be compared: own a pointer to it"},
			} {
				require.PanicsWithValue(r, c.says, func() { r.Site().Own(c.closer) })
				require.NotPanics(r, func() { r.Site().Disown(c.closer) }, c.says)
			}
			pointer := closerFunc(func() error { r.say("closed"); return nil })
			r.Site().Own(&pointer)
			r.close("closed")
		}},
		{"one_closes_another", "each once", func(r *rig) {
			one := r.own("1")
			r.Site().Own(&owned{func() error { r.say("2"); r.Site().Disown(one); return one.Close() }})
			r.close("2", "1")
		}},
		{"closing_leaves_something_behind", "it goes on until nothing is left", func(r *rig) {
			r.Site().Own(&owned{func() error {
				r.CallSoon(r.note("never"))
				r.CallLater(0, r.note("never"))
				r.say("%v", r.CallSoonThreadsafe(r.note("never")))
				r.own("left behind")
				return nil
			}})
			r.own("newest")
			r.close("newest", "loop: CallSoonThreadsafe: loop is closed", "left behind")
		}},
		{"error_and_panic", "reported; the others are closed too", func(r *rig) {
			r.own("oldest")
			r.Site().Own(&owned{func() error { panic("bang") }})
			r.Site().Own(&owned{func() error { return errOops }})
			r.close("the loop closed: oops", "panic while the loop closed: bang", "oldest")
		}},
	})
}
