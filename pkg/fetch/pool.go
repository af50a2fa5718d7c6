package fetch

// The connections of a Client: those that exchanges use, and those that are kept for the
// next one. Read conn.go before it. Three principles:
//
//   - Whether the server has closed a kept connection is looked up when it is to be used
//     again. Until then its timer is in the background, and from the next round on the
//     selector doesn't watch it: a loop that waits for nothing else says ErrDeadlock at once.
//     Within the round it stays watched, since the next request often follows, and then it
//     costs no epoll_ctl.
//   - A place at a server is held by an exchange, not by a kept connection: there is one
//     of those only if an exchange has left, so both together never exceed the limit.
//   - A connection is in one place only: in idle, or with its exchange.

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// pool is what a Client has on its loop.
type pool struct {
	client *Client
	loop   *loop.Loop
	idle   []*conn                // kept, in the order of their expiry
	timer  *loop.Timer            // for idle[0]; nil if nothing is kept, or without end
	places map[string]*places     // of the servers that exchanges are with; only with MaxConnsPerHost
	active map[*exchange]struct{} // have begun and not ended
	rests  *resting
	closed bool
}

// places limits the exchanges with one server.
type places struct {
	*wait.Semaphore
	users int // exchanges that hold a place or wait for one
}

// begin returns the Client's pool on l.
func (c *Client) begin(l *loop.Loop) (*pool, error) {
	switch {
	case c.closed:
		return nil, ErrClosed
	case c.pool != nil && c.pool.loop == l:
		return c.pool, nil
	case c.pool != nil && !c.pool.loop.Closed():
		return nil, task.ErrOtherLoop
	}
	c.pool = &pool{client: c, loop: l, active: map[*exchange]struct{}{}, rests: &resting{}}
	return c.pool, nil
}

// keyOf names the server of u: connections with one key serve the same requests.
func keyOf(u *url.URL) string {
	return u.Scheme + "://" + strings.ToLower(serverName(u)) + " at " + strings.ToLower(address(u))
}

// enter takes a place at the server, waiting if all are taken.
func (p *pool) enter(yield coro.Yield, key string) error {
	most := p.client.MaxConnsPerHost
	if most <= 0 {
		return nil
	}
	at := p.places[key]
	if at == nil {
		at = &places{Semaphore: wait.NewSemaphore(most)}
		at.Bind(p.loop, named("a connection to "+key))
		if p.places == nil {
			p.places = map[string]*places{}
		}
		p.places[key] = at
	}
	at.users++
	err := at.Acquire(yield)
	switch {
	case err != nil:
		p.forget(key)
		return fmt.Errorf("wait for a connection to %s (MaxConnsPerHost is %d): %w", key, most, errors.Unwrap(err))
	case p.closed: // it was woken to be told
		p.exit(key)
		err = ErrClosed
	}
	return err
}

// exit gives the place back.
func (p *pool) exit(key string) {
	if at := p.places[key]; at != nil {
		_ = at.Release()
		p.forget(key)
	}
}

// forget drops the places of a server that no exchange is with: a crawler meets many.
func (p *pool) forget(key string) {
	at := p.places[key]
	at.users--
	if at.users == 0 {
		delete(p.places, key)
	}
}

type named string

func (n named) String() string { return string(n) }

// take returns a kept connection to the server that is fit for use, the one that was
// used last, or nil. Those that aren't fit are closed on the way.
func (p *pool) take(key string) *conn {
	for i := len(p.idle) - 1; i >= 0; i-- {
		if c := p.idle[i]; c.key == key {
			p.idle = slices.Delete(p.idle, i, i+1)
			p.arm()
			if c.quiet() {
				return c
			}
			c.Close()
			i = len(p.idle)
		}
	}
	return nil
}

// put keeps c for the next exchange, or closes it.
func (p *pool) put(c *conn) {
	most := cmp.Or(p.client.MaxIdle, 100)
	if p.closed || most < 0 || p.loop.Closed() {
		c.Close()
		return
	}
	p.rests.add(p.loop, c)
	c.expires = p.loop.Now() + cmp.Or(p.client.IdleTimeout, 90*time.Second)
	p.idle = append(p.idle, c)
	p.shed(len(p.idle) - most)
	p.arm()
}

// resting are connections that were put in this round, and may be watched still. It doesn't
// know its pool: the loop must not hold on to a client that was closed.
type resting struct{ conns []*conn }

func (r *resting) add(l *loop.Loop, c *conn) {
	if r.conns = append(r.conns, c); len(r.conns) == 1 {
		l.CallSoon(r.rest)
	}
}

// rest takes them off the selector. One that a request has taken since stays, for that waits.
func (r *resting) rest() {
	for _, c := range r.conns {
		c.socket.Unwatch()
	}
	clear(r.conns)
	r.conns = r.conns[:0]
}

// shed closes the n connections that have been idle longest.
func (p *pool) shed(n int) {
	n = max(n, 0)
	for _, c := range p.idle[:n] {
		c.Close()
	}
	p.idle = slices.Delete(p.idle, 0, n)
}

// arm sees to it that kept connections end: when they expire, or with the loop. The loop
// closes what is newest first, so the pool, owned again, closes its connections before
// the loop closes their sockets.
func (p *pool) arm() {
	if p.timer != nil {
		p.timer.Cancel()
		p.timer = nil
	}
	if len(p.idle) == 0 {
		p.loop.Site().Disown((*owned)(p))
		return
	}
	p.loop.Site().Own((*owned)(p))
	if p.client.IdleTimeout >= 0 && !p.loop.Closed() {
		p.timer = p.loop.CallAt(p.idle[0].expires, p.expire)
		p.timer.Background()
	}
}

// expire closes what has been idle for too long.
func (p *pool) expire() {
	n := 0
	for n < len(p.idle) && p.idle[n].expires <= p.loop.Now() {
		n++
	}
	p.shed(n)
	p.arm()
}

// close ends all exchanges and connections.
func (p *pool) close() {
	p.closed = true
	for x := range p.active {
		x.abort(ErrClosed)
	}
	for _, at := range p.places {
		_ = at.Release() // wakes the first that waits; it wakes the next by its own exit
	}
	p.shed(len(p.idle))
	p.arm()
}

// owned is the side of a pool that only its loop sees.
type owned pool

// Close closes the kept connections; the exchanges end with their tasks and sockets.
func (o *owned) Close() error {
	(*pool)(o).shed(len(o.idle))
	return nil
}
