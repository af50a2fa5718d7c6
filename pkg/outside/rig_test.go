package outside

// What the tests of this package stand on; read it first.

import (
	"os"
	"os/signal"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// TestMain has package signal start its goroutine, which never ends, and Go's
// timers open their poller, before anybody counts.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, one)
	signal.Stop(c)
	time.AfterFunc(time.Hour, func() {}).Stop()
	os.Exit(m.Run())
}

// stage is a loop on a real selector, which is woken from outside.
type stage struct {
	*looptest.Rig
	closed func() // called when the loop has just closed, if it isn't nil
}

// play runs body as a task on a loop of its own, with the kernel's clock, or, if it
// is quick, with one that jumps where the selector would sleep up to a timer. It
// wants every descriptor and goroutine back (M02, M03), and no report that the body
// hasn't read.
func play(t *testing.T, quick bool, body func(s *stage, yield coro.Yield)) {
	before := leaktest.Begin(t)
	s := newStage(t, quick)
	defer s.Close() // where the body has failed
	s.Play(func(yield coro.Yield) { body(s, yield) })
	require.NoError(t, s.Close())
	if s.closed != nil {
		s.closed()
	}
	before.Goroutines()
	before.FilesSoon() // a server or the resolver is about to close some
	require.Empty(t, s.Reports)
}

// newStage keeps no stacks: some situations count goroutines while the loop runs.
func newStage(t *testing.T, quick bool) *stage {
	counted := func(o *loop.Options) { o.Without = sys.KeepStacks }
	if quick {
		return &stage{Rig: looptest.Quick(t, counted)}
	}
	return &stage{Rig: looptest.Real(t, counted)}
}

func (s *stage) spawn(body coro.Body) *task.Task { return task.Spawn(s.Loop, body) }

// turns lets the loop go round a few times.
func (s *stage) turns(yield coro.Yield) {
	for range 10 {
		require.NoError(s, task.Checkpoint(yield))
	}
}

// reported is what the loop has reported since the last time, without the stacks.
func (s *stage) reported() (all []string) {
	for _, e := range s.Reports {
		all = append(all, e.Message+": "+e.Err.Error())
	}
	s.Reports = nil
	return all
}

// pending wants that the loop has closed with a task that still waited.
func (s *stage) pending() {
	reports := s.reported()
	require.Len(s, reports, 1)
	require.Contains(s, reports[0], "the loop closed: a task that was still pending: outside.")
}
