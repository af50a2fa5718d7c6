package fast

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestEcho(t *testing.T) { judge.Run(t, lesson.Fast, lesson.Impl{Echo: Echo}) }
