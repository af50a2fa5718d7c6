package loop

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// letter is an error that somebody may read, as a future's is.
type letter struct {
	err  error
	held bool
}

func (l *letter) look() (held bool, err error) { return l.held, l.err }

// letters keeps n unread, numbered from 0.
func (r *rig) letters(n int, held bool) (all []*letter, reports []string) {
	for i := range n {
		all = append(all, &letter{fmt.Errorf("%d", i), held})
		reports = append(reports, fmt.Sprintf("error was never read: %d", i))
		r.Site().KeepUnread(all[i].look)
	}
	return all, reports
}

func TestKeepUnread(t *testing.T) {
	runAll(t, []situation{
		{"reported_at_close", "but not what was read in time", func(r *rig) {
			all, want := r.letters(2, true)
			all[1].err = nil
			r.close(want[0])
		}},
		{"after_what_is_owned", "closing may read the error", func(r *rig) {
			all, _ := r.letters(1, true)
			r.Site().Own(&owned{func() error { all[0].err = nil; return nil }})
			r.close()
		}},
		{"many_that_nobody_can_read", "are reported before Close, the oldest first", func(r *rig) {
			_, want := r.letters(127, false)
			require.Empty(r, r.log)
			r.letters(1, false)
			require.Equal(r, append(want, "error was never read: 0"), r.log)
			r.close()
		}},
		{"many_that_somebody_may_still_read", "wait for Close, and only then are they lost", func(r *rig) {
			all, want := r.letters(10_000, true)
			require.Empty(r, r.log)
			for _, l := range all[5000:] {
				l.err = nil
			}
			r.close(want[:5000]...)
		}},
		{"many_that_were_let_go_later", "are found when many more have come", func(r *rig) {
			all, want := r.letters(1000, true)
			for _, l := range all {
				l.held = false
			}
			r.letters(3000, true)
			require.Equal(r, want, r.log)
		}},
		{"many_that_were_read", "are forgotten without a word", func(r *rig) {
			looks := 0
			for range 10_000 {
				r.Site().KeepUnread(func() (bool, error) { looks++; return true, nil })
			}
			require.Less(r, looks, 2*10_000)
			looks = 0
			r.close()
			require.Less(r, looks, 128, "at the end only the last are left")
		}},
		{"each_is_looked_at_a_few_times", "ten thousand that somebody holds must not cost a look at all for each", func(r *rig) {
			looks := 0
			for range 10_000 {
				r.Site().KeepUnread(func() (bool, error) { looks++; return true, errOops })
			}
			require.Less(r, looks, 3*10_000)
			r.SetExceptionHandler(func(Exception) {})
		}},
		{"few_again_after_many", "it is as attentive as before", func(r *rig) {
			all, _ := r.letters(10_000, true)
			for _, l := range all {
				l.err = nil
			}
			for swept := false; !swept; {
				r.Site().KeepUnread(func() (bool, error) { swept = true; return true, nil })
			}
			_, want := r.letters(128, false)
			require.Equal(r, want, r.log)
		}},
		{"the_handler_leaves_an_error", "it is kept like others", func(r *rig) {
			r.SetExceptionHandler(func(e Exception) {
				r.say("%v", e.Err)
				if e.Err != errOops {
					r.Site().KeepUnread((&letter{errOops, true}).look)
				}
			})
			r.letters(128, false)
			require.Len(r, r.log, 128)
			r.log = nil
			require.NoError(r, r.Close())
			require.Len(r, r.log, 128)
			for _, text := range r.log {
				require.Equal(r, errOops.Error(), text)
			}
		}},
	})
}

// errOops is what goes wrong on purpose.
var errOops = errors.New("oops")
