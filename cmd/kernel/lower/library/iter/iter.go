// Package iter is for cells what iter is for programs.
package iter

import (
	"errors"
	"iter"

	"stepwise/pkg/coro"
)

// Pull is iter.Pull.
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	pull, stop := pullAny(func(yield func(any) bool) {
		seq(func(v V) bool { return yield(&v) })
	})
	return func() (v V, ok bool) {
		got, ok := pull()
		if ok {
			v = *got.(*V)
		}
		return v, ok
	}, stop
}

// Pull2 is iter.Pull2.
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	pull, stop := pullAny(func(yield func(any) bool) {
		seq(func(k K, v V) bool { return yield([]any{&k, &v}) })
	})
	return func() (k K, v V, ok bool) {
		got, ok := pull()
		if ok {
			both := got.([]any)
			k, v = *both[0].(*K), *both[1].(*V)
		}
		return k, v, ok
	}, stop
}

func pullAny(seq func(yield func(any) bool)) (next func() (any, bool), stop func()) {
	c := coro.New(func(yield coro.Yield) (any, error) {
		seq(func(v any) bool {
			_, err := yield(v)
			return err == nil
		})
		return nil, nil
	})
	failed := func() {
		var e *coro.PanicError
		if _, err := c.Result(); errors.As(err, &e) {
			panic(e.Value)
		}
	}
	next = func() (any, bool) {
		v, more := c.Send(nil)
		if !more {
			failed()
		}
		return v, more
	}
	stop = func() {
		c.Close()
		failed()
	}
	return next, stop
}
