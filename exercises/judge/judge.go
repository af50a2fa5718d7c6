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
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

var (
	hint = flag.Int("hint", 0, "show this hint, 1 to 3, for each case that doesn't pass")
	file = flag.String("report", "", "write what was found to this file, as JSON")
	door = flag.String("door", "go test", "the name of the program that asks, for progress.tsv")
)

// Run judges impl by the cases of l. Code that returns lesson.ErrTODO is not started:
// that is an error where somebody asked for this exercise, since go test shows nothing
// else without -v, and it is skipped where all tests of the course are run.
func Run(t *testing.T, l lesson.Lesson, impl lesson.Impl) {
	report := l.Check(impl)
	keep(t, l, report)
	if report.NotStarted {
		end := t.Skipf
		if asked() {
			end = t.Fatalf
		}
		end("not started: edit %s; its lesson is notebooks/%s: go run ./cmd/stepwise run %02d%s", stub(l), l.Notebook(), l.Number, hints(l, l.Cases[0].ID))
	}
	if len(report.Failures) > 0 {
		t.Log(report.Advice() + " For hints add -hint 1, 2 or 3.")
	}
	for _, c := range report.Passed {
		t.Run(name(c), func(*testing.T) {})
	}
	for _, f := range report.Failures {
		t.Run(name(f.Case), func(t *testing.T) {
			if f.With != "" {
				t.Fatal(f)
			}
			t.Errorf("%v%s", f, hints(l, f.Case.ID))
		})
	}
	for _, c := range report.NotRun {
		t.Run(name(c), func(t *testing.T) { t.Skip("not run: the code didn't return from an earlier case") })
	}
}

// keep notes the verdict in the course's folder, if it is one on an exercise in its place,
// and hands the report to the program that asked for it.
func keep(t *testing.T, l lesson.Lesson, report trial.Report) {
	if *file != "" {
		if err := progress.Tell(l, report, *door).Write(*file); err != nil {
			t.Error(err)
		}
	}
	if report.NotStarted {
		return
	}
	here, err := os.Getwd()
	course, found := progress.Course(here)
	if err != nil || !found || here != filepath.Join(course, "exercises", l.Slug()) {
		return
	}
	if err := progress.Add(course, progress.Of(l, report, *door)); err != nil {
		t.Log("your progress is not kept: ", err)
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

// asked reports whether go test was called in exercises/, or with the names of exercises
// alone. Linux says what our parent process was called with; elsewhere nobody asked.
func asked() bool {
	here, _ := os.Getwd()
	parent := fmt.Sprintf("/proc/%d/", os.Getppid())
	if cwd, err := os.Readlink(parent + "cwd"); err == nil && strings.HasPrefix(cwd+"/", filepath.Dir(here)+"/") {
		return true
	}
	args, _ := os.ReadFile(parent + "cmdline")
	return onlyExercises(strings.Split(string(args), "\x00"))
}

// onlyExercises reports whether the packages among the arguments of go test are all in
// exercises/, and there are some.
func onlyExercises(args []string) (some bool) {
	for _, arg := range args {
		isPackage := strings.HasPrefix(arg, ".") || strings.HasPrefix(arg, "stepwise")
		switch {
		case strings.HasPrefix(arg, "-"):
		case strings.Contains("/"+arg+"/", "/exercises/"):
			some = true
		case isPackage:
			return false
		}
	}
	return some
}

// stub is the exercise's, as seen from the clone: "exercises/09_send/send.go".
func stub(l lesson.Lesson) string {
	dir := "exercises/" + l.Slug()
	files, _ := filepath.Glob("*.go") // a test runs in its own folder
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			return dir + "/" + name
		}
	}
	return dir
}
