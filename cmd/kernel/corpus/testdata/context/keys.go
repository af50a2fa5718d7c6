package main

import (
	"context"
	"fmt"
)

type userKey struct{}
type otherKey struct{}
type ctxKey int

const idKey ctxKey = 0

func main() {
	ctx := context.WithValue(context.Background(), userKey{}, "ann")
	ctx = context.WithValue(ctx, idKey, 7)
	ctx = context.WithValue(ctx, "id", 8)
	fmt.Println(ctx.Value(userKey{}), ctx.Value(idKey), ctx.Value("id"), ctx.Value(0), ctx.Value(otherKey{}))
	u, ok := ctx.Value(userKey{}).(string)
	fmt.Println(u, ok)
}
