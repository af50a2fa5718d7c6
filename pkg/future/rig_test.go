package future_test

// What the tests of this package stand on; read it first.

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest/check"
	"stepwise/pkg/future"
	"stepwise/pkg/site"
)

// queue is a Scheduler that is a slice of functions, with the Site of a loop.
type queue struct {
	ready    []func()
	site     *site.Site
	reported []error
}

func (q *queue) CallSoon(fn func())         { q.ready = append(q.ready, fn) }
func (q *queue) Site() *site.Site           { return q.site }
func (q *queue) Now() time.Duration         { return 0 }
func (q *queue) Report(_ string, err error) { q.reported = append(q.reported, err) }

// round runs what is ready now, as the loop does, and says how much it was.
func (q *queue) round() int {
	batch := q.ready
	q.ready = nil
	for _, fn := range batch {
		fn()
	}
	return len(batch)
}

// lost are the errors that nobody has read, and that a loop would report at its end.
func (q *queue) lost() []error {
	q.site.Close(nil)
	return q.reported
}

// bench is a future, its queue, and the list of what happened.
type bench struct {
	*testing.T
	*queue
	f   *future.Future
	log []string
}

func (b *bench) note(format string, args ...any) func() {
	return func() { b.log = append(b.log, fmt.Sprintf(format, args...)) }
}

// run runs rounds until nothing is ready.
func (b *bench) run() {
	b.check()
	for b.round() > 0 {
		b.check()
	}
}

func (b *bench) check() {
	b.Helper()
	require.NoError(b, b.f.CheckInvariants())
}

type situation struct {
	name string
	run  func(b *bench)
}

func try(t *testing.T, situations []situation) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			q := &queue{}
			q.site = site.New(q, check.New(t))
			b := &bench{T: t, queue: q, f: future.New(q)}
			b.check()
			s.run(b)
			b.check()
		})
	}
}
