// grade.go: `stepwise grade`, the table of a class. Read cli.go first; internal/grade judges
// what was handed in, internal/gradebook is the table.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/cmd/stepwise/internal/grade"
	"stepwise/cmd/stepwise/internal/gradebook"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/pkg/lesson"
)

type gradeCommand struct {
	Folders  []string      `arg:"" name:"dir" help:"Folder of a learner: a course, its exercises folder, or one with folders such as 09_send in it."`
	Lesson   []string      `placeholder:"NN,…" help:"Only these lessons, by number or name."`
	CSV      bool          `name:"csv" xor:"form" help:"Print a line for each learner and lesson, for a spreadsheet."`
	JSON     bool          `name:"json" xor:"form" help:"Print the same as JSON."`
	HTML     bool          `name:"html" xor:"form" help:"Print a web page."`
	Progress bool          `help:"Judge nothing: show what progress.tsv in each folder says, which is the learner's own file."`
	Limit    time.Duration `default:"2m" help:"Time for each exercise."`
	Allow    []string      `placeholder:"IMPORT,…" help:"Packages that exercises may import too."`

	NoNamespaces bool `help:"Run exercises that can't be set apart from this machine's files and network. Use it only for learners whom you trust."`
}

func (gradeCommand) Help() string {
	return `Judges the exercises of a class and prints a table: how many cases each learner's exercise passes, and where to begin with what doesn't pass. The judge is this course's; tests and judges in the learners' folders are not looked at. Names are those of the folders.

Each exercise is compiled and run apart, one at a time: without a network, without this machine's files, as nobody, bounded in time, memory, processes, files and output. This needs Linux's namespaces. An exercise that imports what no exercise needs is refused, as are unsafe and reflect, by which it could change its verdict. Nothing in the folders is changed.

Examples:

  stepwise grade handed-in/*
  stepwise grade --lesson 09,10 --csv handed-in/* > class.csv
  stepwise grade --progress --html volumes/* > class.html

Exit status: 0 if there is a table, whatever it says, and 1 if the machine lacks something.`
}

// Run is called for stepwise grade.
func (c *gradeCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	lessons, err := c.lessons()
	if err != nil {
		return err
	}
	learners, err := grade.FindLearners(c.Folders, !c.Progress)
	if err != nil {
		return &usageError{err}
	}
	var book gradebook.Book
	if c.Progress {
		book, err = fromProgress(learners, lessons)
	} else {
		book, err = c.judge(ctx, course, learners, lessons, s.Err)
	}
	if err != nil {
		return err
	}
	switch {
	case c.CSV:
		return book.CSV(s.Out)
	case c.JSON:
		return book.JSON(s.Out)
	case c.HTML:
		return book.HTML(s.Out)
	}
	return book.Text(s.Out)
}

func (c *gradeCommand) lessons() (all []lesson.Lesson, err error) {
	for _, word := range c.Lesson {
		l, err := exercised(word, "grade", "DIR", "--lesson")
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	if all == nil {
		all = lesson.All()
	}
	return all, nil
}

func (c *gradeCommand) judge(ctx context.Context, course setup.Course, learners []grade.Learner, lessons []lesson.Lesson, says io.Writer) (gradebook.Book, error) {
	dir, err := filepath.Abs(course.Dir)
	if err != nil {
		return gradebook.Book{}, err
	}
	grader, err := grade.New(ctx, grade.Options{Course: dir, Lessons: lessons, Limit: c.Limit, Allow: c.Allow, Unwalled: c.NoNamespaces,
		Begin: func(who grade.Learner, l lesson.Lesson) { fmt.Fprintf(says, "%s, %s …\n", who.Name, l.Label()) }})
	if errors.Is(err, box.ErrUnavailable) {
		err = fmt.Errorf("exercises can't be set apart from this machine: %w. Grade in the course's container or on another Linux. If you trust your learners with your files and network, add --no-namespaces", err)
	}
	if err != nil {
		return gradebook.Book{}, err
	}
	return grader.Grade(ctx, learners)
}

// fromProgress takes the learners' own word.
func fromProgress(learners []grade.Learner, lessons []lesson.Lesson) (gradebook.Book, error) {
	book := gradebook.Book{Lessons: lessons, Source: "As the learners' own folders have it: a learner can write anything into progress.tsv. stepwise grade judges the exercises themselves."}
	var wrong []error
	for _, who := range learners {
		entries, err := gradebook.FromProgress(who.Name, who.Folder, lessons)
		wrong = append(wrong, err)
		book.Entries = append(book.Entries, entries...)
	}
	return book, errors.Join(wrong...)
}
