// solution.go: `stepwise solution`. Read progress.go first.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/internal/progress"
	"strconv"
)

type solutionCommand struct {
	Lesson string `arg:"" help:"Lesson by number or name: 9, 09, send or 09-send."`
	Force  bool   `help:"Print it without asking, even though the exercise isn't solved."`
}

func (solutionCommand) Help() string {
	return `Prints the solution of an exercise. If the judge hasn't seen yours pass every case yet, it asks first.

Examples:

  stepwise solution 09
  stepwise solution --force 09`
}

// Run is called for stepwise solution.
func (c *solutionCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	l, err := exercised(c.Lesson, "solution")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(course.Dir, "solutions", l.Slug(), l.Name+".go"))
	if err != nil {
		return fmt.Errorf("the solution of lesson %s: %w", l.Label(), err)
	}
	all, err := progress.Read(course.Dir)
	if err != nil {
		return err
	}
	if !c.Force && !all[l.Slug()].Best.Solved() {
		yes, asked, err := ask(ctx, s.Err, fmt.Sprintf("You haven't solved lesson %s yet. Show the solution? [y/N] ", l.Label()))
		switch {
		case err != nil:
			return err
		case !asked:
			return try(fmt.Errorf("lesson %s isn't solved yet, and nobody can be asked here", l.Label()), "solution", "--force", strconv.Itoa(l.Number))
		case !yes:
			return nil
		}
	}
	_, err = s.Out.Write(text)
	return err
}
