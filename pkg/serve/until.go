package serve

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// What Serve refuses at once: no connection could be served, or the Server is in use.
var (
	ErrServed        = errors.New("the Server serves, or has served, another listener: make a Server for each")
	ErrNoHandle      = errors.New("the Server has no Handle")
	ErrNoCertificate = errors.New("the Server's TLS has no certificate: set Certificates, GetCertificate or GetConfigForClient")
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
	if len(signals) > 0 { // before OnListen: whoever reads there that we listen may send one at once
		stop, err := s.shutdownOn(l, drain, signals)
		if err != nil {
			return err
		}
		defer stop()
	}
	if s.OnListen != nil {
		s.OnListen(listener.LocalAddr())
	}
	return s.Serve(yield, listener)
}

// ServeUntil is Serve until the program gets one of signals, which calls Shutdown(drain). The
// second calls Close, and later ones have their default action again. The first never calls
// Close, even during a Shutdown: whoever began that may have been told by the same signal.
// Further errors are those of outside.OnSignal; in a World it is impossible. Use it if you
// have a listener, as a body of Loops does; otherwise use ListenAndServe.
func (s *Server) ServeUntil(yield coro.Yield, listener *sock.Socket, drain time.Duration, signals ...os.Signal) error {
	stop, err := s.shutdownOn(listener.Loop(), drain, signals)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer stop()
	return s.Serve(yield, listener)
}

// shutdownOn is what ServeUntil does at a signal, until stop.
func (s *Server) shutdownOn(l *loop.Loop, drain time.Duration, signals []os.Signal) (stop func(), err error) {
	told := false
	stop, err = outside.OnSignal(l, func() {
		if !told {
			told = true
			s.Shutdown(drain)
			return
		}
		stop()
		s.Close()
	}, signals...)
	return stop, err
}

func (s *Server) check() error {
	switch {
	case s.listener != nil:
		return fmt.Errorf("serve: %w", ErrServed)
	case s.Handle == nil:
		return fmt.Errorf("serve: %w", ErrNoHandle)
	case s.TLS != nil && len(s.TLS.Certificates) == 0 && s.TLS.GetCertificate == nil && s.TLS.GetConfigForClient == nil:
		return fmt.Errorf("serve: %w", ErrNoCertificate)
	}
	return nil
}
