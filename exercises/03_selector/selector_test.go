package selector

import (
	"testing"

	"stepwise/exercises/judge"
	"stepwise/pkg/lesson"
)

func TestSelector(t *testing.T) { judge.Run(t, lesson.Selector, lesson.Impl{NewSelector: New}) }
