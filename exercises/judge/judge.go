// Package judge runs a lesson's table as a Go test: on what you write in
// exercises/, and on the library.
//
//	func TestSend(t *testing.T) { judge.Run(t, lesson.Send, lesson.Impl{Send: Send}) }
//
// Each case is a subtest of its own. To see a hint for each case that doesn't
// pass, from 1 to 3:
//
//	go test ./exercises/09_send -hint 1
package judge

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

var hint = flag.Int("hint", 0, "show this hint, 1 to 3, for each case that doesn't pass")

// Run judges impl by the cases of l. Code that returns lesson.ErrTODO is skipped as
// not started, with the file to edit.
func Run(t *testing.T, l lesson.Lesson, impl lesson.Impl) {
	report := l.Check(impl)
	if report.NotStarted {
		t.Skipf("not started: edit %s%s", file(l), hints(l, l.Cases[0].ID))
	}
	for _, c := range report.Passed {
		t.Run(name(c), func(*testing.T) {})
	}
	for _, f := range report.Failures {
		t.Run(name(f.Case), func(t *testing.T) {
			t.Errorf("%v%s", f, hints(l, f.Case.ID))
		})
	}
	for _, c := range report.NotRun {
		t.Run(name(c), func(t *testing.T) { t.Skip("not run: the code didn't return from an earlier case") })
	}
	if len(report.Failures) > 0 {
		t.Log(strings.TrimSpace(report.Advice() + " For hints add -hint 1, 2 or 3."))
	}
}

// name is the subtest's, to choose it by -run: "W01_the_kernel_takes_a_part".
func name(c trial.Case) string { return c.ID + " " + c.Name }

func hints(l lesson.Lesson, id string) string {
	if *hint == 0 {
		return ""
	}
	return "\nhint: " + l.Hint(id, *hint)
}

// file is the exercise's, as seen from the clone: "exercises/09_send/send.go".
func file(l lesson.Lesson) string {
	dir := "exercises/" + l.Slug()
	files, _ := filepath.Glob("*.go") // a test runs in its own folder
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			return dir + "/" + name
		}
	}
	return dir
}
