package cancel

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestCancel(t *testing.T) {
	judge.Run(t, lesson.Cancel, lesson.Impl{NewTask: NewTask, Group: Group})
}
