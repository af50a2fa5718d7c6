package fetch

// An exchange: one Do, from its request to the end of the last answer's body. Read
// upload.go, conn.go and pool.go before it, and ask.go next.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// exchange is a Do under way. It ends when the last answer's body does.
//
// Invariants: conn ≠ nil ⇔ it holds a place at at's server; task ≠ nil ⇔ Do has not
// returned.
type exchange struct {
	*Client
	pool   *pool
	loop   *loop.Loop
	task   *task.Task
	limit  int64           // of the answer's body; 0 or less: none
	at     *http.Request   // what is asked for now
	via    []*http.Request // what was asked for before, the oldest first
	peer   netip.Addr      // of the previous connection; not valid if it had no IP address, or there was none
	conn   *conn
	upload *upload    // of at's body; nil if it has none
	sender *task.Task // that upload runs in; nil if it needs none

	cause error // why it was ended from outside; nil if it wasn't
	over  bool
	ends  []func() // end what limits it

	release func() // the loop, which is held while Do waits; nil if it isn't
}

// beginExchange checks and registers an exchange. With an error, the request's body is closed.
func (c *Client) beginExchange(yield coro.Yield, r *http.Request, limit int64) (*exchange, error) {
	t, err := task.Current(yield)
	if err != nil {
		return nil, err
	}
	at, err := prepare(r, c.Header)
	if err != nil {
		return nil, err
	}
	if err := context.Cause(at.Context()); err != nil {
		return nil, canceledBy(at.Context())
	}
	if world := t.Loop().World(); world != nil && at.Context().Done() != nil {
		return nil, world.Impossible("a Context that another goroutine ends; use Client.Timeout or cancel the task")
	}
	p, err := c.begin(t.Loop())
	if err != nil {
		return nil, err
	}
	x := &exchange{Client: c, pool: p, loop: t.Loop(), task: t, at: at, limit: limit}
	p.active[x] = struct{}{}
	x.endLater()
	return x, nil
}

// endLater arranges for the ends that may come from outside.
func (x *exchange) endLater() {
	if d := x.Timeout; d > 0 {
		timer := x.loop.CallLater(d, func() { x.abort(&task.TimeoutError{After: d, Doing: errors.New("reading the body")}) })
		x.ends = append(x.ends, func() { timer.Cancel() })
	}
	if ctx := x.at.Context(); ctx.Done() != nil {
		x.release = x.loop.Hold() // it may be all that ends a wait
		stop := context.AfterFunc(ctx, func() { _ = x.loop.CallSoonThreadsafe(func() { x.abort(canceledBy(ctx)) }) })
		x.ends = append(x.ends, func() { stop() })
	}
}

// canceledBy is the error of a context that is done: its Err, and its Cause.
func canceledBy(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return context.Cause(ctx)
}

// abort ends the exchange from outside, because of cause.
func (x *exchange) abort(cause error) {
	switch {
	case x.over || x.cause != nil:
	case x.task != nil:
		x.cause = cause
		x.task.Cancel()
	default:
		x.cause = cause
		x.end(false)
	}
}

// because is the cause, with what it has cut short.
func (x *exchange) because(err error) error {
	var late *task.TimeoutError
	if errors.As(x.cause, &late) && errors.Is(err, future.ErrCanceled) {
		late.Doing = err
	}
	return x.cause
}

// end ends the exchange. keep says that the connection can serve another one.
func (x *exchange) end(keep bool) {
	if x.over {
		return
	}
	x.over = true
	delete(x.pool.active, x)
	for _, end := range x.ends {
		end()
	}
	x.leave(keep)
	if x.upload != nil {
		x.upload.close()
	} else if x.at.Body != nil {
		_ = x.at.Body.Close()
	}
}

// leave gives up the connection, and the place at its server.
func (x *exchange) leave(keep bool) {
	if x.upload != nil && !x.upload.done {
		keep = false
		if x.sender != nil {
			x.sender.Cancel()
		}
	}
	conn := x.conn
	if conn == nil {
		return
	}
	x.conn = nil
	x.pool.exit(conn.key)
	if keep { // whether it is fit for use is looked up then
		conn.served = true
		x.pool.put(conn)
	} else {
		conn.Close()
	}
}
