// Package trial judges code by cases.
//
// A Case is one situation: it runs the code and returns what is wrong with it.
// Table.Check runs the cases one after the other, survives code that panics or
// hangs, finds the line where it happened, and compares the failures with those
// of implementations that are known to be wrong. The Report says all that.
//
//	report := trial.Table{
//		Title: "lesson 99, add",
//		Cases: []trial.Case{{ID: "A1", Name: "two ones", Why: "prices are sums", Run: func() error {
//			if got := add(1, 1); got != 2 {
//				return trial.Fail("add 1 and 1", fmt.Sprint(got), "2", nil)
//			}
//			return nil
//		}}},
//	}.Check()
//	fmt.Println(report)
//
// What is judged, and by which cases, is not known here: package lesson has the
// tables.
//
// Order of reading: trial.go (what a table is), check.go (how it is run), loop.go
// (how a case that needs a loop is run), quiet.go (whether the loop sleeps), place.go
// (where the code failed), stuck.go (what code waits for that doesn't return), beside.go
// (how a case stops it between two steps), known.go (which mistake it looks like),
// report.go (what is said of it).
package trial

import "errors"

// ErrTODO is what code returns until somebody writes it. Code that returns it in
// the first case is not judged: it is not started.
var ErrTODO = errors.New("not written yet")

// Case is one situation, ready to run on the code that is judged.
type Case struct {
	ID   string       // in the catalog of situations: "W01"
	Name string       // the situation in words: "a part is taken"
	Why  string       // what goes wrong if code fails here
	Run  func() error // nil if the code passes; otherwise what is wrong, as Fail says it
}

// Table is what code is judged by. The first case is the plain situation, in
// which code that is not written yet shows its ErrTODO.
type Table struct {
	Title string // "lesson 09, send"
	Noun  string // what is judged, to follow "your": "send", "blocking ask"
	Hints string // the function that a learner calls for a hint: "lesson.Send.Hint"
	Cases []Case
	Known []Known

	// Needs are the IDs of earlier cases that a case can't pass without, by its own ID:
	// if one of them fails, the report says no more about this case.
	Needs map[string][]string

	// Fits are the IDs of the cases whose hints help against a known mistake, by its name,
	// if it isn't the first that fails.
	Fits map[string]string
}

// Known is a mistake that is known: an implementation that makes it, and the
// cases that find it out.
type Known struct {
	Name     string   // what it does, to follow "a send that": "ignores the count"
	CaughtBy []string // the IDs of all cases that it fails, in the table's order
	Cases    []Case   // the table's, ready to run on this implementation
}
