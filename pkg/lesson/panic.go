package lesson

// panic.go: a panic is a judgement too, if it says where it happened. Read
// check.go first.

import (
	"errors"
	"fmt"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// panicked puts a panic into words, with the line of the exercise on which it
// happened. stack is the panicking goroutine's, as debug.Stack gives it.
func panicked(v any, stack []byte) error {
	return fmt.Errorf("panic: %v%s", v, at(stack))
}

// atIn is where err, if it is a panic of a coroutine's body, happened in the
// exercise; else "".
func atIn(err error) string {
	var p *coro.PanicError
	if errors.As(err, &p) {
		return at(p.Stack)
	}
	return ""
}

// at is the place on a stack, to follow a sentence: ", at 09_send/send.go:14".
func at(stack []byte) string {
	if line := place(stack); line != "" {
		return ", at " + line
	}
	return ""
}

// exercises is how the name of a function of an exercise begins.
const exercises = "stepwise/exercises/"

// place is the innermost line of an exercise on a stack that panicked:
// "09_send/send.go:14". It is "" if there is none: the code was the course's, or
// a cell's, which has no line that a Go stack could tell.
func place(stack []byte) string {
	_, below, _ := strings.Cut(string(stack), "\npanic(")
	lines := strings.Split(below, "\n")
	for i := 0; i+1 < len(lines); i++ {
		if strings.HasPrefix(lines[i], exercises) {
			line, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
			parts := strings.Split(line, "/")
			return strings.Join(parts[max(0, len(parts)-2):], "/")
		}
	}
	return ""
}

// escaped puts into words what the loop heard and nobody else: an error that no
// result could tell.
func escaped(e loop.Exception) error {
	return fmt.Errorf("an error escaped into the loop: %s: %w%s", e.Message, e.Err, at(e.Stack))
}
