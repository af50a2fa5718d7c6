package coroutine

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestCoroutine(t *testing.T) { judge.Run(t, lesson.Coroutine, lesson.Impl{NewCoro: New}) }
