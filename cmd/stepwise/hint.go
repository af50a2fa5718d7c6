// hint.go: `stepwise hint`. Read progress.go first.

package main

import (
	"fmt"
	"slices"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
	"strings"
)

type hintCommand struct {
	Lesson string `arg:"" help:"Lesson by number or name: 9, 09, send or 09-send."`
	Number int    `arg:"" optional:"" default:"1" help:"Which of the three hints: 1, 2 or 3; each says more (default: 1)."`
	Case   string `placeholder:"ID" help:"The case that you want a hint for, such as W01 (default: the one that the judge recommended last, or the first)."`
}

func (hintCommand) Help() string {
	return `Prints a hint for an exercise: for the case that helps most with what the judge saw last, or for the one that you name. The second hint says more than the first, and the third says nearly everything.

Examples:

  stepwise hint 09
  stepwise hint 09 2
  stepwise hint 09 3 --case W01`
}

// Run is called for stepwise hint.
func (c *hintCommand) Run(course setup.Course, s streams) error {
	l, err := exercised(c.Lesson, "hint")
	if err != nil {
		return err
	}
	id := strings.ToUpper(c.Case)
	if id == "" {
		all, err := progress.Read(course.Dir)
		if err != nil {
			return err
		}
		if id = all[l.Slug()].Last.Case; id == "" || l.Hints[id] == (lesson.Hints{}) {
			id = l.Cases[0].ID
		}
	}
	at := slices.IndexFunc(l.Cases, func(one lesson.Case) bool { return one.ID == id })
	if at < 0 || c.Number < 1 || c.Number > len(lesson.Hints{}) {
		return try(&usageError{fmt.Errorf("%s", l.Hint(id, c.Number))}, "hint", c.Lesson, "--case", l.Cases[0].ID)
	}
	_, err = fmt.Fprintf(s.Out, "%s: hint %d for %s, %s\n\n%s\n", l.Label(), c.Number, id, l.Cases[at].Name, l.Hint(id, c.Number))
	return err
}
