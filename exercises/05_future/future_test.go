package future

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestFuture(t *testing.T) { judge.Run(t, lesson.Future, lesson.Impl{NewFuture: New}) }
