package faulty

// What all the servers have in common: they listen, give each connection a goroutine that
// behaves badly, and clean up. Read visit.go next, then the behaviors in talk.go,
// listen.go, http.go and door.go.
//
// Three principles:
//
//   - A behavior is a function of one connection. It owns no goroutine and no other
//     descriptor.
//   - Close ends everything: whatever waits, waits for closing as well.
//   - Events are waited for, never slept for.
//
// Don't add options. A new way to misbehave is a new constructor.

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// A behavior is what a server does with one connection. Its error is Visit.Err.
type behavior func(*guest) error

// A Server listens on this machine and misbehaves as its constructor says. Any goroutine
// may call its methods.
type Server struct {
	name   string       // the constructor's, for messages
	addr   string       // "127.0.0.1:port", "[::1]:port", or a path
	ln     net.Listener // nil for Refused, which has nothing to accept from
	behave behavior     // how it treats each connection; never changes
	own    []io.Closer  // what else Close must close; set before the first goroutine starts
	skip   int          // how many connections at the head of the queue are our own (door.go)

	closing  chan struct{} // closed by Close, as its first action
	released chan struct{} // closed by Release
	release  sync.Once
	close    sync.Once
	closeErr error          // set inside close
	wg       sync.WaitGroup // the accepting goroutine, and one for each guest
	tally    tally          // what a Site counts

	mu      sync.Mutex
	guests  []*guest      // in order of arrival; only grows
	closed  bool          // nothing will change any more
	changed chan struct{} // closed and replaced at each change of guests or closed
}

func newServer(name, addr string, ln net.Listener, behave behavior) *Server {
	return &Server{
		name: name, addr: addr, ln: ln, behave: behave,
		closing: make(chan struct{}), released: make(chan struct{}), changed: make(chan struct{}),
	}
}

// start listens where at says and serves at once.
func start(name string, at []string, behave behavior) *Server {
	ln, own := listen(name, at, nil)
	s := newServer(name, ln.Addr().String(), ln, behave)
	s.own = own
	s.wg.Go(s.accept)
	return s
}

// Addr returns where the server listens: "127.0.0.1:port", or the path of its
// unix socket.
func (s *Server) Addr() string { return s.addr }

// URL returns "http://127.0.0.1:port/", whether the server speaks HTTP or not.
// For a unix socket it returns "unix:path".
func (s *Server) URL() string {
	if strings.Contains(s.addr, "/") {
		return "unix:" + s.addr
	}
	return "http://" + s.addr + "/"
}

// Release lets a server that holds back go on: NeverReads and ReadsLate read, NeverAccepts
// accepts, HTTPHeld answers. Calling it again, or on another server, has no effect.
func (s *Server) Release() { s.release.Do(func() { close(s.released) }) }

// Close ends all connections, and returns when each goroutine and descriptor of the
// server is gone. A second Close waits for the first and returns the same error.
func (s *Server) Close() error {
	s.close.Do(func() {
		close(s.closing)
		if s.ln != nil {
			s.closeErr = s.ln.Close()
		}
		s.mu.Lock()
		for _, g := range s.guests {
			g.Close()
		}
		s.mu.Unlock()
		s.wg.Wait()
		for _, c := range s.own {
			if err := c.Close(); err != nil && s.closeErr == nil {
				s.closeErr = err
			}
		}
		s.change(func() { s.closed = true })
	})
	return s.closeErr
}

// WaitAccepted waits until n connections have been accepted in all. The error is
// net.ErrClosed if the server is closed before that, and os.ErrDeadlineExceeded if limit
// passes first.
func (s *Server) WaitAccepted(n int, limit time.Duration) error {
	return s.wait(limit, fmt.Sprintf("connection number %d was not accepted", n), func() bool {
		return len(s.guests) >= n
	})
}

// Visit waits until nothing more will be received on connection number n, counted from 0,
// and returns what happened there. Errors are those of WaitAccepted. A visit that Close
// ended is returned like any other.
func (s *Server) Visit(n int, limit time.Duration) (Visit, error) {
	if n < 0 {
		panic(fmt.Sprintf("faulty: Visit(%d): connections are counted from 0", n))
	}
	err := s.wait(limit, fmt.Sprintf("connection %d has not ended", n), func() bool {
		return len(s.guests) > n && s.guests[n].over
	})
	if err != nil {
		return Visit{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guests[n].visit, nil
}

// Received waits for the end of the first connection, as Visit(0, limit) does, and
// returns all that the client sent on it. It returns an error if that was not kept, or if
// the connection ended with one.
func (s *Server) Received(limit time.Duration) ([]byte, error) {
	v, err := s.Visit(0, limit)
	switch {
	case err != nil:
		return nil, err
	case int64(len(v.Received)) < v.Count:
		return nil, fmt.Errorf("faulty: %s: of %d bytes only the count was kept", s.name, v.Count)
	}
	return v.Received, v.Err
}

// accept is the only place where connections come in.
func (s *Server) accept() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			// A test may have taken all descriptors of this process, so that
			// accept fails; without the pause that would spin.
			if s.pause(5*time.Millisecond) != nil {
				return
			}
			continue
		}
		if s.skip > 0 {
			s.skip--
			conn.Close()
			continue
		}
		s.receive(conn)
	}
}

func (s *Server) receive(conn net.Conn) {
	g := newGuest(s, conn)
	s.change(func() { s.guests = append(s.guests, g) })
	s.wg.Go(func() {
		defer g.leave()
		// Close may have gone through the guests before this one was added.
		if s.pause(0) != nil {
			g.end(net.ErrClosed)
			return
		}
		g.end(s.behave(g))
	})
}

// wait returns once done, which it calls with mu held, returns true.
func (s *Server) wait(limit time.Duration, what string, done func() bool) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		s.mu.Lock()
		ok, closed, changed := done(), s.closed, s.changed
		s.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed:
			return fmt.Errorf("faulty: %s: %s: %w", s.name, what, net.ErrClosed)
		}
		select {
		case <-changed:
		case <-timer.C:
			return fmt.Errorf("faulty: %s: %s in %v: %w", s.name, what, limit, os.ErrDeadlineExceeded)
		}
	}
}

// change is the only place that wakes those that wait.
func (s *Server) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how()
	close(s.changed)
	s.changed = make(chan struct{})
}

// pause waits for d. It returns net.ErrClosed as soon as the server is closing.
func (s *Server) pause(d time.Duration) error {
	if d <= 0 {
		select {
		case <-s.closing:
			return net.ErrClosed
		default:
			return nil
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.closing:
		return net.ErrClosed
	case <-timer.C:
		return nil
	}
}
