package loop

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
)

const both = selector.Read | selector.Write

func TestWatch(t *testing.T) {
	runAll(t, []situation{
		{"S14_first_removes_the_second", "the second of the batch must not run", func(r *rig) {
			require.NoError(r, r.AddReader(3, func() { r.say("3 removes %v", r.RemoveReader(4)) }))
			require.NoError(r, r.AddReader(4, r.note("4")))
			r.fake.SetReady(3, both)
			r.fake.SetReady(4, both)
			r.round("3 removes true")
			r.round("3 removes false")
		}},
		{"S14_removed_and_added_in_the_batch", "an old event is not for the new callback", func(r *rig) {
			require.NoError(r, r.AddReader(3, func() {
				r.RemoveReader(3)
				r.RemoveReader(4)
				require.NoError(r, r.AddReader(4, r.note("new 4")))
			}))
			require.NoError(r, r.AddReader(4, r.note("old 4")))
			r.fake.SetReady(3, both)
			r.fake.SetReady(4, both)
			r.round()
			r.round("new 4")
		}},
		{"S15_callback_adds_itself_again", "delivered in the next round", func(r *rig) {
			var fn func()
			fn = func() { r.say("%v", r.RemoveReader(3)); require.NoError(r, r.AddReader(3, fn)) }
			require.NoError(r, r.AddReader(3, fn))
			r.fake.SetReady(3, selector.Read)
			r.round("true")
			r.round("true")
		}},
		{"reader_and_writer", "they don't disturb each other", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("reader")))
			r.check()
			require.NoError(r, r.AddWriter(3, r.note("writer")))
			r.fake.SetReady(3, both)
			r.round("reader", "writer")
			require.True(r, r.RemoveReader(3))
			require.False(r, r.RemoveReader(3))
			r.round("writer")
			require.True(r, r.RemoveWriter(3))
			require.False(r, r.RemoveWriter(3))
			r.idle()
		}},
		{"busy", "a reader is never replaced", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("first")))
			require.ErrorIs(r, r.AddReader(3, r.note("second")), ErrBusy)
			r.fake.SetReady(3, selector.Read)
			r.round("first")
			require.ErrorIs(r, r.AddWriter(-1, r.note("x")), syscall.EBADF)
		}},
		{"S09_lost_when_a_writer_is_added", "the reader runs once and learns the reason", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("reader")))
			r.modifyErr = errOops
			require.ErrorIs(r, r.AddWriter(3, r.note("writer")), errOops)
			r.round("reader")
			r.idle()
		}},
		{"S09_lost_when_the_reader_is_removed", "the writer runs once and learns the reason", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("reader")))
			require.NoError(r, r.AddWriter(3, r.note("writer")))
			r.modifyErr = errOops
			require.True(r, r.RemoveReader(3))
			r.round("writer")
			r.idle()
		}},
		{"L27_flood", "timers and other descriptors get their turn", func(r *rig) {
			require.NoError(r, r.AddReader(3, func() { r.now += time.Second; r.say("flood") }))
			require.NoError(r, r.AddReader(4, r.note("other")))
			r.fake.SetReady(3, selector.Read)
			r.CallLater(2*time.Second, r.note("timer"))
			r.round("flood")
			r.fake.SetReady(4, selector.Read)
			r.round("flood", "other")
			r.round("flood", "other", "timer")
		}},
	})
}
