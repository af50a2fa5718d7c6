package coro_test

import (
	"fmt"
	"iter"
	"testing"

	"stepwise/pkg/coro"
)

func BenchmarkSendAndYield(b *testing.B) {
	for _, count := range []int{1, 10_000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			all := make([]*coro.Coro, count)
			for i := range all {
				all[i] = coro.New(func(yield coro.Yield) (any, error) {
					for {
						if _, err := yield(nil); err != nil {
							return nil, err
						}
					}
				})
				defer all[i].Close()
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				all[i%count].Send(nil)
			}
		})
	}
}

// BenchmarkDepth is a switch of iter.Pull alone, there and back: the least that a switch of
// tasks can cost. Each function between the body and its yield makes it dearer, as does each
// between the caller and its next: the processor can't guess where they return to.
func BenchmarkDepth(b *testing.B) {
	for _, count := range []int{1, 10_000} {
		for _, depth := range []int{0, 4, 8} {
			b.Run(fmt.Sprintf("%d_coroutines_%d_functions", count, depth), func(b *testing.B) {
				all := make([]func() (int, bool), count)
				for i := range all {
					next, stop := iter.Pull(func(yield func(int) bool) {
						for through(depth, yield) {
						}
					})
					defer stop()
					all[i] = next
				}
				for i := 0; b.Loop(); i++ {
					all[i%count]()
				}
			})
		}
	}
}

// through calls yield from below depth functions.
//
//go:noinline
func through(depth int, yield func(int) bool) bool {
	if depth == 0 {
		return yield(1)
	}
	more := through(depth-1, yield)
	return more
}
