package serve

import (
	"errors"
	"fmt"
	"net"
	"runtime"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Loops runs body n times at once, each on a loop of its own, in a thread of its own and
// with a listener of its own at one address, and returns when all have ended. They share
// nothing: the kernel distributes the connections (sock.ListenShared). ready, unless it is
// nil, is called once all listen; address's port may be 0. Server.ServeUntil makes a program
// of it. For a single loop, Server.ListenAndServe is shorter.
//
// A single loop runs in the caller's goroutine, and is made with o. Several are made with
// o's Probe, Without and Labels, since a selector or a clock belongs to one loop. The first
// error of a body or a listener stops the others and closes their bodies. Loops returns it,
// joined with theirs if they fail too.
func Loops(n int, address string, o loop.Options, ready func(net.Addr), body func(yield coro.Yield, listener *sock.Socket) error) error {
	if n < 1 {
		return fmt.Errorf("serve: %d loops: want 1 or more", n)
	}
	if n > 1 {
		o = loop.Options{Probe: o.Probe, Without: o.Without, Labels: o.Labels}
	}
	listeners, err := listenAll(n, address, o)
	defer func() {
		for _, s := range listeners {
			_ = s.Loop().Close()
		}
	}()
	if err != nil {
		return err
	}
	if ready != nil {
		ready(listeners[0].LocalAddr())
	}
	if n == 1 {
		return runOne(listeners[0], body)
	}
	return runAll(listeners, body)
}

// listenAll makes the loops and their listeners. Even with an error it returns those that
// were made before.
func listenAll(n int, address string, o loop.Options) (listeners []*sock.Socket, err error) {
	listen := sock.Listen
	if n > 1 {
		listen = sock.ListenShared
	}
	for range n {
		l, err := loop.New(o)
		if err != nil {
			return listeners, err
		}
		s, err := listen(l, address)
		if err != nil {
			_ = l.Close()
			return listeners, err
		}
		listeners = append(listeners, s)
		address = s.LocalAddr().String() // the first may have had port 0
	}
	return listeners, nil
}

func runOne(listener *sock.Socket, body func(yield coro.Yield, listener *sock.Socket) error) error {
	_, err := task.Run(listener.Loop(), func(yield coro.Yield) (any, error) { return nil, body(yield, listener) })
	return err
}

func runAll(listeners []*sock.Socket, body func(yield coro.Yield, listener *sock.Socket) error) error {
	ended := make(chan error)
	for _, s := range listeners {
		go func() {
			runtime.LockOSThread() // before the first coroutine, and for good: the thread ends with this goroutine
			err := runOne(s, body)
			_ = s.Loop().Close() // here: what is left of its coroutines can only end in their own thread
			ended <- err
		}()
	}
	var failed []error
	for range listeners {
		err := <-ended
		if err == nil || len(failed) > 0 && errors.Is(err, task.ErrStopped) { // by us
			continue
		}
		if failed = append(failed, err); len(failed) == 1 {
			for _, s := range listeners {
				s.Loop().Stop()
			}
		}
	}
	if len(failed) == 1 {
		return failed[0]
	}
	return errors.Join(failed...)
}
