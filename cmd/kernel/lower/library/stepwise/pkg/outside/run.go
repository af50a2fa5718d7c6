// Package outside is for cells what is generic in outside.
package outside

import (
	"context"

	"stepwise/pkg/coro"
	"stepwise/pkg/outside"
)

// RunAs is outside.RunAs.
func RunAs[T any](yield coro.Yield, fn func(ctx context.Context) (T, error)) (T, error) {
	var plain func(context.Context) (any, error)
	if fn != nil {
		plain = func(ctx context.Context) (any, error) { return fn(ctx) }
	}
	v, err := outside.Run(yield, plain)
	value, _ := v.(T)
	return value, err
}
