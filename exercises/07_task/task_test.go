package task

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestTask(t *testing.T) { judge.Run(t, lesson.Task, lesson.Impl{Step: Step}) }
