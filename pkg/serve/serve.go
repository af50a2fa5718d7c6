// Package serve has servers for the loop: one that sends back what comes, one that speaks
// HTTP, and the Server that both are built on.
//
// A Server accepts connections, and runs its Handle as a task for each. If a client
// doesn't read, its task waits in a send, and reads nothing meanwhile. So memory is bounded
// by the number of connections. The rule of use: one Server, one loop, one task in Serve;
// other tasks of that loop end it, by Shutdown or Close.
package serve

import (
	"container/list"
	"errors"
	"fmt"
	"net"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// ErrGoing ends the wait of a connection that was idle when its server was shut down.
var ErrGoing = errors.New("the server is shutting down")

// Server serves connections on one loop. Set Handle, and call Serve once. Only the loop's
// goroutine may call its methods.
//
// Invariants: conns are those whose task has not ended, never more than MaxConns; each of
// them has one of places; once going, listener is closed.
type Server struct {
	// Handle serves one connection, as a task, until it returns; then the connection is
	// closed. Its error is dropped, but panics in it are reported to the loop's
	// exception handler. A panic of Handle itself ends that connection alone, and is
	// reported too.
	Handle func(yield coro.Yield, c *Conn) error
	// MaxConns is how many connections are served at a time; 0 means no limit. Others
	// wait in the kernel until one has ended.
	MaxConns int

	listener *sock.Socket    // nil before Serve
	places   *wait.Semaphore // for MaxConns; nil if there is no limit
	conns    list.List       // of *Conn, in the order of their arrival
	empty    wait.Event      // conns has become empty
	going    bool            // Shutdown or Close has been called
	deadline *loop.Timer     // of the Shutdown; nil if there is none
}

// Conn is a connection that a Server has accepted.
type Conn struct {
	*sock.Socket
	server *Server
	task   *task.Task
	idle   bool // it waits for the peer, and owes no answer
}

// Serve accepts connections from listener, which it owns from then on, and returns nil
// when a Shutdown or Close is over. If it is canceled, it does what Close does, and returns
// future.ErrCanceled. Whatever it returns, listener is closed and no connection is left.
// Other errors are Accept's, which doesn't fail if the system is out of descriptors: it
// tries again later.
func (s *Server) Serve(yield coro.Yield, listener *sock.Socket) error {
	s.listener = listener
	if s.MaxConns > 0 {
		s.places = wait.NewSemaphore(s.MaxConns)
		s.places.Bind(listener.Loop(), aPlace{})
	}
	defer s.Close()
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
	c := &Conn{Socket: accepted, server: s}
	c.task = task.Spawn(accepted.Loop(), func(yield coro.Yield) (any, error) {
		defer c.Close()
		c.report(s.Handle(yield, c)) // other errors are dropped: a client that is gone is no news
		return nil, nil
	})
	e := s.conns.PushBack(c)
	c.task.AddDoneCallback(func() {
		s.conns.Remove(e)
		s.ended(c)
	})
}

func (s *Server) ended(c *Conn) {
	_, err := c.task.Result()
	c.report(err)
	if s.places != nil {
		_ = s.places.Release()
	}
	if s.conns.Len() == 0 {
		s.empty.Set()
	}
}

// report tells the loop of the panics in err, which is dropped.
func (c *Conn) report(err error) {
	if err != nil {
		task.ReportPanics(c.Loop(), fmt.Sprintf("serving %v panicked", c.RemoteAddr()), err)
	}
}

// Shutdown ends the server gently: it stops accepting, drops the connections that are idle,
// and lets the others finish, for at most drain. Those that are left then are ended as by
// Close. A second Shutdown does nothing.
func (s *Server) Shutdown(drain time.Duration) {
	if s.going {
		return
	}
	s.going = true
	if s.listener == nil {
		return
	}
	_ = s.listener.Close()
	for _, c := range s.all() {
		c.drop()
	}
	s.deadline = s.listener.Loop().CallLater(drain, s.Close)
}

// Close ends the server at once: it closes the connections and cancels their tasks. Serve
// returns when they have ended. A second Close has no effect.
func (s *Server) Close() {
	s.going = true
	if s.listener == nil {
		return
	}
	_ = s.listener.Close()
	for _, c := range s.all() {
		_ = c.Close()
		c.task.Cancel()
	}
}

func (s *Server) all() (conns []*Conn) {
	for e := s.conns.Front(); e != nil; e = e.Next() {
		conns = append(conns, e.Value.(*Conn))
	}
	return conns
}

// Going reports whether the server is being shut down: the next answer on c should be its
// last.
func (c *Conn) Going() bool { return c.server.going }

// Idle runs wait, which reads what the peer sends next, and marks c as idle meanwhile: a
// Shutdown that comes then, or came before, closes c as soon as wait pauses and nothing has
// arrived, and Idle returns ErrGoing. What wait finds in a buffer of its own is still
// served. Other errors are those of wait.
//
// Idle can't look into such a buffer. So let wait do no more than Peek(1), and only if
// nothing is Buffered; then read the request outside Idle. A connection is then not idle
// once the first half of a request has come, and the rest has until the end of the drain.
func (c *Conn) Idle(wait func() error) error {
	c.idle = true
	if c.Going() { // the Shutdown has looked already, and won't look again
		c.Loop().CallSoon(c.drop)
	}
	err := wait()
	c.idle = false
	if c.Going() && errors.Is(err, net.ErrClosed) {
		return ErrGoing
	}
	return err
}

// drop closes c if it is idle and the peer has sent nothing.
func (c *Conn) drop() {
	if c.idle && !c.Arrived() {
		_ = c.Close()
	}
}
