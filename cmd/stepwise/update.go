// update.go: `stepwise update`, and the hidden `stepwise seed` by which a
// container fills the learner's folder when it starts. Read cli.go first;
// internal/update does the work.

package main

import (
	"errors"
	"fmt"
	"time"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/update"
)

var errNoNewer = errors.New("no newer course is at hand: in a clone, git pull brings it; else name its folder with --from")

type updateCommand struct {
	From   string `env:"STEPWISE_COURSE" placeholder:"DIR" help:"The newer course (default: $STEPWISE_COURSE, which the image sets)."`
	DryRun bool   `help:"Say what would change, and change nothing."`
}

func (updateCommand) Help() string {
	return `Brings your copy of the course up to the one that came with a newer image, and lists what changed. What you changed is never lost: where the course has changed the same file, yours is kept beside it under a dated name, such as 09-send.yours-2026-11-24.ipynb. What you removed stays removed.

Examples:

  stepwise update --dry-run
  stepwise update
  stepwise update --from ../newer-clone`
}

func (c *updateCommand) Run(course setup.Course, s streams) error {
	if c.From == "" {
		return &usageError{errNoNewer}
	}
	plan, err := update.Compare(c.From, course.Dir)
	if err != nil {
		return err
	}
	if !c.DryRun {
		err = plan.Apply(time.Now())
	}
	for _, change := range plan.Changes {
		fmt.Fprintln(s.Out, change)
	}
	if err != nil {
		return err
	}
	switch {
	case len(plan.Changes) == 0:
		fmt.Fprintln(s.Out, "Your copy is up to date.")
	case c.DryRun:
		fmt.Fprintf(s.Out, "%d files would change. This does it: stepwise update\n", len(plan.Changes))
	default:
		fmt.Fprintf(s.Out, "%d files, done.\n", len(plan.Changes))
	}
	return nil
}

type seedCommand struct {
	From string `required:"" help:"The course."`
	To   string `arg:"" help:"The learner's folder."`
}

// Run prints nothing unless there is something to do or to say: it stands at
// every start of a container.
func (c *seedCommand) Run(s streams) error {
	plan, added, err := update.Seed(c.From, c.To)
	switch {
	case err != nil:
		return err
	case added > 0:
		fmt.Fprintf(s.Out, "The course is laid into %s: %d files.\n", c.To, added)
	case len(plan.Changes) > 0:
		fmt.Fprintf(s.Out, "This image brings a newer course, %d files differ. In a terminal, stepwise update shows and takes them; what you changed is kept.\n", len(plan.Changes))
	}
	return nil
}
