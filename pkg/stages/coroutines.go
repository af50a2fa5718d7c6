package stages

// Read futures.go before it, and then blocking.go once more: block and page have the same
// lines in the same order. What it lacks is framing: an answer ends where the stream
// ends, so one that is cut short looks whole, and one on a connection that stays open
// never ends. Lesson 12 and package fetch add it.

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Coroutines gives every conversation a Task.
func Coroutines(addresses []string) []Answer {
	l, err := openLoop()
	if err != nil {
		return failed(addresses, err)
	}
	defer l.Close()
	answers := make([]Answer, len(addresses))
	err = task.Main(l, func(yield coro.Yield) error {
		tasks := make([]task.Of[[]byte], len(addresses))
		for i, address := range addresses {
			tasks[i] = task.SpawnAs(l, func(yield coro.Yield) ([]byte, error) { return page(yield, l, address) })
		}
		for i, t := range tasks {
			answers[i].Body, answers[i].Err = task.AwaitAs(yield, t)
		}
		return nil
	})
	if err != nil {
		return failed(addresses, err)
	}
	return answers
}

const mostBytes = 64 << 20

// page is the whole conversation, top to bottom.
func page(yield coro.Yield, l *loop.Loop, address string) ([]byte, error) {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := sock.Send(yield, s, Request(address)); err != nil {
		return nil, err
	}
	raw, err := sock.ReadAll(yield, s, mostBytes)
	if err != nil {
		return nil, err
	}
	return Page(raw)
}
