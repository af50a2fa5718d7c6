package together

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestTogether(t *testing.T) {
	judge.Run(t, lesson.Together, lesson.Impl{Gather: Gather, NewSemaphore: NewSemaphore})
}
