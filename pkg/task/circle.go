package task

// Tasks that wait for each other in a circle would wait forever: the await that would
// close the circle returns ErrCycle. A chain of tasks is followed to its end. If one of
// them waits for several, by Gather, Wait or a Group, these are followed too, within
// reason.

import "slices"

// closesCircle reports whether a, which t is about to wait for, waits for t.
func (t *Task) closesCircle(a Awaitable) bool {
	if _, ok := a.(*several); ok { // checked one by one, when they were collected
		return false
	}
	for {
		switch other := a.(type) {
		case *Task:
			if t.endsBefore(other) {
				return true
			}
			a = other.waiting
		case *several:
			return t.closesCircleAmong(other.of())
		default:
			return false
		}
	}
}

// closesCircleAmong loses patience: looking at 10,000 tasks at each await would cost
// more than a circle that shows later, as the loop's ErrDeadlock.
func (t *Task) closesCircleAmong(as []Awaitable) bool {
	const patience = 1000
	seen, next := map[Awaitable]bool{}, slices.Clone(as[:min(len(as), patience)])
	for ; len(next) > 0 && len(seen) < patience; next = next[1:] {
		a := next[0]
		if seen[a] {
			continue
		}
		seen[a] = true
		switch a := a.(type) {
		case *Task:
			if t.endsBefore(a) {
				return true
			}
			if a.waiting != nil {
				next = append(next, a.waiting)
			}
		case *several:
			next = append(next, a.of()...)
		}
	}
	return false
}

// endsBefore reports whether t must end before other can: other is t, or owns a Group
// that t is in, directly or not.
func (t *Task) endsBefore(other *Task) bool {
	for ; t != nil; t = t.parent {
		if t == other {
			return true
		}
	}
	return false
}
