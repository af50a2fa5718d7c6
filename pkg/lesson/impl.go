package lesson

import (
	"bufio"
	"reflect"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// ErrTODO is what an exercise returns until somebody writes it. Code that
// returns it is not judged: it is not started.
var ErrTODO = trial.ErrTODO

// Impl is what is judged. A function that is nil is the library's, so that a
// lesson about send needs only a send.
type Impl struct {
	Ask         func(address string, question []byte) ([]byte, error)
	Poll        func(talks []*stages.Talk)
	NewSelector func() (Poller, error)
	NewLoop     func(s selector.Selector) EventLoop
	NewFuture   func(s future.Scheduler) Box
	NewCoro     func(body coro.Body) Generator
	Step        func(c *coro.Coro, done *future.Future, value any, err error)
	Connect     func(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error)
	Send        func(yield coro.Yield, s *sock.Socket, data []byte) error
	Read        func(yield coro.Yield, s *sock.Socket) ([]byte, error)
	ReadAll     func(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error)
	ReadBody    func(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error)

	Gather       func(yield coro.Yield, as ...task.Awaitable) ([]any, error)
	NewSemaphore func(n int) Semaphore

	NewTimedLoop func(s selector.Selector, clock loop.Clock) TimedLoop

	NewTask func(c *coro.Coro, done *future.Future) Cancelable
	Group   func(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error

	Serve func(yield coro.Yield, listener *sock.Socket, answer func(yield coro.Yield, s *sock.Socket) error, most int) error

	NewWakingLoop func(p Poller) (WakingLoop, error)
	RunInThread   func(yield coro.Yield, fn func() (any, error)) (any, error)

	Echo func(yield coro.Yield, s *sock.Socket) error
}

// Library is our own implementation. Its Step and NewTask stay nil: the library's steps
// and cancels are methods, and are judged as parts of its Task.
var Library = Impl{
	Ask:         stages.Ask,
	Poll:        stages.Poll,
	NewSelector: newPoller,
	NewLoop:     newEventLoop,
	NewFuture:   newBox,
	NewCoro:     newCoro,
	Connect:     connect,
	Send:        sock.Send,
	Read:        sock.Read,
	ReadAll:     sock.ReadAll,
	ReadBody:    fetch.ReadBody,

	Gather:       task.Gather,
	NewSemaphore: newSemaphore,

	NewTimedLoop: newTimedLoop,

	Group: group,

	Serve: serveByServer,

	NewWakingLoop: newWakingLoop,
	RunInThread:   runInThread,

	Echo: echoBySocket,
}

// connect is the library's, which finds its loop by itself.
func connect(yield coro.Yield, _ *loop.Loop, address string) (*sock.Socket, error) {
	return sock.Connect(yield, address)
}

// orLibrary is i with the library's function in each field that is nil.
func (i Impl) orLibrary() Impl {
	own, library := reflect.ValueOf(&i).Elem(), reflect.ValueOf(Library)
	for n := range own.NumField() {
		if own.Field(n).IsNil() {
			own.Field(n).Set(library.Field(n))
		}
	}
	return i
}
