package loop_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
)

// keeper notes whether it may keep the processor.
type keeper struct {
	*selector.Fake
	kept []bool
}

func (k *keeper) KeepProcessor(keep bool) { k.kept = append(k.kept, keep) }

func TestKeepProcessor(t *testing.T) {
	for _, c := range []struct {
		name    string
		without sys.Trick
		before  func(l *loop.Loop) (release func())
		want    []bool // of two rounds, the second after release
	}{
		{"as_usual", 0, nil, []bool{true, true}},
		{"switched_off", sys.KeepProcessor, nil, nil},
		{"another_trick_is_switched_off", sys.KeepStacks, nil, []bool{true, true}},
		{"not_while_somebody_works_outside", 0, (*loop.Loop).Hold, []bool{false, true}},
		{"but_while_news_is_expected", 0, (*loop.Loop).Expect, []bool{true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := &keeper{Fake: selector.NewFake()}
			l, err := loop.New(loop.Options{Selector: k, Without: c.without})
			require.NoError(t, err)
			defer l.Close()
			round := func() {
				l.CallSoon(func() {})
				require.NoError(t, l.Round())
			}
			if c.before == nil {
				round()
			} else {
				release := c.before(l)
				round()
				release()
				release()
			}
			round()
			require.Equal(t, c.want, k.kept)
		})
	}
}

// TestShortCalls: which table of system calls a loop uses.
func TestShortCalls(t *testing.T) {
	own := sys.Kernel
	for _, c := range []struct {
		name string
		loop.Options
		want *sys.Calls
	}{
		{"as_usual", loop.Options{}, &sys.Kernel},
		{"switched_off", loop.Options{Without: sys.ShortCalls}, &sys.Plain},
		{"a_table_of_your_own", loop.Options{Calls: &own, Without: sys.ShortCalls}, &own},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := loop.New(c.Options)
			require.NoError(t, err)
			defer l.Close()
			require.Same(t, c.want, l.Calls())
		})
	}
}

// TestKeepProcessorAmongLoops: a loop that sleeps doesn't keep the processor that another
// loop needs.
func TestKeepProcessorAmongLoops(t *testing.T) {
	for _, c := range []struct {
		name       string
		processors int
		want       bool // of the second loop, which runs while the first does
	}{
		{"one_for_two_loops", 1, false},
		{"one_for_each_loop", 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.processors))
			var keepers [2]*keeper
			var loops [2]*loop.Loop
			for i := range loops {
				keepers[i] = &keeper{Fake: selector.NewFake()}
				l, err := loop.New(loop.Options{Selector: keepers[i]})
				require.NoError(t, err)
				defer l.Close()
				loops[i] = l
			}
			nothing := func() {}
			loops[1].CallSoon(nothing)
			loops[0].CallSoon(func() { require.NoError(t, loops[1].Round()) })
			require.NoError(t, loops[0].Round())
			loops[0].CallSoon(nothing)
			require.NoError(t, loops[0].Round())
			require.Equal(t, []bool{c.want}, keepers[1].kept)
			require.Equal(t, []bool{true, true}, keepers[0].kept, "it was alone")
		})
	}
}
