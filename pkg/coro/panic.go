package coro

// What becomes of a panic in a body.

import (
	"errors"
	"fmt"
	"slices"

	"stepwise/pkg/site"
)

// PanicError is a panic of the body, as its error. task.ReportPanics says who has to
// look at it.
type PanicError struct {
	Value any
	Stack []byte // of the body, where it panicked
}

// Error gives the panic's value; the stack is in Stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap gives the panic's value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// StackTrace is Stack, for code that doesn't know coroutines, such as a loop's
// exception handler.
func (e *PanicError) StackTrace() []byte { return e.Stack }

var _ site.Panic = (*PanicError)(nil)

// Panics returns every panic in err, each once: those that were joined, wrapped or cut
// short by a timeout. It doesn't look into a panic's own value.
func Panics(err error) (all []*PanicError) {
	var first *PanicError
	if !errors.As(err, &first) {
		return nil
	}
	var inside []error
	switch e := err.(type) {
	case *PanicError:
	case interface{ Unwrap() []error }:
		inside = e.Unwrap()
	case interface{ Unwrap() error }:
		inside = []error{e.Unwrap()}
	}
	for _, err := range inside {
		for _, p := range Panics(err) {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	if len(all) == 0 { // err is one, or shows one by As alone
		all = []*PanicError{first}
	}
	return all
}
