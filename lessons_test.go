package stepwise

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/exercises/judge"
	"stepwise/pkg/faulty"
	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

// Each lesson's table, on the library: go test -run Lesson09 .

func TestLesson01Blocking(t *testing.T)    { judge.Run(t, lesson.Blocking, lesson.Library) }
func TestLesson02Nonblocking(t *testing.T) { judge.Run(t, lesson.Nonblocking, lesson.Library) }
func TestLesson03Selector(t *testing.T)    { judge.Run(t, lesson.Selector, lesson.Library) }
func TestLesson04Callbacks(t *testing.T)   { judge.Run(t, lesson.Callbacks, lesson.Library) }
func TestLesson05Future(t *testing.T)      { judge.Run(t, lesson.Future, lesson.Library) }
func TestLesson06Coroutine(t *testing.T)   { judge.Run(t, lesson.Coroutine, lesson.Library) }
func TestLesson07Task(t *testing.T)        { judge.Run(t, lesson.Task, lesson.Library) }
func TestLesson08Connect(t *testing.T)     { judge.Run(t, lesson.Connect, lesson.Library) }
func TestLesson09Send(t *testing.T)        { judge.Run(t, lesson.Send, lesson.Library) }
func TestLesson10Read(t *testing.T)        { judge.Run(t, lesson.Read, lesson.Library) }
func TestLesson11ReadAll(t *testing.T)     { judge.Run(t, lesson.ReadAll, lesson.Library) }
func TestLesson12Fetch(t *testing.T)       { judge.Run(t, lesson.Fetch, lesson.Library) }
func TestLesson13Together(t *testing.T)    { judge.Run(t, lesson.Together, lesson.Library) }
func TestLesson14Time(t *testing.T)        { judge.Run(t, lesson.Time, lesson.Library) }
func TestLesson15Cancel(t *testing.T)      { judge.Run(t, lesson.Cancel, lesson.Library) }
func TestLesson16Serve(t *testing.T)       { judge.Run(t, lesson.Serve, lesson.Library) }
func TestLesson17Outside(t *testing.T)     { judge.Run(t, lesson.Outside, lesson.Library) }
func TestLesson18Fast(t *testing.T)        { judge.Run(t, lesson.Fast, lesson.Library) }

// TestEveryLessonIsRun: the tests above have a line for each lesson.
func TestEveryLessonIsRun(t *testing.T) {
	source, err := os.ReadFile("lessons_test.go")
	require.NoError(t, err)
	var have, want []string
	for _, line := range regexp.MustCompile(`(?m)^func TestLesson\d.*$`).FindAllString(string(source), -1) {
		have = append(have, strings.Join(strings.Fields(line), " "))
	}
	for _, l := range lesson.All() {
		want = append(want, fmt.Sprintf("func TestLesson%02d%s(t *testing.T) { judge.Run(t, lesson.%[2]s, lesson.Library) }", l.Number, l.Variable()))
	}
	assert.Equal(t, want, have)
}

// TestWrong proves that the tables can fail: each implementation that is wrong
// on purpose is found out by the cases that claim to, and by no other, and the
// report knows it by its name.
func TestWrong(t *testing.T) {
	before := trial.SetPatience(10 * time.Second) // most that hang do so on purpose
	defer trial.SetPatience(before)
	for _, l := range lesson.All() {
		assert.GreaterOrEqual(t, len(l.Wrong), 20, "lesson %02d", l.Number)
		for _, wrong := range l.Wrong {
			t.Run(l.Name+"/"+wrong.Name, func(t *testing.T) {
				want := onThisMachine(wrong.CaughtBy)
				if len(want) == 0 {
					t.Skip("there is no IPv6 here")
				}
				report := l.Check(wrong.Impl)
				var caught []string
				for _, f := range report.Failures {
					caught = append(caught, f.Case.ID)
					checkMessage(t, f)
				}
				require.Equal(t, want, caught)
				if len(want) == len(wrong.CaughtBy) {
					assert.Contains(t, report.Like, wrong.Name)
					assert.False(t, report.Partly)
				}
			})
		}
	}
}

// onThisMachine leaves out the case that passes where there is no IPv6.
func onThisMachine(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "C11" && !faulty.HasIPv6() })
}

// checkMessage wants a failed case to say what was tried, got and wanted. What
// has no words of its own is a wait without an end, a panic, or the like.
func checkMessage(t *testing.T, f trial.Failure) {
	var mismatch *trial.Mismatch
	if errors.As(f.Err, &mismatch) {
		assert.NotEmpty(t, mismatch.Tried)
		assert.NotEmpty(t, mismatch.Got)
		assert.NotEmpty(t, mismatch.Want)
		return
	}
	assert.Regexp(t, "the code still waits|never slept|doesn't return|escaped into the loop|panic|resource temporarily unavailable", f.Err.Error(), f.Case.ID)
}

// TestTables holds for every table: what is said is said for each case, once.
func TestTables(t *testing.T) {
	numbers, names := map[int]bool{}, map[string]bool{}
	for _, l := range lesson.All() {
		t.Run(l.Slug(), func(t *testing.T) {
			assert.False(t, numbers[l.Number] || names[l.Name], "the number or the name stands twice")
			numbers[l.Number], names[l.Name] = true, true
			for name := range strings.SplitSeq(l.Judges, ", ") {
				_, there := reflect.TypeFor[lesson.Impl]().FieldByName(name)
				assert.True(t, there, "Impl has no field %q", name)
			}
			ids := map[string]bool{}
			for _, c := range l.Cases {
				assert.False(t, ids[c.ID], "%s stands twice", c.ID)
				ids[c.ID] = true
				assert.NotEmpty(t, c.Name, c.ID)
				assert.NotEmpty(t, c.Why, c.ID)
				for i, hint := range l.Hints[c.ID] {
					assert.NotEmpty(t, hint, "%s, hint %d", c.ID, i+1)
				}
			}
			assert.Len(t, l.Hints, len(l.Cases), "hints for a case that isn't there")
			wrongs := map[string]bool{}
			for _, w := range l.Wrong {
				assert.False(t, wrongs[w.Name], "%q stands twice", w.Name)
				wrongs[w.Name] = true
			}
			checkNeeds(t, l)
			for name, id := range l.Fits {
				assert.True(t, wrongs[name] && ids[id], "%q, for which %s fits", name, id)
			}
		})
	}
}

// checkNeeds wants what a case needs to stand before it.
func checkNeeds(t *testing.T, l lesson.Lesson) {
	place := map[string]int{}
	for i, c := range l.Cases {
		place[c.ID] = i + 1
	}
	for id, needs := range l.Needs {
		for _, before := range needs {
			assert.True(t, 0 < place[before] && place[before] < place[id], "%s needs %s", id, before)
		}
	}
}
