package serve

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestServe(t *testing.T) { judge.Run(t, lesson.Serve, lesson.Impl{Serve: Serve}) }
