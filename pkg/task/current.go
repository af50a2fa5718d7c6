package task

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
)

// whoAmI is what Current yields. A Task answers it itself, on the spot, without a turn
// of the loop: so code that needs the Task needs only its yield.
var whoAmI = &struct{ _ byte }{}

// Current is the Task whose coroutine calls it: asyncio's current_task. It takes no turn
// of the loop, and delivers no cancellation. Errors are ErrNoTask for a nil yield and for
// a coroutine that no Task runs, and coro.ErrClosed when the loop closes.
func Current(yield coro.Yield) (*Task, error) {
	if yield == nil {
		return nil, fmt.Errorf("task: %w", ErrNoTask)
	}
	v, err := yield(whoAmI)
	if err != nil {
		return nil, err
	}
	t, ok := v.(*Task)
	if !ok {
		return nil, fmt.Errorf("task: %w", ErrNoTask)
	}
	return t, nil
}

// LoopOf is the loop of the Task whose coroutine calls it: asyncio's get_running_loop.
// So a function that has yield needs no loop as an argument. Errors are those of
// Current.
func LoopOf(yield coro.Yield) (*loop.Loop, error) {
	t, err := Current(yield)
	if err != nil {
		return nil, err
	}
	return t.loop, nil
}

// Here is the yield of the task of l that calls it, for code that can't be handed one: a
// net.Conn, which is called by code that knows no coroutines. Use it at once, and don't
// keep it. The error is ErrNoTask for a callback, another goroutine, another loop's task,
// and a coroutine that no Task runs. Any goroutine may call it.
func Here(l *loop.Loop) (coro.Yield, error) {
	if t, _ := l.Site().Stepped().(*Task); t != nil {
		if yield, inside := t.coro.Inside(); inside {
			return yield, nil
		}
	}
	return nil, fmt.Errorf("only the loop's tasks may, not a callback or another goroutine: %w", ErrNoTask)
}

// OnLoop calls fn on the loop's stack and returns when fn has, without a turn of the loop.
// A coroutine's stack begins with 2 KB and doubles when that isn't enough. It never becomes
// smaller while the coroutine waits; so one deep call, before a wait of an hour, costs 2 KB
// for an hour. fn must not panic. If no task of l runs, or the loop closes, fn is called on
// the caller's own stack.
func OnLoop(l *loop.Loop, fn func()) {
	if l.Uses(sys.SmallStacks) {
		if yield, err := Here(l); err == nil {
			if _, err := yield(onLoop(fn)); err == nil {
				return
			}
		}
	}
	fn()
}

// onLoop is what OnLoop yields. A Task calls it on the spot, as it answers whoAmI.
type onLoop func()
