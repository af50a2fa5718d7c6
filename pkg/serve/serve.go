// Package serve has servers for the loop: one that sends back what comes, one that speaks
// HTTP, and the Server that both are built on, with TLS or without.
//
// A Server accepts connections, and runs its Handle as a task for each. If a client
// doesn't read, its task waits in a send, and reads nothing meanwhile. So memory is bounded
// by the number of connections. The rule of use: one Server, one loop, one task in Serve or
// ListenAndServe; other tasks of that loop end it, by Shutdown or Close.
//
// A whole program, which answers until Ctrl-C and then lets the connections at work finish:
//
//	package main
//
//	import (
//		"fmt"
//		"log"
//		"net"
//		"net/http"
//		"os"
//		"time"
//
//		"stepwise/pkg/coro"
//		"stepwise/pkg/loop"
//		"stepwise/pkg/outside"
//		"stepwise/pkg/serve"
//	)
//
//	func hello(yield coro.Yield, w *serve.ResponseWriter, r *http.Request) {
//		fmt.Fprintf(w, "hello, %s\n", r.URL.Path)
//	}
//
//	func main() {
//		server := &serve.Server{
//			Handle:   serve.HTTP(hello, serve.Limits{}),
//			OnListen: func(at net.Addr) { fmt.Println("serving on", at) },
//		}
//		err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
//			return server.ListenAndServe(yield, "127.0.0.1:8000", 10*time.Second, os.Interrupt)
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//	}
package serve

