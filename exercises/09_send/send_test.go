package send

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestSend(t *testing.T) { judge.Run(t, lesson.Send, lesson.Impl{Send: Send}) }
