// run.go: `stepwise run` plays a lesson in the terminal. Read cli.go first; package
// internal/player does the work, in a program of its own.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/setup"
)

type runCommand struct {
	Lesson string `arg:"" help:"Lesson by number or name: 9, 09, send or 09-send."`
	All    bool   `help:"Run all cells without waiting for Enter."`
	Trace  bool   `help:"After each cell, show what its loops did, step by step."`
}

func (runCommand) Help() string {
	return `Plays a lesson in the terminal, without Jupyter: its prose, its code, and what the code shows. It waits for Enter before each cell, except with --all or without a terminal. A picture is shown as text. With --trace, each cell is followed by what its loops did: step by step, or on to the next sleep, the next yield, a task's next step, or the end. The lesson ends at the first cell that fails. Ctrl-C stops the running cell and keeps what it has defined; a second Ctrl-C ends the lesson.

The first start compiles the interpreter, which takes a minute.

Examples:

  stepwise run 09
  stepwise run --all 09-send
  stepwise run 11 --trace
  stepwise run --all 9 > lesson.txt`
}

func (c *runCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	paths, err := called(course.Notebooks(), c.Lesson, "run")
	if err != nil {
		return err
	}
	program, err := course.BuildPlayer(ctx, func(what string) { fmt.Fprintf(s.Err, "%-11s %s …\n", "player", what) })
	if err != nil {
		return err
	}
	args := []string{program}
	if c.All {
		args = append(args, "--all")
	}
	if c.Trace {
		args = append(args, "--trace")
	}
	// The player takes this program's place, so that it has the terminal, its keys
	// and its signals to itself.
	return fmt.Errorf("starting %s: %w", program, syscall.Exec(program, append(args, paths[0]), os.Environ()))
}

// called returns the notebook that word names, by its number, its name, or both, and
// its translations. The error lists all notebooks; command is what to try instead.
func called(dir, word, command string) (paths []string, err error) {
	all, err := notebook.Find(dir)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no lessons in %s", dir)
	}
	var names []string
	for _, path := range all {
		name := notebook.NameOf(path)
		if isCalled(name, word) {
			paths = append(paths, path)
		}
		names = append(names, name)
	}
	if len(paths) > 0 {
		return paths, nil
	}
	err = fmt.Errorf("there is no lesson %s; these are the lessons:\n    %s", word, strings.Join(names, "\n    "))
	return nil, try(&usageError{err}, command, names[0])
}

// isCalled reports whether word means the lesson called name: 09-send is also
// called 9, 09, send, 9-send, 09_send (like its exercise) and 09-send.ipynb, in any
// folder.
func isCalled(name, word string) bool {
	word = strings.TrimSuffix(filepath.Base(word), ".ipynb")
	word = strings.ToLower(strings.ReplaceAll(word, "_", "-"))
	name = strings.ToLower(name)
	number, title, _ := strings.Cut(name, "-")
	front, rest, both := strings.Cut(word, "-")
	sameNumber := front != "" && strings.Trim(front, "0123456789") == "" && strings.TrimLeft(front, "0") == strings.TrimLeft(number, "0")
	switch {
	case sameNumber && both:
		return rest == title
	case sameNumber:
		return true
	}
	return word != "" && (word == title || word == name)
}
