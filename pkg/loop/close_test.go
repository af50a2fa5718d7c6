package loop

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type owned struct{ fn func() error }

func (o *owned) Close() error { return o.fn() }

func (r *rig) own(name string) *owned {
	o := &owned{func() error { r.say("%s", name); return nil }}
	r.Own(o)
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
			r.Disown(two)
			r.own("4")
			r.close("4", "3", "1")
		}},
		{"owned_again_is_newest", "Own counts from its last call", func(r *rig) {
			one := r.own("1")
			r.own("2")
			r.Own(one)
			r.close("1", "2")
		}},
		{"one_closes_another", "each once", func(r *rig) {
			one := r.own("1")
			r.Own(&owned{func() error { r.say("2"); r.Disown(one); return one.Close() }})
			r.close("2", "1")
		}},
		{"closing_leaves_something_behind", "it goes on until nothing is left", func(r *rig) {
			r.Own(&owned{func() error {
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
			r.Own(&owned{func() error { panic("bang") }})
			r.Own(&owned{func() error { return errOops }})
			r.close("the loop closed: oops", "panic while the loop closed: bang", "oldest")
		}},
	})
}
