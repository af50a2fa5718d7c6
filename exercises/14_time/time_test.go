package time

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestTime(t *testing.T) { judge.Run(t, lesson.Time, lesson.Impl{NewTimedLoop: New}) }
