// update.go: `stepwise update`, and the hidden `stepwise seed` by which a
// container fills the learner's folder when it starts. Read cli.go first;
// internal/update does the work, copy.go finds the folder.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"stepwise/cmd/stepwise/internal/shell"
	"stepwise/cmd/stepwise/internal/update"
)

var (
	errNoNewer = errors.New("no newer course is at hand: in a clone, git pull brings it, and git restore PATH brings back a file; else name the course's folder with --from DIR")
	errPaths   = errors.New("paths are for bringing files back: stepwise update --restore PATH")
)

// courseVariable names the newer course where --from doesn't.
const courseVariable = "STEPWISE_COURSE"

// few is how many files an update removes without asking: a lesson that was
// renamed, with its exercise. More may mean that --from is not what it seems.
const few = 5

type updateCommand struct {
	Paths   []string `arg:"" optional:"" name:"path" help:"With --restore: files or folders of the course, such as notebooks/09-send.ipynb (default: all that are missing)."`
	From    string   `env:"STEPWISE_COURSE" placeholder:"DIR" help:"The newer course (default: $STEPWISE_COURSE, which the image sets)."`
	DryRun  bool     `help:"Say what would change, and change nothing."`
	Restore bool     `help:"Bring back the files that you deleted, and change nothing else."`
	Force   bool     `help:"Don't ask before more than a few files are removed."`
}

func (updateCommand) Help() string {
	return `Brings your copy of the course up to the one that came with a newer image, and lists what changed. What you changed is never lost: where the course has changed the same file, yours is kept beside it under a dated name, such as 09-send.yours-2026-11-24.ipynb. What you removed stays removed.

With --restore it brings back what you deleted instead: every missing file, or those that you name. A file that you name and have changed starts afresh, and yours is kept under a dated name.

The new files are written first and then put into their places by renames. If the disk is full, your copy stays as it was; if the program is killed or the power fails, the next stepwise command finishes the update before anything else.

Examples:

  stepwise update --dry-run
  stepwise update
  stepwise update --restore
  stepwise update --restore notebooks/09-send.ipynb
  stepwise update --from ../newer-clone`
}

func (c *updateCommand) Run(ctx context.Context, all *commands, s streams) error {
	switch {
	case len(c.Paths) > 0 && !c.Restore:
		return &usageError{errPaths}
	case c.From == "":
		return &usageError{errNoNewer}
	}
	dir, err := findCopy(all.Dir, s.Err, all.SafeDirectory...)
	if err != nil {
		return err
	}
	plan, err := c.plan(dir)
	if err != nil {
		return misuse(err)
	}
	if c.DryRun {
		return c.tell(plan, all.Dir, s)
	}
	if err := c.confirm(ctx, plan, all.Dir, s); err != nil {
		return err
	}
	if err := plan.Apply(time.Now()); err != nil {
		return err
	}
	return c.tell(plan, all.Dir, s)
}

func (c *updateCommand) plan(dir string) (*update.Plan, error) {
	if !c.Restore {
		return update.Compare(c.From, dir)
	}
	return update.Restore(c.From, dir, c.Paths...)
}

// misuse makes what was named wrongly a mistake of usage.
func misuse(err error) error {
	var notCourse *update.NotCourseError
	var noFile *update.NoSuchFileError
	if errors.As(err, &notCourse) || errors.As(err, &noFile) || errors.Is(err, update.ErrNested) {
		return &usageError{err}
	}
	return err
}

// tell lists what has changed, or would.
func (c *updateCommand) tell(plan *update.Plan, course string, s streams) error {
	for _, change := range plan.Changes {
		fmt.Fprintln(s.Out, change)
	}
	n := len(plan.Changes)
	switch {
	case n == 0 && c.Restore:
		fmt.Fprintln(s.Out, "Nothing is missing from your copy.")
	case n == 0:
		fmt.Fprintln(s.Out, "Your copy is up to date.")
	case c.DryRun:
		fmt.Fprintf(s.Out, "%d files would change. This does it: %s\n", n, c.line(course))
	default:
		fmt.Fprintf(s.Out, "%d files, done.\n", n)
	}
	return nil
}

// confirm asks before more than a few files are removed.
func (c *updateCommand) confirm(ctx context.Context, plan *update.Plan, course string, s streams) error {
	n := plan.Removed()
	if n <= few || c.Force {
		return nil
	}
	yes, asked, err := ask(ctx, s.Err, fmt.Sprintf("This removes %d files from your copy, for the course in %s no longer has them. Go on? [y/N] ", n, c.From))
	switch {
	case err != nil:
		return err
	case yes:
		return nil
	case asked:
		return errors.New("nothing was changed")
	}
	return fmt.Errorf("this would remove %d files that the course in %s no longer has: nothing was changed; see which, then say so\n    %s\n    %s",
		n, c.From, c.line(course, "--dry-run"), c.line(course, "--force"))
}

// line is this very update as one types it, without --dry-run.
func (c *updateCommand) line(course string, more ...string) string {
	words := append(slices.Concat(self, inCourse(course)), "update")
	if c.From != os.Getenv(courseVariable) {
		words = append(words, "--from", c.From)
	}
	if c.Restore {
		words = append(words, "--restore")
	}
	return shell.Line(append(append(words, more...), c.Paths...)...)
}

type seedCommand struct {
	From string `required:"" help:"The course."`
	To   string `arg:"" help:"The learner's folder."`
}

// Run prints nothing unless there is something to do or to say: it stands at
// every start of a container.
func (c *seedCommand) Run(s streams) error {
	if err := finish(filepath.Clean(c.To), s.Err); err != nil {
		return err
	}
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
