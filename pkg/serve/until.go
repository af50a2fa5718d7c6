package serve

import (
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
)

// ServeUntil is Serve until the program gets one of signals: that makes a Shutdown(drain).
// One that comes when the server is shutting down already makes a Close, and those after it
// have their default action again. Further errors are those of outside.OnSignal; in a World
// it is impossible.
//
//	err := serve.Loops(1, "127.0.0.1:7000", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
//		return server.ServeUntil(yield, listener, 10*time.Second, os.Interrupt)
//	})
func (s *Server) ServeUntil(yield coro.Yield, listener *sock.Socket, drain time.Duration, signals ...os.Signal) error {
	var stop func()
	stop, err := outside.OnSignal(listener.Loop(), func() {
		if !s.going {
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
