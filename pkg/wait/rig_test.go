package wait_test

// What the tests of this package stand on; read it first.

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// stage is a loop without a kernel, with tasks that note how they end.
type stage struct{ *looptest.Rig }

func newStage(t testing.TB) *stage { return &stage{looptest.New(t)} }

// spawn is a task that notes its name and how body has ended.
func (s *stage) spawn(name string, body func(yield coro.Yield) error) *task.Task {
	return task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
		err := body(yield)
		if err == nil {
			s.Note("%s", name)
		} else {
			s.Note("%s: %v", name, err)
		}
		return nil, nil
	})
}

// happened wants exactly that since the last time, when nothing is left to run.
func (s *stage) happened(want ...string) {
	s.Helper()
	s.Settle()
	s.Happened(want...)
}

// run is one body, to its end.
func (s *stage) run(body func(yield coro.Yield) error) error {
	_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
	return err
}

type situation struct {
	name string
	run  func(s *stage)
}

// try runs the situations, closes their loops, and wants back what they took.
func try(t *testing.T, situations []situation) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			before := leaktest.Begin(t)
			s := newStage(t)
			c.run(s)
			require.NoError(t, s.Close())
			before.End()
		})
	}
}
