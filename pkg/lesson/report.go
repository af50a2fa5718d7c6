package lesson

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// Failure is a case that was not passed.
type Failure struct {
	Case Case
	Err  error  // what was tried, got and wanted
	At   string // where the code panicked, or stood when it was given up: "exercises/09_send/send.go:23, in Send"; or ""
}

// String is the failure as a learner reads it, with where and why.
func (f Failure) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, f.Err)
	if f.At != "" {
		fmt.Fprintf(&b, "where: %s\n", f.At)
	}
	fmt.Fprintf(&b, "why it matters: %s", f.Case.Why)
	return b.String()
}

// Report is what Check found.
type Report struct {
	Lesson     string // "lesson 09, send"
	NotStarted bool   // the code returns ErrTODO; nothing was judged
	Passed     []Case
	Failures   []Failure
	NotRun     []Case // if the code was not started, or didn't come back
	Like       string // the known wrong implementation that fails in the same way: "ignores the count"; or ""

	lesson Lesson
}

// String is the report as a learner reads it.
func (r Report) String() string {
	if r.NotStarted {
		return r.Lesson + ": not started, the code returns lesson.ErrTODO"
	}
	var b strings.Builder
	for _, c := range r.Passed {
		fmt.Fprintf(&b, "ok    %s  %s\n", c.ID, c.Name)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "FAIL  %s  %s\n      %s\n", f.Case.ID, f.Case.Name, strings.ReplaceAll(f.String(), "\n", "\n      "))
	}
	for _, c := range r.NotRun {
		fmt.Fprintf(&b, "not run  %s  %s\n", c.ID, c.Name)
	}
	if r.Like != "" {
		fmt.Fprintln(&b, r.Advice())
	}
	all := len(r.Passed) + len(r.Failures) + len(r.NotRun)
	fmt.Fprintf(&b, "%s: %d of %d cases pass", r.Lesson, len(r.Passed), all)
	if len(r.Failures) > 0 {
		fmt.Fprintf(&b, "; for a hint: lesson.%s.Hint(%q, 1)", r.lesson.variable(), r.Failures[0].Case.ID)
	}
	return b.String()
}

// Advice says which known wrong implementation fails in the same way: "This is
// how a send fails that ignores the count."; "" if none does.
func (r Report) Advice() string {
	if r.Like == "" {
		return ""
	}
	return fmt.Sprintf("This is how a %s fails that %s.", cmp.Or(r.lesson.Noun, r.lesson.Name), r.Like)
}

// variable is the lesson's name in this package: "ReadAll" for read_all.
func (l Lesson) variable() string {
	var b strings.Builder
	for word := range strings.SplitSeq(l.Name, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// Mismatch is how a case fails: something was tried, and what came of it is not
// what should have.
type Mismatch struct {
	Tried, Got, Want string
	Err              error // the error that was got, if it was one
}

// Error reads like "read at the end: got "" and no error; want io.EOF".
func (m *Mismatch) Error() string { return fmt.Sprintf("%s: got %s; want %s", m.Tried, m.Got, m.Want) }

// Unwrap gives the error that was got, for errors.Is.
func (m *Mismatch) Unwrap() error { return m.Err }

// said puts an error into words that fit behind "got".
func said(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("the error %q", err)
}

// both puts data and an error into words that fit behind "got".
func both(data []byte, err error) string {
	if len(data) > 40 {
		return fmt.Sprintf("%d bytes and %s", len(data), said(err))
	}
	return fmt.Sprintf("%q and %s", data, said(err))
}

var number = regexp.MustCompile(`\d+`)

// masked is an error without its numbers, which differ from run to run.
func masked(err error) string { return number.ReplaceAllString(err.Error(), "N") }
