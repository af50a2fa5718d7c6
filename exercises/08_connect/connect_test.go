package connect

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestConnect(t *testing.T) { judge.Run(t, lesson.Connect, lesson.Impl{Connect: Connect}) }
