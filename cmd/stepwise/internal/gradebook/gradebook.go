// Package gradebook is a table of a class: how far each learner has come with each exercise.
//
//	book := gradebook.Book{Lessons: lessons, Entries: entries}
//	err := book.HTML(w)
//
// What comes from a learner is shown as text alone: no control characters, no markup, and no
// formula in a spreadsheet. write.go has the forms in which a Book is written.
package gradebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// State is what became of an exercise.
type State string

// The states.
const (
	Solved     State = "solved"      // every case passes
	Begun      State = "begun"       // it was judged, and some case fails
	NotStarted State = "not started" // as it was in the course
	Missing    State = "missing"     // there is no file, or nothing was ever judged
	Broken     State = "broken"      // it doesn't compile
	Refused    State = "refused"     // it uses what no exercise needs, so it was not run
	Stopped    State = "stopped"     // it ended without a verdict, or was ended
)

// Entry is one learner's standing with one exercise.
type Entry struct {
	Learner string `json:"learner"`
	Lesson  string `json:"lesson"` // "09_send"
	State   State  `json:"state"`
	Passed  int    `json:"passed"` // cases
	Of      int    `json:"of"`     // cases
	Says    string `json:"says"`   // where to begin, or what is wrong; "" if it is solved
}

// Book is the table of a class.
type Book struct {
	Lessons []lesson.Lesson // the columns
	Entries []Entry         // in any order; a Learner and a Lesson without one is Missing
	Source  string          // one sentence: where the entries come from
}

// FromProgress is what the course in folder course knows of its learner, from the verdicts
// that every door keeps. The file is the learner's, who may have changed it. Errors are those
// of progress.Read.
func FromProgress(learner, course string, lessons []lesson.Lesson) ([]Entry, error) {
	all, err := progress.Read(course)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, l := range lessons {
		standing, judged := all[l.Slug()]
		if !judged {
			entries = append(entries, Entry{Learner: learner, Lesson: l.Slug(), State: Missing, Of: len(l.Cases)})
			continue
		}
		entries = append(entries, Of(learner, standing.Best))
	}
	return entries, nil
}

// Of is the Entry of a verdict.
func Of(learner string, v progress.Verdict) Entry {
	e := Entry{Learner: learner, Lesson: v.Lesson, State: Begun, Passed: v.Passed, Of: v.Of, Says: v.Like}
	if v.Solved() {
		e.State, e.Says = Solved, ""
	}
	return e
}

// Learners are the names in the book, sorted.
func (b Book) Learners() []string {
	var names []string
	for _, e := range b.Entries {
		names = append(names, e.Learner)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// row is the learner's entries, one for each lesson.
func (b Book) row(learner string) []Entry {
	var row []Entry
	for _, l := range b.Lessons {
		at := slices.IndexFunc(b.Entries, func(e Entry) bool { return e.Learner == learner && e.Lesson == l.Slug() })
		if at < 0 {
			row = append(row, Entry{Learner: learner, Lesson: l.Slug(), State: Missing, Of: len(l.Cases)})
			continue
		}
		e := b.Entries[at]
		e.Learner, e.Says = plain(e.Learner), plain(e.Says)
		row = append(row, e)
	}
	return row
}

// rows are all rows, by the learners' names.
func (b Book) rows() (all [][]Entry) {
	for _, name := range b.Learners() {
		all = append(all, b.row(name))
	}
	return all
}

// Short is the Entry in a cell of the table: "solved", "7/9", "broken", "" for an exercise
// that is missing or not started.
func (e Entry) Short() string {
	switch e.State {
	case Begun:
		return fmt.Sprintf("%d/%d", e.Passed, e.Of)
	case Missing, NotStarted:
		return ""
	default:
		return string(e.State)
	}
}

// longest is how much of a sentence is shown, in runes.
const longest = 400

// plain is text from a learner on one line, without anything that a terminal obeys.
func plain(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + " …"
	}
	return text
}

// stuck are the learners' entries that have something to say, the lessons in their order.
func (b Book) stuck() []Entry {
	var all []Entry
	for _, row := range b.rows() {
		for _, e := range row {
			if e.Says != "" {
				all = append(all, e)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.Lesson, b.Lesson) })
	return all
}

// solved counts the exercises that the learner of a row has solved.
func solved(row []Entry) (n int) {
	for _, e := range row {
		if e.State == Solved {
			n++
		}
	}
	return n
}
