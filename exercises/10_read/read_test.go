package read

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestRead(t *testing.T) { judge.Run(t, lesson.Read, lesson.Impl{Read: Read}) }
