package blocking

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestBlocking(t *testing.T) { judge.Run(t, lesson.Blocking, lesson.Impl{Ask: Ask}) }
