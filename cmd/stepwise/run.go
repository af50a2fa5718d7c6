// run.go: `stepwise run`: a lesson in the terminal. Read cli.go first; package
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
	Lesson string `arg:"" help:"Lesson by number or name: 9, 09 or 09-send."`
	All    bool   `help:"Run all cells, and wait for nobody."`
	Trace  bool   `help:"Show, after each cell, what its loops did, step by step."`
}

func (runCommand) Help() string {
	return `Plays a lesson in the terminal, without Jupyter: its prose, its code, and what the code shows. Before each cell it waits for Enter; with --all, or where there is no terminal, it waits for nobody. A picture comes as its text. It ends at the first cell that fails. Ctrl-C stops the cell that runs and keeps what it has defined; once more ends the lesson.

The first start compiles the interpreter, which takes a minute.

Examples:

  stepwise run 09
  stepwise run --all 09-send
  stepwise run 11 --trace
  stepwise run --all 9 > lesson.txt`
}

func (c *runCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	path, err := theLesson(course.Notebooks(), c.Lesson)
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
	// The player takes this program's place: the terminal, its keys and its
	// signals are then the player's, with nobody between them.
	return fmt.Errorf("starting %s: %w", program, syscall.Exec(program, append(args, path), os.Environ()))
}

// theLesson is the one notebook that the word names. The error lists them all.
func theLesson(dir, word string) (string, error) {
	if len(word) == 1 {
		word = "0" + word
	}
	paths, err := choose(dir, []string{word})
	if err == nil {
		return paths[0], nil
	}
	all, findErr := notebook.Find(dir)
	if findErr != nil {
		return "", findErr
	}
	if len(all) == 0 {
		return "", fmt.Errorf("there are no lessons in %s", dir)
	}
	var names strings.Builder
	for _, path := range all {
		fmt.Fprintf(&names, "\n    %s", strings.TrimSuffix(filepath.Base(path), ".ipynb"))
	}
	return "", &usageError{fmt.Errorf("there is no lesson %s; these are here:%s", word, names.String())}
}
