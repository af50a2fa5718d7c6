// refresh.go: `stepwise refresh`, for authors. Read cli.go first.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/lab"
	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/regular"
	"stepwise/cmd/stepwise/internal/setup"
)

type refreshCommand struct {
	Lessons []string `arg:"" optional:"" name:"lesson" help:"Lessons by number or name: 9, 09, send or 09-send (default: all)."`
	Always  bool     `help:"Write new outputs even if only times, ports and the like differ."`
}

func (refreshCommand) Help() string {
	return `Runs the notebooks in Jupyter and writes their outputs back, in the form that the course commits. A notebook keeps its old outputs if the new ones differ only in what the comparison masks. Read the difference (git diff) before you commit it: it is what readers will see.

Examples:

  stepwise refresh 09
  stepwise refresh            all of them`
}

func (c *refreshCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	paths, err := choose(course.Notebooks(), c.Lessons)
	if err != nil {
		return err
	}
	jupyter := course.Jupyter()
	if err := setup.Prepare(ctx, s.Out, course.Modules(), jupyter.Step(), course.Kernel()); err != nil {
		return err
	}
	runner := notebook.Runner{Python: jupyter.Python, Env: course.Environment()}
	failures := 0
	for _, path := range paths {
		start := time.Now()
		verdict, err := c.refresh(ctx, runner, path, course.Dir)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			failures++
			verdict = fmt.Sprintf("FAILED\n%v", err)
		}
		fmt.Fprintf(s.Out, "%-28s %8s  %s\n", filepath.Base(path), setup.Took(start), verdict)
	}
	if failures > 0 {
		return fmt.Errorf("%d of %s failed and kept the old outputs", failures, setup.Count(len(paths), "notebook"))
	}
	return nil
}

// refresh runs one notebook and returns what happened to it. It writes nothing if a
// cell fails, or if the new notebook would break a rule of the course.
func (c *refreshCommand) refresh(ctx context.Context, runner notebook.Runner, path, home string) (string, error) {
	before, err := regular.ReadFile(path, regular.NoLimit)
	if err != nil {
		return "", err
	}
	committed, err := notebook.Parse(before)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	committed.Path = path
	committed, err = notebook.FillQuotes(notebook.Normal(committed), home)
	if err != nil {
		return "", err
	}
	fresh, err := runner.Run(ctx, committed)
	if err != nil {
		return "", err
	}
	refreshed := notebook.Refreshed(committed, fresh, c.Always)
	if wrong := notebook.LintCourse(refreshed, home); len(wrong) > 0 {
		return "", fmt.Errorf("    %s", strings.Join(wrong, "\n    "))
	}
	verdict := "unchanged"
	if !bytes.Equal(before, refreshed.Bytes()) {
		verdict = "written"
		if err := replace(path, before, refreshed); err != nil {
			return "", err
		}
	}
	return verdict, lab.RenewDigests(home, path)
}

// errSaved says that somebody saved a notebook while it ran.
var errSaved = errors.New("was changed while it ran, by an editor or a Jupyter; what you saved was kept: run it again")

// replace writes a notebook over the file that it was made from, unless somebody
// saved that file during the run: what they saved is worth more than the outputs.
func replace(path string, before []byte, nb *notebook.Notebook) error {
	now, err := regular.ReadFile(path, regular.NoLimit)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, now) {
		return fmt.Errorf("%s %w", path, errSaved)
	}
	return nb.Write(path)
}

// choose lists the notebooks that the arguments name, or all if there are no
// arguments.
func choose(dir string, lessons []string) (chosen []string, err error) {
	if len(lessons) == 0 {
		return notebook.Find(dir)
	}
	for _, word := range lessons {
		paths, err := called(dir, word, "refresh")
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, paths...)
	}
	return chosen, nil
}