import (
	"container/list"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// ErrGoing ends the wait of a connection that was idle when its server was shut down.
var ErrGoing = errors.New("the server is shutting down")

// Server serves connections on one loop. Set Handle, and call ListenAndServe once, or Serve
// if you have a listener. Only the loop's goroutine may call its methods.
//
// Invariants: conns are those whose task has not ended, never more than MaxConns; each of
// them has one of places; once going, listener is closed.
type Server struct {
	// Handle serves one connection, as a task, until it returns; then the connection is
	// closed. Its error goes to OnError. A panic of Handle ends that connection alone, and
	// runtime.Goexit ends the loop's goroutine. If the client has sent what Handle hasn't
	// read, closing resets the connection, and the client may lose the last words: to be
	// heard, CloseWrite, and read on until the end or a deadline.
	Handle func(yield coro.Yield, c *Conn) error
	// OnError is told once of each connection that has failed: with Handle's error, its
	// *coro.PanicError, or the *HandshakeError of a client that Handle has not seen. It
	// runs on the loop, when c is closed and its task has ended, and must not block.
	//
	// nil reports the error to the loop's exception handler, unless it is routine
	// (Conn.Routine): a client that is gone is no news. An OnError is told of those
	// too. Panics go to the exception handler in any case.
	OnError func(c *Conn, err error)
	// OnListen is told the address at which ListenAndServe listens, before it serves. nil
	// tells nobody.
	OnListen func(at net.Addr)
	// OnShutdown is called once, on the loop, when a Shutdown begins. Use it to end
	// handlers that wait for something other than their clients, such as a queue. It must
	// not block. nil does nothing. A Close alone doesn't call it.
	OnShutdown func()
	// MaxConns is how many connections are served at a time; 0 or less means no limit.
	// Others wait in the kernel until one has ended.
	MaxConns int
	// TLS, if it isn't nil, makes every connection begin with a TLS handshake, in its own
	// task, before Handle sees it. It needs a certificate. For HTTP, set its NextProtos
	// to "http/1.1", so that a client that speaks only HTTP/2 is told so.
	TLS *tls.Config
	// TLSHandshakeTimeout is how long a handshake may take; 0 means 10 s.
	TLSHandshakeTimeout time.Duration

	listener *sock.Socket    // nil before Serve
	places   *wait.Semaphore // for MaxConns; nil if there is no limit
	spare    bool            // acceptAll has one of places, for the next connection
	conns    list.List       // of *Conn, in the order of their arrival
	empty    wait.Event      // conns has become empty
	going    bool            // Shutdown or Close has been called
	deadline *loop.Timer     // of the Shutdown; nil if there is none
	files    openFiles       // open, for Dir's next request
	today    today           // for answers
}

// Serve accepts connections from listener, which it owns from then on, and returns nil
// when a Shutdown or Close is over. If it is canceled, it does what Close does, and returns
// future.ErrCanceled. Whatever it returns, listener is closed and no connection is left.
// Other errors are ErrServed if it is called twice, ErrNoHandle, ErrNoCertificate, and
// Accept's, which doesn't fail if the system is out of descriptors: it tries again later.
// After a Close or Shutdown it returns nil at once.
func (s *Server) Serve(yield coro.Yield, listener *sock.Socket) error {
	if err := s.check(); err != nil {
		_ = listener.Close()
		return err
	}
	s.listener = listener
	defer s.files.close()
	defer s.Close()
	if s.MaxConns > 0 {
		s.places = wait.NewSemaphore(s.MaxConns)
		s.places.Bind(listener.Loop(), aPlace{})
	}
	err := s.acceptAll(yield)
	if err != nil {
		s.Close()
	}
	for s.conns.Len() > 0 {
		s.empty.Clear()
		switch again := errors.Unwrap(s.empty.Wait(yield)); {
		case again == nil:
		case errors.Is(again, future.ErrCanceled):
			s.Close()
			err = again
		default: // the loop closes, and the connections with it
			return again
		}
	}
	if s.deadline != nil {
		s.deadline.Cancel()
	}
	return err
}

func (s *Server) acceptAll(yield coro.Yield) error {
	for !s.going {
		if s.places != nil {
			if err := s.places.Acquire(yield); err != nil {
				return errors.Unwrap(err)
			}
			s.spare = true
		}
		accepted, err := sock.Accept(yield, s.listener)
		switch {
		case err == nil:
			s.start(accepted)
		case !s.going: // if it is, the listener was closed for that
			return err
		}
	}
	return nil
}

// aPlace is what Serve waits for while MaxConns are served.
type aPlace struct{}

func (aPlace) String() string { return "a connection to end, for the next one" }

func (s *Server) start(accepted *sock.Socket) {
	s.spare = false
	c := &Conn{Socket: accepted, server: s, stream: sock.Stream(accepted)}
	c.task = task.Spawn(accepted.Loop(), func(yield coro.Yield) (any, error) {
		return nil, c.serve(yield)
	})
	e := s.conns.PushBack(c)
	c.task.AddDoneCallback(func() {
		s.conns.Remove(e)
		s.ended(c)
	})
}

func (s *Server) ended(c *Conn) {
	if s.places != nil {
		_ = s.places.Release()
	}
	if s.conns.Len() == 0 {
		s.empty.Set()
	}
	if _, err := c.task.Result(); err != nil {
		s.report(c, err) // last: OnError may panic
	}
}

// Shutdown ends the server gently: it stops accepting, drops the connections that are idle,
// and lets the others finish, for at most drain. Those that are left then are ended as by
// Close; if drain is 0 or less, in the next round of the loop. A client that is connected
// and waits to be accepted still is, if MaxConns has room: it may have sent its request. A
// second Shutdown does nothing.
func (s *Server) Shutdown(drain time.Duration) {
	if s.going {
		return
	}
	s.going = true
	if s.listener == nil {
		return
	}
	s.acceptRest()
	_ = s.listener.Close()
	for _, c := range s.all() {
		c.drop()
	}
	s.deadline = s.listener.Loop().CallLater(drain, s.Close)
	if s.OnShutdown != nil {
		s.OnShutdown()
	}
}

// acceptRest starts the connections that wait in the kernel, which the listener's Close
// would reset. It ends, even if clients connect as fast as it accepts.
func (s *Server) acceptRest() {
	for range unix.SOMAXCONN {
		if !s.spare && s.places != nil && !s.places.TryAcquire() {
			return
		}
		s.spare = true // it is kept if accept fails
		accepted, err := s.listener.TryAccept()
		switch {
		case err == nil:
			s.start(accepted)
		case !errors.Is(err, unix.ECONNABORTED):
			return
		}
	}
}

// Close ends the server at once: it closes the connections and cancels their tasks. Serve
// returns when they have ended. A client whose connection was neither idle nor ended by
// CloseWrite gets a reset (sock.Socket.Abort), so that it doesn't take a part of an answer
// for the whole. A second Close has no effect.
func (s *Server) Close() {
	s.going = true
	if s.listener == nil {
		return
	}
	_ = s.listener.Close()
	for _, c := range s.all() {
		c.cut()
		c.task.Cancel()
	}
}

func (s *Server) all() (conns []*Conn) {
	for e := s.conns.Front(); e != nil; e = e.Next() {
		conns = append(conns, e.Value.(*Conn))
	}
	return conns
}
