package coro_test

import (
	"testing"

	"stepwise/pkg/coro"
)

func BenchmarkSendAndYield(b *testing.B) {
	c := coro.New(func(yield coro.Yield) (any, error) {
		for {
			if _, err := yield(nil); err != nil {
				return nil, err
			}
		}
	})
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		c.Send(nil)
	}
}
