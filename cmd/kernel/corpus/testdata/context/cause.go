package main

import (
	"context"
	"errors"
	"fmt"
)

var errStop = errors.New("stop")

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	child, stop := context.WithCancel(ctx)
	defer stop()
	cancel(fmt.Errorf("why: %w", errStop))
	<-child.Done()
	fmt.Println(child.Err(), context.Cause(child), errors.Is(context.Cause(child), errStop))
	after := make(chan bool)
	context.AfterFunc(ctx, func() { close(after) })
	<-after
	fmt.Println("after")
}
