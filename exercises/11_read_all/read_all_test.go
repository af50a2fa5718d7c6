package readall

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestReadAll(t *testing.T) { judge.Run(t, lesson.ReadAll, lesson.Impl{ReadAll: ReadAll}) }
