package outside

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestOutside(t *testing.T) {
	judge.Run(t, lesson.Outside, lesson.Impl{NewWakingLoop: NewWakingLoop, RunInThread: RunInThread})
}
