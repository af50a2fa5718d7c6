package fetch

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestFetch(t *testing.T) { judge.Run(t, lesson.Fetch, lesson.Impl{ReadBody: ReadBody}) }
