// progress.go: `stepwise progress`, `hint` and `solution`: how far the reader has come, and
// help with the next step. Read cli.go first; internal/progress keeps the verdicts.

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

type progressCommand struct {
	Map  bool `help:"Draw the course as a house, as text."`
	JSON bool `name:"json" help:"Print what is known of each lesson, as JSON."`
}

func (progressCommand) Help() string {
	return `Lists the lessons, and how far you have come with each exercise, as the judge said last in a notebook (%test), in go test, or in stepwise watch. It is kept in progress.tsv in the course's folder, which you may read, edit and delete. Nothing is sent anywhere.

Examples:

  stepwise progress
  stepwise progress --map

Exit status: 0, or 1 if the file can't be read.`
}

// told is what progress says of one lesson.
type told struct {
	Lesson string `json:"lesson"` // "09_send"
	Label  string `json:"-"`
	Solved bool   `json:"solved"`
	Passed int    `json:"passed"` // in the best try
	Of     int    `json:"of"`
	Tries  int    `json:"tries"`
	Begin  string `json:"begin,omitempty"` // where to begin, after the last try
}

// Run is called for stepwise progress.
func (c *progressCommand) Run(course setup.Course, s streams) error {
	if c.Map {
		picture, err := progress.Map(course.Dir)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(s.Out, strings.TrimSpace(picture.String()))
		return err
	}
	all, err := progress.Read(course.Dir)
	if err != nil {
		return err
	}
	lines := tellAll(all)
	if c.JSON {
		e := json.NewEncoder(s.Out)
		e.SetIndent("", "  ")
		return e.Encode(lines)
	}
	_, err = fmt.Fprint(s.Out, inWords(lines))
	return err
}

func tellAll(all map[string]progress.Standing) (lines []told) {
	for _, l := range lesson.All() {
		one := told{Lesson: l.Slug(), Label: l.Label(), Of: len(l.Cases)}
		if standing, begun := all[l.Slug()]; begun {
			best := standing.Best
			one.Solved, one.Passed, one.Of, one.Tries = best.Solved(), best.Passed, best.Of, standing.Tries
			if !best.Solved() {
				one.Begin = standing.Last.Like
			}
		}
		lines = append(lines, one)
	}
	return lines
}

func inWords(lines []told) string {
	var b strings.Builder
	solved := 0
	for _, l := range lines {
		state := "not judged yet"
		switch {
		case l.Solved:
			state = "solved"
			solved++
		case l.Tries > 0:
			state = strings.TrimSpace(fmt.Sprintf("%d of %s pass. %s", l.Passed, setup.Count(l.Of, "case"), l.Begin))
		}
		fmt.Fprintf(&b, "%-16s %s\n", l.Label, state)
	}
	fmt.Fprintf(&b, "%d of %s solved\n", solved, setup.Count(len(lines), "exercise"))
	return b.String()
}

// exercised returns the lesson that word names, by its number, its name or both.
func exercised(word, command string) (lesson.Lesson, error) {
	var names []string
	for _, l := range lesson.All() {
		name := strings.TrimSuffix(l.Notebook(), ".ipynb")
		if isCalled(name, word) {
			return l, nil
		}
		names = append(names, name)
	}
	err := fmt.Errorf("there is no exercise %s; these are the exercises:\n    %s", word, strings.Join(names, "\n    "))
	return lesson.Lesson{}, try(&usageError{err}, command, names[0])
}

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
