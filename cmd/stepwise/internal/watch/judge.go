// Package watch judges an exercise each time that its file is saved: `stepwise watch`.
//
// Read judge.go first (how one exercise is judged), then files.go (what was saved), model.go
// (what the reader sees and which keys there are) and watch.go (how it all runs).
package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// outcome is what came of judging an exercise once.
type outcome struct {
	lesson lesson.Lesson
	report progress.Report
	broken string // what Go says of code that doesn't compile, or why nothing was judged; "" if it was
}

// judged is an outcome in which the exercise ran.
func (o outcome) judged() bool { return o.broken == "" && !o.report.NotStarted }

// judge judges the exercise of l in the course by its own go test, whose words and progress
// are those of every other door.
func judge(ctx context.Context, course string, l lesson.Lesson) outcome {
	o := outcome{lesson: l}
	dir, err := os.MkdirTemp("", "stepwise-watch-")
	if err != nil {
		o.broken = err.Error()
		return o
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report.json")
	var said bytes.Buffer
	err = child.Run(ctx, child.Program{Name: "go", Dir: course, Out: &said,
		Args: []string{"test", "-vet=off", "-count=1", "./exercises/" + l.Slug(), "-report", report, "-door", "watch"}})
	if o.report, err = reportOf(report, err); err != nil {
		o.broken = complaint(said.String(), err)
	}
	return o
}

// reportOf reads the report. There is one even if the tests failed.
func reportOf(path string, failed error) (progress.Report, error) {
	r, err := progress.ReadReport(path)
	if err != nil && failed != nil {
		return r, failed
	}
	return r, err
}

// complaint is what go test said of code that it couldn't run, without what only tools
// want to know.
func complaint(said string, err error) string {
	var lines []string
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "FAIL") && !strings.HasPrefix(line, "# ") {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
		return text
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "there is no go command: " + err.Error()
	}
	return fmt.Sprint("the exercise could not be judged: ", err)
}
