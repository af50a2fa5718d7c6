package zmtp

import (
	"sync"
	"time"
)

// A quiet prints at most linesPerMinute, and counts the rest: a stranger must not be
// able to fill a disk by what is logged about it.
type quiet struct {
	print func(format string, arguments ...any)
	now   func() time.Time

	mu    sync.Mutex
	until time.Time // the end of this minute
	said  int       // lines in it
	held  int       // lines that were not printed since the last that was
}

const linesPerMinute = 20

func (q *quiet) printf(format string, arguments ...any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now := q.now(); now.After(q.until) {
		q.until, q.said = now.Add(time.Minute), 0
	}
	if q.said == linesPerMinute {
		q.held++
		return
	}
	q.said++
	if q.held > 0 {
		q.print("%d lines like the next are left out", q.held)
		q.held = 0
	}
	q.print(format, arguments...)
}
