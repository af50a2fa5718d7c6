package stepwise

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/pkg/lesson"
)

// Each lesson's table, on the library: go test -run Lesson09

func TestLesson08Connect(t *testing.T) { check(t, lesson.Connect) }
func TestLesson09Send(t *testing.T)    { check(t, lesson.Send) }
func TestLesson10Read(t *testing.T)    { check(t, lesson.Read) }
func TestLesson11ReadAll(t *testing.T) { check(t, lesson.ReadAll) }

func check(t *testing.T, l lesson.Lesson) {
	report := l.Check(lesson.Library)
	for _, c := range report.Passed {
		t.Run(c.ID, func(*testing.T) {})
	}
	for _, f := range report.Failures {
		t.Run(f.Case.ID, func(t *testing.T) {
			t.Errorf("%s: %v\nwhy it matters: %s", f.Case.Name, f.Err, f.Case.Why)
		})
	}
}

// TestWrong proves that the tables can fail: each implementation that is wrong
// on purpose is found out by the cases that claim to.
func TestWrong(t *testing.T) {
	for _, l := range lesson.All() {
		assert.GreaterOrEqual(t, len(l.Wrong), 5, "lesson %02d", l.Number)
		for _, wrong := range l.Wrong {
			t.Run(l.Name+"/"+wrong.Name, func(t *testing.T) {
				var caught []string
				for _, f := range l.Check(wrong.Impl).Failures {
					caught = append(caught, f.Case.ID)
				}
				t.Logf("fails %v", caught)
				for _, id := range wrong.CaughtBy {
					assert.True(t, slices.Contains(caught, id), "%s should have caught it", id)
				}
			})
		}
	}
}
