package trial

import (
	"fmt"
	"strings"

	"stepwise/pkg/coro"
)

// Failure is a case that was not passed.
type Failure struct {
	Case Case
	Err  error  // what was tried, got and wanted
	At   string // where the code panicked, or stood when it was given up: "exercises/09_send/send.go:23, in Send"; or ""
	With string // the ID of an earlier failure, without which this one may not be there; or ""
}

// String is the failure as a learner reads it, with where and why; or the case with
// which it fails, since that one comes first.
func (f Failure) String() string {
	if f.With != "" {
		return "fails with " + f.With
	}
	var b strings.Builder
	fmt.Fprintln(&b, inWords(f.Err))
	if f.At != "" {
		fmt.Fprintf(&b, "where: %s\n", f.At)
	}
	fmt.Fprintf(&b, "why it matters: %s", f.Case.Why)
	return b.String()
}

// Report is what Check found.
type Report struct {
	NotStarted bool // the code returns ErrTODO; nothing was judged
	Passed     []Case
	Failures   []Failure
	NotRun     []Case   // if the code was not started, or didn't return
	Like       []string // the known mistakes that fail in the same way: "ignores the count"
	Partly     bool     // those in Like explain a part of the failures, not all

	table Table
}

// String is the report as a learner reads it: first what the code seems to do wrong.
func (r Report) String() string {
	if r.NotStarted {
		return r.table.Title + ": not started, the code returns lesson.ErrTODO"
	}
	var b strings.Builder
	if len(r.Failures) > 0 {
		fmt.Fprintln(&b, r.Advice())
	}
	for _, c := range r.Passed {
		fmt.Fprintf(&b, "ok    %s  %s\n", c.ID, c.Name)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "FAIL  %s  %s\n      %s\n", f.Case.ID, f.Case.Name, strings.ReplaceAll(f.String(), "\n", "\n      "))
	}
	for _, c := range r.NotRun {
		fmt.Fprintf(&b, "not run  %s  %s\n", c.ID, c.Name)
	}
	fmt.Fprintf(&b, "%s: %d of %d cases pass", r.table.Title, len(r.Passed), len(r.table.Cases))
	if len(r.Failures) > 0 {
		fmt.Fprintf(&b, "; for a hint: %s(%q, 1)", r.table.Hints, r.HintsOf())
	}
	return b.String()
}

// HintsOf is the ID of the case whose hints help first; "" if nothing failed.
func (r Report) HintsOf() string {
	if len(r.Failures) == 0 {
		return ""
	}
	if 0 < len(r.Like) && len(r.Like) <= mostAlike && r.table.Fits[r.Like[0]] != "" {
		return r.table.Fits[r.Like[0]]
	}
	return r.Failures[0].Case.ID
}

// mostAlike is how many mistakes are still worth naming.
const mostAlike = 4

// Advice says where to begin: which known mistake fails in the same way ("It looks as if
// your send ignores the count."), or else which case. It is "" if nothing failed.
func (r Report) Advice() string {
	if len(r.Failures) == 0 {
		return ""
	}
	like := strings.Join(r.Like, ", or ")
	switch first := r.Failures[0].Case; {
	case like == "", len(r.Like) > mostAlike:
		return fmt.Sprintf("Begin with %s: %s.", first.ID, first.Name)
	case r.Partly:
		return fmt.Sprintf("Among other things, it looks as if your %s %s.", r.table.Noun, like)
	}
	return fmt.Sprintf("It looks as if your %s %s.", r.table.Noun, like)
}

// Mismatch is how a case fails: something was tried, and the outcome is not the
// one that was wanted.
type Mismatch struct {
	Tried, Got, Want string
	Err              error // the error that was got, if it was one
}

// Fail is a *Mismatch with these fields; err is the error that was got, or nil.
func Fail(tried, got, want string, err error) error {
	return &Mismatch{tried, got, want, err}
}

// Error reads like "read at the end: got "" and no error; want io.EOF".
func (m *Mismatch) Error() string { return fmt.Sprintf("%s: got %s; want %s", m.Tried, m.Got, m.Want) }

// Unwrap returns the error that was got, for errors.Is.
func (m *Mismatch) Unwrap() error { return m.Err }

// Said puts an error into words, to follow "got".
func Said(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("the error %q", inWords(err))
}

// PanicText puts what code panicked with into words, for reports. A program that interprets
// the code may set it once, before the first Check.
var PanicText = func(value any) string { return fmt.Sprint(value) }

// inWords is the text of err.
func inWords(err error) string {
	if p, ok := err.(*coro.PanicError); ok {
		return "panic: " + PanicText(p.Value)
	}
	return err.Error()
}

// Both puts data and an error into words, to follow "got". For more than 40 bytes
// it says only how many.
func Both(data []byte, err error) string {
	if len(data) > 40 {
		return fmt.Sprintf("%d bytes and %s", len(data), Said(err))
	}
	return fmt.Sprintf("%q and %s", data, Said(err))
}
