// Package lesson holds the lessons: for each, the cases that judge the functions
// that a learner writes.
//
// A Lesson is a table of cases. Each says what must happen in one situation, and
// why; Check runs them all on an implementation, the library's or the learner's
// own, on real sockets against servers that misbehave. Tests, notebook cells and
// the command line call the same Check. How cases are run, and what is said of
// those that fail, is the business of package trial.
//
//	fmt.Println(lesson.Send.Check(lesson.Library))
//
// The folder is flat because all lessons share one vocabulary: a check that fails
// ends its case, as in a test, so a case reads as a list of steps. The names of a
// lesson's files begin with the lesson's.
//
// Order of reading: lesson.go (what a lesson is), impl.go (what is judged),
// course.go (all lessons, and the floors that they build), expect.go (how a case
// fails), then a lesson: its cases, its wrong implementations (NAME_wrong.go),
// its hints (NAME_hints.go).
package lesson

import (
	"cmp"
	"fmt"
	"strings"

	"stepwise/pkg/trial"
)

// Lesson is a table of cases, and its place in the course. The first case is the
// plain situation, in which code that is not written yet shows its ErrTODO.
type Lesson struct {
	Number   int
	Name     string // "send", "read_all"
	Question string // the one that it answers
	Able     string // what you can do after it, to follow "you can"
	Code     string // where its code is in pkg/: "sock/send.go", "selector"
	Noun     string // what is judged, if that is not the name: "blocking ask"; it follows "your"
	Judges   string // the fields of Impl that the exercise is about: "Send", "Gather, NewSemaphore"
	Cases    []Case
	Wrong    []Wrong
	Hints    map[string]Hints // by the case's ID

	// Needs are the IDs of earlier cases that a case can't pass without, by its own ID.
	Needs map[string][]string

	// Fits are the IDs of the cases whose hints help against a wrong implementation, by its
	// name, if it isn't the first that fails.
	Fits map[string]string
}

// Case is one situation.
type Case struct {
	ID   string     // in the catalog of situations: "W01"
	Name string     // the situation in words: "a part is taken"
	Why  string     // what goes wrong if code fails here
	Run  func(Impl) // ends by trial.Must if the code doesn't pass
}

// Wrong is an implementation that is WRONG ON PURPOSE, and the cases that find
// it out.
type Wrong struct {
	Name     string // what it does, to follow "a send that": "ignores the count"
	Impl     Impl
	CaughtBy []string // the IDs of all cases that it fails, in the table's order; at least one
}

// Hints lead to one case's solution: where to look, what to think of, what to
// write. Each says more than the one before.
type Hints [3]string

// Label is the lesson's number and name, as in the syllabus: "11 read_all".
func (l Lesson) Label() string { return fmt.Sprintf("%02d %s", l.Number, l.Name) }

// Slug names the lesson's folder in exercises/ and solutions/: "09_send".
func (l Lesson) Slug() string { return fmt.Sprintf("%02d_%s", l.Number, l.Name) }

// Notebook is the name of the lesson's file in notebooks/: "11-read-all.ipynb".
func (l Lesson) Notebook() string { return strings.ReplaceAll(l.Slug(), "_", "-") + ".ipynb" }

// Variable is the lesson's name in this package: "ReadAll" for read_all.
func (l Lesson) Variable() string {
	var b strings.Builder
	for word := range strings.SplitSeq(l.Name, "_") {
		b.WriteString(strings.ToUpper(word[:min(1, len(word))]) + word[min(1, len(word)):])
	}
	return b.String()
}

// fits says that the hints of this case help against all of these mistakes.
func fits(id string, names ...string) map[string]string {
	m := map[string]string{}
	for _, name := range names {
		m[name] = id
	}
	return m
}

// Check runs every case on impl, one after the other, and reports what it found.
// It never panics: an implementation that panics, hangs or ends its goroutine
// fails the case. Code that returns ErrTODO in the first case is not started, and
// nothing else is run.
func (l Lesson) Check(impl Impl) trial.Report {
	t := trial.Table{
		Title: fmt.Sprintf("lesson %02d, %s", l.Number, l.Name),
		Noun:  cmp.Or(l.Noun, l.Name),
		Hints: "lesson." + l.Variable() + ".Hint",
		Cases: l.on(impl),
		Needs: l.Needs,
		Fits:  l.Fits,
	}
	for _, w := range l.Wrong {
		t.Known = append(t.Known, trial.Known{Name: w.Name, CaughtBy: w.CaughtBy, Cases: l.on(w.Impl)})
	}
	return t.Check()
}

// on is the lesson's cases, ready to run on impl.
func (l Lesson) on(impl Impl) []trial.Case {
	impl = impl.orLibrary()
	cases := make([]trial.Case, 0, len(l.Cases))
	for _, c := range l.Cases {
		cases = append(cases, trial.Case{ID: c.ID, Name: c.Name, Why: c.Why, Run: func() error { c.Run(impl); return nil }})
	}
	return cases
}

// Hint is the nth hint, from 1 to 3, for a case, whether it passes or not. If
// there is no such case or hint, it says which there are.
func (l Lesson) Hint(id string, n int) string {
	hints, ok := l.Hints[id]
	switch {
	case !ok:
		return fmt.Sprintf("Lesson %02d has no hints for %q; it has them for %s.", l.Number, id, strings.Join(l.ids(), ", "))
	case n < 1 || n > len(hints):
		return fmt.Sprintf("There is no hint %d: ask for 1, 2 or %d.", n, len(hints))
	}
	return hints[n-1]
}

// ids are those of the cases, in their order.
func (l Lesson) ids() []string {
	ids := make([]string, 0, len(l.Cases))
	for _, c := range l.Cases {
		ids = append(ids, c.ID)
	}
	return ids
}
