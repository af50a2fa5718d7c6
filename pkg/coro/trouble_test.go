package coro_test

// Panics, Goexit, and great numbers. Read rig_test.go before.

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
)

func explode() { panic("boom") }

func TestPanic(t *testing.T) {
	var panicked *coro.PanicError
	try(t, []situation{
		{"G03_at_the_start", func(s *script) {
			c := coro.New(func(coro.Yield) (any, error) { explode(); return 1, nil })
			_, more := c.Send(nil)
			require.False(s, more)
			v, err := c.Result()
			require.Nil(s, v)
			require.EqualError(s, err, "panic: boom")
			require.ErrorAs(s, err, &panicked)
			require.Contains(s, string(panicked.Stack), "explode", "the stack of the body")
			require.Equal(s, panicked.Stack, panicked.StackTrace())
		}},
		{"G03_after_a_resume_with_an_error_as_value", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) { _, err := yield(nil); panic(err) })
			c.Send(nil)
			c.Throw(io.EOF)
			_, err := c.Result()
			require.ErrorIs(s, err, io.EOF)
			require.ErrorAs(s, err, &panicked)
		}},
		{"G03_panic_of_nil", func(s *script) {
			c := coro.New(func(coro.Yield) (any, error) { panic(nil) })
			c.Send(nil)
			_, err := c.Result()
			var none *runtime.PanicNilError
			require.ErrorAs(s, err, &none)
		}},
		{"G04_in_a_defer_during_Close", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) { defer explode(); return yield(nil) })
			c.Send(nil)
			require.NoError(s, errorOf(c.Close), "Close itself doesn't panic")
			_, err := c.Result()
			require.EqualError(s, err, "panic: boom")
		}},
	})
}

// alone shows what it wraps by As only, as an error does that hides a part of it.
type alone struct{ error }

func (a alone) As(target any) bool { return errors.As(a.error, target) }

func TestPanics(t *testing.T) {
	one, two := &coro.PanicError{Value: "one"}, &coro.PanicError{Value: "two"}
	again := &coro.PanicError{Value: one}
	for name, row := range map[string]struct {
		err  error
		want []*coro.PanicError
	}{
		"no_error":                  {nil, nil},
		"no_panic":                  {errors.Join(io.EOF, fmt.Errorf("read: %w", io.EOF)), nil},
		"a_panic":                   {one, []*coro.PanicError{one}},
		"wrapped":                   {fmt.Errorf("a: %w", fmt.Errorf("b: %w", one)), []*coro.PanicError{one}},
		"joined":                    {errors.Join(one, io.EOF, two), []*coro.PanicError{one, two}},
		"joined_and_wrapped":        {fmt.Errorf("a: %w", errors.Join(io.EOF, fmt.Errorf("b: %w", errors.Join(two, one)))), []*coro.PanicError{two, one}},
		"twice":                     {errors.Join(one, fmt.Errorf("a: %w", one), two), []*coro.PanicError{one, two}},
		"a_panic_with_a_panic":      {again, []*coro.PanicError{again}},
		"that_and_what_it_was_with": {errors.Join(again, one), []*coro.PanicError{again, one}},
		"by_As_alone":               {errors.Join(alone{one}, two), []*coro.PanicError{one, two}},
	} {
		t.Run(name, func(t *testing.T) {
			got := coro.Panics(row.err)
			require.Len(t, got, len(row.want))
			for i := range got {
				require.Same(t, row.want[i], got[i])
			}
		})
	}
}

func TestGoexit(t *testing.T) {
	for name, body := range map[string]coro.Body{
		"at_the_start":   func(coro.Yield) (any, error) { runtime.Goexit(); return 1, nil },
		"after_a_resume": func(yield coro.Yield) (any, error) { _, _ = yield(nil); runtime.Goexit(); return 1, nil },
	} {
		try(t, []situation{{"G11_Goexit_ends_both_with_an_error_left/" + name, func(s *script) {
			c := coro.New(body)
			over := make(chan bool, 1)
			go func() {
				outlived := false
				defer func() { over <- outlived }()
				c.Send(nil)
				c.Send(nil)
				outlived = true
			}()
			require.False(s, <-over, "whoever called Send has ended too")
			_, err := c.Result()
			require.ErrorIs(s, err, coro.ErrGoexit)
			c.Close()
			_, more := c.Send(nil)
			require.False(s, more)
		}}})
	}
}

func TestGreatNumbers(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	try(t, []situation{
		{"G12_a_great_many_suspended", func(s *script) {
			before, memory := runtime.NumGoroutine(), inUse()
			ended, all := 0, make([]*coro.Coro, many)
			for i := range all {
				all[i] = coro.New(func(yield coro.Yield) (any, error) {
					defer func() { ended++ }()
					return yield(i)
				})
				out, _ := all[i].Send(nil)
				require.Equal(s, i, out)
			}
			require.InDelta(s, before+many, runtime.NumGoroutine(), 5, "one each; Go's own come and go")
			each := (inUse() - memory) / many
			require.Less(s, each, int64(16<<10), "bytes of a suspended coroutine")
			for i, c := range all {
				if i%2 == 0 {
					c.Close()
				} else {
					c.Send(nil)
				}
			}
			require.Equal(s, many, ended)
		}},
		{"G13_deep_delegation", func(s *script) {
			reached := 0
			var nest func(yield coro.Yield, n int) (any, error)
			nest = func(yield coro.Yield, n int) (any, error) {
				defer func() { reached++ }()
				if n == 0 {
					return yield("innermost")
				}
				return nest(yield, n-1)
			}
			c := coro.New(func(yield coro.Yield) (any, error) { return nest(yield, 10_000) })
			out, _ := c.Send(nil)
			require.Equal(s, "innermost", out)
			c.Throw(io.EOF)
			_, err := c.Result()
			require.Equal(s, io.EOF, err)
			require.Equal(s, 10_001, reached)
		}},
		{"G13_deep_nesting_of_coroutines", func(s *script) {
			failed := errors.New("innermost")
			var nest func(n int) coro.Body
			nest = func(n int) coro.Body {
				return func(yield coro.Yield) (any, error) {
					if n == 0 {
						return yield(nil)
					}
					inner := coro.New(nest(n - 1))
					defer inner.Close()
					inner.Send(nil)
					_, err := yield(nil)
					inner.Throw(err)
					return inner.Result()
				}
			}
			c := coro.New(nest(deep))
			c.Send(nil)
			c.Throw(failed)
			_, err := c.Result()
			require.Equal(s, failed, err)
		}},
	})
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
