package grade

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/cmd/stepwise/internal/gradebook"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

const reportFile = "report.json"

// judge compiles and runs s. An error says that nothing could be judged at all, and is not the
// submission's.
func (g *Grader) judge(ctx context.Context, l lesson.Lesson, s submission) (gradebook.Entry, error) {
	e := gradebook.Entry{Lesson: l.Slug(), Of: len(l.Cases)}
	if err := g.rules.check(s); err != nil {
		e.State, e.Says = gradebook.Refused, err.Error()
		if isNotGo(err) {
			e.State = gradebook.Broken
		}
		return e, nil
	}
	dir, err := os.MkdirTemp("", "stepwise-grade-")
	if err != nil {
		return e, err
	}
	defer os.RemoveAll(dir)
	program, err := build(ctx, g.course, l, s, dir)
	var broken notCompiled
	if errors.As(err, &broken) {
		e.State, e.Says = gradebook.Broken, broken.Error()
		return e, nil
	}
	if err != nil {
		return e, err
	}
	report, err := g.run(ctx, program, dir)
	switch {
	case errors.Is(err, errNoVerdict):
		e.State, e.Says = gradebook.Stopped, strings.TrimPrefix(err.Error(), errNoVerdict.Error()+": ")
		return e, nil
	case err != nil:
		return e, err
	case report.NotStarted:
		e.State = gradebook.NotStarted
		return e, nil
	}
	return gradebook.Of("", report.Verdict), nil
}

// run runs the program in a box. The report is the judge's if it bears a word that only the
// judge has been told.
func (g *Grader) run(ctx context.Context, program, dir string) (progress.Report, error) {
	word := rand.Text()
	work := dir + "/work"
	if err := openTo(dir, work, program); err != nil {
		return progress.Report{}, err
	}
	end, err := box.Run(ctx, box.Program{
		File: program, Dir: work, Result: reportFile, Walls: g.walls,
		Args:   []string{"-test.count=1", "-test.timeout=0", "-report", reportFile, "-door", word},
		Env:    []string{progress.Off + "=1", "HOME=" + work, "PATH=/bin"},
		Limits: box.Limits{Wall: g.limit, CPU: g.limit, Memory: 1 << 30, Files: 64 << 20, Output: 16 << 20, Processes: 512},
	})
	if err != nil {
		return progress.Report{}, err
	}
	var report progress.Report
	if end.Why != "" || json.Unmarshal(end.Result, &report) != nil || !report.NotStarted && report.Verdict.Door != word {
		return progress.Report{}, stopped(end)
	}
	return report, nil
}

// openTo lets nobody, as whom the program may run, read it and write into its folder. The
// learner's source in dir stays ours.
func openTo(dir, work, program string) error {
	err := os.Mkdir(work, 0o777)
	return errors.Join(err, os.Chmod(work, 0o777), os.Chmod(dir, 0o711), os.Chmod(program, 0o755))
}

// patience is how long an exercise may take before it is stopped, unless the teacher says
// otherwise.
const patience = 2 * time.Minute
