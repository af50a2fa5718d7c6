package stages

// Read coroutines.go before it: the engine is the same, and only framedPage differs from
// page. The answer itself says where it ends, so one that is cut short is an error, and
// no task waits for a connection to close. What it lacks: a limit on how many servers it
// asks at once, which is lesson 13, and one on how long it waits, which is lesson 14.

import (
	"bufio"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Framing gives every conversation a Task, and reads no further than the answer's end.
func Framing(addresses []string) []Answer {
	l, err := openLoop()
	if err != nil {
		return failed(addresses, err)
	}
	defer l.Close()
	answers := make([]Answer, len(addresses))
	err = task.Main(l, func(yield coro.Yield) error {
		tasks := make([]task.Of[[]byte], len(addresses))
		for i, address := range addresses {
			tasks[i] = task.SpawnAs(l, func(yield coro.Yield) ([]byte, error) { return framedPage(yield, l, address) })
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

// framedPage is the whole conversation, up to the answer's end.
func framedPage(yield coro.Yield, l *loop.Loop, address string) ([]byte, error) {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := sock.Send(yield, s, Request(address)); err != nil {
		return nil, err
	}
	answer := bufio.NewReader(sock.Stream(s))
	head, err := fetch.ReadHead(answer)
	if err != nil {
		return nil, err
	}
	return fetch.ReadBody(answer, "GET", head, mostBytes)
}
