package serve

import (
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// ListenAndServe listens at address, on the loop of the task that calls it, tells OnListen,
// and serves as ServeUntil does. Without signals it serves as Serve does, and drain means
// nothing. Whatever it returns, nobody listens any more.
//
//	err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
//		return server.ListenAndServe(yield, "127.0.0.1:7000", 10*time.Second, os.Interrupt)
//	})
//
// address is HOST:PORT with an IP address as the host, or "unix:" and a path; port 0 is any
// that is free. Errors are those of sock.Listen, task.LoopOf, and ServeUntil or Serve. What
// Serve refuses at once is refused before anybody listens. To serve at one address on several
// loops, see Loops.
func (s *Server) ListenAndServe(yield coro.Yield, address string, drain time.Duration, signals ...os.Signal) error {
	if err := s.check(); err != nil {
		return err
	}
	l, err := task.LoopOf(yield)
	if err != nil {
		return err
	}
	listener, err := sock.Listen(l, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	if s.OnListen != nil {
		s.OnListen(listener.LocalAddr())
	}
	if len(signals) == 0 {
		return s.Serve(yield, listener)
	}
	return s.ServeUntil(yield, listener, drain, signals...)
}

// ServeUntil is Serve until the program gets one of signals, which calls Shutdown(drain). The
// second calls Close, and later ones have their default action again. The first never calls
// Close, even during a Shutdown: whoever began that may have been told by the same signal.
// Further errors are those of outside.OnSignal; in a World it is impossible. Use it if you
// have a listener, as a body of Loops does; otherwise use ListenAndServe.
func (s *Server) ServeUntil(yield coro.Yield, listener *sock.Socket, drain time.Duration, signals ...os.Signal) error {
	var (
		stop func()
		told bool
	)
	stop, err := outside.OnSignal(listener.Loop(), func() {
		if !told {
			told = true
			s.Shutdown(drain)
			return
		}
		stop()
		s.Close()
	}, signals...)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer stop()
	return s.Serve(yield, listener)
}
