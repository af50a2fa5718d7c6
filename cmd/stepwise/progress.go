// progress.go: `stepwise progress`, how far the reader has come. Read cli.go first;
// internal/progress keeps the verdicts. hint.go and solution.go help with the next step.

package main

import (
	"encoding/json"
	"fmt"
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

// exercised returns the lesson that word names, by its number, its name or both. The error
// says to call command, with the name of a lesson behind it.
func exercised(word string, command ...string) (lesson.Lesson, error) {
	var names []string
	for _, l := range lesson.All() {
		name := strings.TrimSuffix(l.Notebook(), ".ipynb")
		if isCalled(name, word) {
			return l, nil
		}
		names = append(names, name)
	}
	err := fmt.Errorf("there is no exercise %s; these are the exercises:\n    %s", word, strings.Join(names, "\n    "))
	return lesson.Lesson{}, try(&usageError{err}, append(command, names[0])...)
}
