package coro_test

// What the tests of this package stand on; read it first.

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
)

// script is a test and the list of what happened in it.
type script struct {
	*testing.T
	log []string
}

func (s *script) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

// echo yields what it is sent, until an error comes; then it returns both.
func (s *script) echo(yield coro.Yield) (any, error) {
	s.note("begun")
	defer s.note("ended")
	var in any
	for {
		v, err := yield(in)
		if err != nil {
			s.note("%v", err)
			return in, err
		}
		in = v
	}
}

type situation struct {
	name string
	run  func(s *script)
}

// try runs the situations, and wants back what each took.
func try(t *testing.T, situations []situation) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			before := leaktest.Begin(t)
			c.run(&script{T: t})
			before.End()
		})
	}
}

// errorOf is fn's panic, which must be an error; nil if there is none.
func errorOf(fn func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = v.(error)
		}
	}()
	fn()
	return nil
}

// invariants is called after each step: before the end, Result has no value.
func invariants(t testing.TB, c *coro.Coro) {
	t.Helper()
	if v, err := c.Result(); errors.Is(err, coro.ErrNotFinished) {
		require.Nil(t, v)
	}
}
