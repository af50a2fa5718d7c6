// watch.go: `stepwise watch` and `stepwise reset`. Read cli.go first; internal/watch does the
// watching, and internal/restart knows how an exercise was at first.

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"stepwise/cmd/stepwise/internal/restart"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/watch"
	"stepwise/pkg/lesson"
)

type watchCommand struct {
	Lesson string `arg:"" optional:"" help:"Lesson to begin with, by number or name (default: where you were last)."`
}

func (watchCommand) Help() string {
	return `Judges an exercise each time that you save its file, in the words of go test, and shows what to look at first. It goes on to the next exercise only when you ask.

  h  a hint for what fails first; again, the next one, which says more
  l  the list of exercises
  n  the next exercise that isn't solved
  r  start this exercise over; yours is kept under a dated name
  o  open the file in $VISUAL, $EDITOR, VS Code or vi
  q  quit

Without a terminal it prints each result below the one before, until it is ended.

Examples:

  stepwise watch
  stepwise watch 09`
}

// Run is called for stepwise watch.
func (c *watchCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	o := watch.Options{Course: course.Dir, In: os.Stdin, Out: s.Out,
		Terminal: term.IsTerminal(int(os.Stdin.Fd())) && isTerminal(s.Out),
		Reset:    func(l lesson.Lesson) (string, error) { return restart.Exercise(ctx, course.Dir, l, time.Now()) }}
	if c.Lesson != "" {
		l, err := exercised(c.Lesson, "watch")
		if err != nil {
			return err
		}
		o.Lesson = &l
	}
	return watch.Run(ctx, o)
}

type resetCommand struct {
	Lesson   string `arg:"" help:"Lesson by number or name: 9, 09, send or 09-send."`
	Notebook bool   `help:"Start only the notebook over."`
	Exercise bool   `help:"Start only the exercise over."`
}

func (resetCommand) Help() string {
	return `Brings a lesson's notebook and its exercise back to how they were in the course, even if you have deleted them. Yours are kept beside them under dated names, and the way back is printed. Nothing else is touched.

Examples:

  stepwise reset 09
  stepwise reset 09 --exercise`
}

// Run is called for stepwise reset.
func (c *resetCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	l, err := exercised(c.Lesson, "reset")
	if err != nil {
		return err
	}
	parts := []func(context.Context, string, lesson.Lesson, time.Time) (string, error){restart.Notebook, restart.Exercise}
	switch {
	case c.Notebook && !c.Exercise:
		parts = parts[:1]
	case c.Exercise && !c.Notebook:
		parts = parts[1:]
	}
	for _, part := range parts {
		says, err := part(ctx, course.Dir, l, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintln(s.Out, says)
	}
	return nil
}
