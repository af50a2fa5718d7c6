package lesson

// More of lesson 04's cases: readers that are removed, and those that come after them. Read
// callbacks.go first.

import (
	"fmt"

	"stepwise/pkg/selector"
)

// loopSameNumber has two ready at once. The first to run closes the descriptor of the
// other, in effect, and the number goes to somebody else, in the same round.
func loopSameNumber(t *turns) {
	for fd := range 2 {
		t.fake.SetReady(fd, selector.Read)
		t.reader(fd, func() {
			t.notes = append(t.notes, "old")
			if other := 1 - fd; t.RemoveReader(other) {
				t.reader(other, t.note("new"))
			}
			t.RemoveReader(fd)
		})
	}
	t.rounds(1)
	t.heard("two descriptors are ready, and the first reader that runs removes the other and adds one for its number", "old")
	t.rounds(1)
	t.heard("the next round", "new")
}

func loopRemoves(t *turns) {
	if t.RemoveReader(1) {
		fail("remove a reader that was never added", "true", "false", nil)
	}
	t.reader(1, t.note("reader"))
	t.fake.SetReady(1, selector.Read)
	if first, again := t.RemoveReader(1), t.RemoveReader(1); !first || again {
		fail("remove a reader, and again", fmt.Sprintf("%v, %v", first, again), "true, false", nil)
	}
	if t.fake.Unregister(1) == nil {
		fail("look for what the reader left behind", "a descriptor that is still registered with the selector", "nothing", nil)
	}
	t.CallSoon(t.note("soon"))
	t.rounds(1)
	t.heard("remove a reader, and run a round with something to read", "soon")
	t.reader(1, t.note("reader"))
	_ = t.fake.Unregister(1) // as if the descriptor had been closed first
	if !t.RemoveReader(1) {
		fail("remove a reader whose descriptor the selector has lost already", "false", "true: it was there", nil)
	}
	t.reader(1, t.note("the next reader"))
}

// loopBatch makes both ready at once: the one that runs first removes the other.
func loopBatch(t *turns) {
	for fd := range 2 {
		t.fake.SetReady(fd, selector.Read)
		t.reader(fd, func() {
			t.notes = append(t.notes, "a reader")
			t.RemoveReader(1 - fd)
		})
	}
	t.rounds(1)
	t.heard("two descriptors are ready, and the first reader that runs removes the other", "a reader")
}

func loopNextReader(t *turns) {
	t.fake.SetReady(1, selector.Read)
	t.reader(1, func() {
		t.notes = append(t.notes, "first")
		t.RemoveReader(1)
		if err := t.AddReader(1, t.note("second")); err != nil {
			t.notes = append(t.notes, "the second was refused")
		}
	})
	t.rounds(2)
	t.heard("a reader removes itself and adds another, and two rounds", "first", "second")
}
