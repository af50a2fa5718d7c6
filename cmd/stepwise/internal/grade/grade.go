package grade

import (
	"context"
	"fmt"
	"time"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/cmd/stepwise/internal/gradebook"
	"stepwise/pkg/lesson"
)

// Options say how a class is graded.
type Options struct {
	Course  string          // the teacher's, whose judge judges: its folder
	Lessons []lesson.Lesson // nil for all
	Limit   time.Duration   // for each exercise; 0 is two minutes
	Allow   []string        // import paths that submissions may use, beside those that exercises need

	// Unwalled runs submissions that can't be set apart, because the system has no namespaces:
	// bounded, as nobody if this is root, and with what they may use bounded as always.
	Unwalled bool

	// Begin, if not nil, is told each exercise that is judged next.
	Begin func(Learner, lesson.Lesson)
}

// Grader judges submissions. It is not for several goroutines: cases count what a process does,
// so one is judged at a time.
type Grader struct {
	course string
	limit  time.Duration
	walls  box.Walls
	rules  rules
	o      Options
	known  map[string]gradebook.Entry // by lesson and submission, since a class hands in much that is the same
}

// New returns a Grader. The error is a box.ErrUnavailable where submissions can't be set apart
// and Unwalled doesn't allow for it.
func New(ctx context.Context, o Options) (*Grader, error) {
	if o.Limit == 0 {
		o.Limit = patience
	}
	if o.Lessons == nil {
		o.Lessons = lesson.All()
	}
	g := &Grader{course: o.Course, limit: o.Limit, walls: box.Apart, o: o, known: map[string]gradebook.Entry{}}
	if o.Unwalled {
		g.walls = box.Nobody
	} else if err := box.Available(ctx); err != nil {
		return nil, err
	}
	var err error
	g.rules, err = rulesOf(o.Course, o.Allow)
	return g, err
}

// Grade judges the learners' exercises one after the other. What a learner has handed in is
// never an error: it is an Entry. An error is ctx's, or says what the machine lacks.
func (g *Grader) Grade(ctx context.Context, learners []Learner) (gradebook.Book, error) {
	book := gradebook.Book{Lessons: g.o.Lessons, Source: "Judged by the course's own cases."}
	for _, learner := range learners {
		for _, l := range g.o.Lessons {
			if g.o.Begin != nil {
				g.o.Begin(learner, l)
			}
			e, err := g.one(ctx, learner.Folder, l)
			if err != nil {
				return book, fmt.Errorf("grade: %s of %s: %w", l.Slug(), learner.Name, err)
			}
			e.Learner = learner.Name
			book.Entries = append(book.Entries, e)
		}
	}
	return book, nil
}

func (g *Grader) one(ctx context.Context, folder string, l lesson.Lesson) (gradebook.Entry, error) {
	s, err := take(folder, l)
	if err != nil {
		e := gradebook.Entry{Lesson: l.Slug(), State: gradebook.Missing, Of: len(l.Cases)}
		if err != errMissing {
			e.State, e.Says = gradebook.Refused, err.Error()
		}
		return e, nil
	}
	key := l.Slug() + s.key()
	if e, known := g.known[key]; known {
		return e, nil
	}
	e, err := g.judge(ctx, l, s)
	if err == nil {
		g.known[key] = e
	}
	return e, err
}
