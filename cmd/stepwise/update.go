// update.go: `stepwise update`, and the hidden `stepwise seed`, with which a container
// fills the learner's folder when it starts. Read cli.go first; internal/update does
// the work, and copy.go finds the folder.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/shell"
	"stepwise/cmd/stepwise/internal/update"
)

var (
	errNoNewer = errors.New("there is no newer course to take: in a clone, use git pull, and git restore PATH to bring back a file; otherwise name the newer course's folder with --from DIR")
	errPaths   = errors.New("a path needs --restore: stepwise update --restore PATH")
)

// courseVariable names the newer course if --from doesn't.
const courseVariable = "STEPWISE_COURSE"

// few is how many files an update removes without asking: enough for a lesson that
// was renamed, with its exercise. More may mean that --from names the wrong folder.
const few = 5

type updateCommand struct {
	Paths   []string `arg:"" optional:"" name:"path" help:"With --restore: files or folders of the course, such as notebooks/09-send.ipynb (default: all that are missing)."`
	From    string   `env:"STEPWISE_COURSE" placeholder:"DIR" help:"The newer course (default: $STEPWISE_COURSE, which the image sets)."`
	DryRun  bool     `help:"List what would change, but change nothing."`
	Restore bool     `help:"Bring back files that you deleted, and change nothing else."`
	Force   bool     `help:"Remove files without asking, even more than a few."`
}

func (updateCommand) Help() string {
	return `Updates your copy of the course to the one in a newer image, and lists what changed. What you changed is never lost: if the course has changed the same file, yours is kept beside it under a dated name, such as 09-send.yours-2026-11-24.ipynb. What you deleted stays deleted.

With --restore it instead brings back what you deleted: every missing file, or those that you name. If you name a file that you have changed, it starts afresh, and yours is kept under a dated name.

The new files are written first and then renamed into place. If the disk is full, your copy stays as it was; if the program is killed or the power fails, the next stepwise command finishes the update before anything else.

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

// misuse turns an error about a wrong name into a usage error.
func misuse(err error) error {
	var notCourse *update.NotCourseError
	var noFile *update.NoSuchFileError
	if errors.As(err, &notCourse) || errors.As(err, &noFile) || errors.Is(err, update.ErrNested) {
		return &usageError{err}
	}
	return err
}

// tell lists what has changed or would change.
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
		fmt.Fprintf(s.Out, "%s would change. To go ahead: %s\n", setup.Count(plan.Altered(), "file"), c.line(course))
	default:
		fmt.Fprintf(s.Out, "%s changed.\n", setup.Count(plan.Altered(), "file"))
	}
	return nil
}

// confirm asks before more than a few files are removed.
func (c *updateCommand) confirm(ctx context.Context, plan *update.Plan, course string, s streams) error {
	n := plan.Removed()
	if n <= few || c.Force {
		return nil
	}
	yes, asked, err := ask(ctx, s.Err, fmt.Sprintf("This removes %s from your copy that the course in %s no longer has. Continue? [y/N] ", setup.Count(n, "file"), c.From))
	switch {
	case err != nil:
		return err
	case yes:
		return nil
	case asked:
		return errors.New("nothing was changed")
	}
	return fmt.Errorf("this would remove %s that the course in %s no longer has, so nothing was changed; see which files, then confirm\n    %s\n    %s",
		setup.Count(n, "file"), c.From, c.line(course, "--dry-run"), c.line(course, "--force"))
}

// line returns the command line of this update, without --dry-run.
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

// Run prints nothing unless it has done something or there is something to say: it
// runs at every start of a container.
func (c *seedCommand) Run(s streams) error {
	if err := finish(filepath.Clean(c.To), s.Err); err != nil {
		return err
	}
	plan, added, err := update.Seed(c.From, c.To)
	switch {
	case err != nil:
		return err
	case added > 0:
		fmt.Fprintf(s.Out, "The course was copied into %s: %s.\n", c.To, setup.Count(added, "file"))
	case len(plan.Changes) > 0:
		fmt.Fprintf(s.Out, "This image has a newer course, different in %s. In a terminal, stepwise update lists and takes them; what you changed is kept.\n", setup.Count(len(plan.Changes), "file"))
	}
	return nil
}
