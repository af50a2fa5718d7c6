package nonblocking

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestNonblocking(t *testing.T) { judge.Run(t, lesson.Nonblocking, lesson.Impl{Poll: Poll}) }
