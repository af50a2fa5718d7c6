package main

import (
	"context"
	"fmt"
)

type key int

const (
	userKey key = iota
	traceKey
)

type name struct{}

func user(ctx context.Context) string {
	if u, ok := ctx.Value(userKey).(string); ok {
		return u
	}
	return "nobody"
}

func main() {
	ctx := context.Background()
	fmt.Println(user(ctx))
	ctx = context.WithValue(ctx, userKey, "ann")
	ctx = context.WithValue(ctx, traceKey, 7)
	ctx = context.WithValue(ctx, name{}, "n")
	fmt.Println(user(ctx), ctx.Value(traceKey), ctx.Value(0), ctx.Value(name{}))
}
