package callbacks

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestCallbacks(t *testing.T) { judge.Run(t, lesson.Callbacks, lesson.Impl{NewLoop: New}) }
