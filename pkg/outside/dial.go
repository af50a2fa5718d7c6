package outside

// A name may have several addresses, and some of them may lead nowhere without
// saying so: a broken IPv6 route swallows what is sent. Trying one after the other
// would take minutes; trying all at once would be rude. RFC 8305, "happy eyeballs",
// gives each a head start over the next.

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Dialer says how to dial. The zero value is ready to use.
type Dialer struct {
	// Resolver looks up names; nil is the system's. On a loop with a World it isn't asked.
	Resolver *net.Resolver
	// Delay is the head start of an address over the next; 0 is 250 ms.
	Delay time.Duration
	// Timeout limits Dial as a whole, the lookup included. The error is then a
	// *task.TimeoutError. 0 means no limit.
	Timeout time.Duration
}

// DialError says that no address of a name could be connected to.
type DialError struct {
	Address string  // as the caller wrote it
	Tried   []error // one for each address, in the order in which they failed
}

// Error reads like "none of 2 addresses of localhost:80 answers: connect
// [::1]:80: connection refused; connect 127.0.0.1:80: connection refused".
func (e *DialError) Error() string {
	var reasons []string
	for _, err := range e.Tried {
		reasons = append(reasons, err.Error())
	}
	return fmt.Sprintf("none of %d addresses of %s answers: %s", len(e.Tried), e.Address, strings.Join(reasons, "; "))
}

// Unwrap gives the reasons, for errors.Is.
func (e *DialError) Unwrap() []error { return e.Tried }

// Dial opens a connection to address, as sock.Connect does, but takes names too:
// "localhost:8000". If a name has several addresses they are tried in turn, IPv6 and
// IPv4 alternating, each when the one before it has failed or after 250 ms. The first
// that answers wins, and what the others have opened is closed before Dial returns.
// Dial has no time limit of its own: cancel the task to give up, or use a Dialer's Timeout.
//
// Errors are those of sock.Connect and Resolve, *DialError if several addresses have
// failed, and task.ErrNoTask for a nil yield.
func Dial(yield coro.Yield, address string) (*sock.Socket, error) {
	return (&Dialer{}).dial(yield, address)
}

// Dial is the package's Dial, with d's settings.
func (d *Dialer) Dial(yield coro.Yield, address string) (*sock.Socket, error) {
	if d.Timeout == 0 {
		return d.dial(yield, address)
	}
	return task.TimeoutAs(yield, d.Timeout, func(yield coro.Yield) (*sock.Socket, error) { return d.dial(yield, address) })
}

// dial does the work of both, so that a picture of a run shows one lane for them.
func (d *Dialer) dial(yield coro.Yield, address string) (*sock.Socket, error) {
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, &net.OpError{Op: "connect", Addr: sock.Address(address), Err: err}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || isIP(host) || !isPort(port) {
		return connect(yield, address) // there is no name in it: Connect knows what is wrong, if anything is
	}
	ips, err := d.resolve(yield, host)
	if err != nil {
		return nil, &net.OpError{Op: "connect", Addr: sock.Address(address), Err: err}
	}
	var addresses []string
	for _, ip := range interleave(ips) {
		addresses = append(addresses, net.JoinHostPort(ip.String(), port))
	}
	return d.race(yield, l, address, addresses)
}

// connect is sock.Connect, whose words about an address know no names.
func connect(yield coro.Yield, address string) (*sock.Socket, error) {
	s, err := sock.Connect(yield, address)
	if op := (*net.OpError)(nil); errors.As(err, &op) && errors.Is(err, sock.ErrAddress) {
		op.Err = fmt.Errorf(`%w, or with a name "localhost:80"`, op.Err)
	}
	return s, err
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// interleave alternates the families, beginning with the first address's: if one
// family as a whole is broken, the second try is of the other.
func interleave(ips []netip.Addr) (mixed []netip.Addr) {
	var same, other []netip.Addr
	for _, ip := range ips {
		if ip.Is4() == ips[0].Is4() {
			same = append(same, ip)
		} else {
			other = append(other, ip)
		}
	}
	for i := range max(len(same), len(other)) {
		mixed = append(mixed, same[min(i, len(same)):min(i+1, len(same))]...)
		mixed = append(mixed, other[min(i, len(other)):min(i+1, len(other))]...)
	}
	return mixed
}

// race starts an attempt at each address, in order, until one is connected.
func (d *Dialer) race(yield coro.Yield, l *loop.Loop, name string, addresses []string) (*sock.Socket, error) {
	var attempts []task.Awaitable // still running
	var reasons []error
	for len(addresses) > 0 || len(attempts) > 0 {
		if len(addresses) > 0 {
			attempts = append(attempts, attempt(l, addresses[0]))
			addresses = addresses[1:]
		}
		done, pending, err := task.Wait(yield, task.FirstCompleted, d.patience(addresses), attempts...)
		if err != nil {
			giveUp(yield, attempts)
			return nil, &net.OpError{Op: "connect", Addr: sock.Address(name), Err: err}
		}
		attempts = pending
		winner, failed := judge(done)
		if winner == nil {
			reasons = append(reasons, failed...)
			continue
		}
		if err := giveUp(yield, pending); err != nil {
			_ = winner.Close()
			return nil, &net.OpError{Op: "connect", Addr: sock.Address(name), Err: err}
		}
		return winner, nil
	}
	if len(reasons) == 1 {
		return nil, reasons[0]
	}
	return nil, &DialError{name, reasons}
}

// patience is how long to wait for the running attempts before the next is started:
// forever if there is no next.
func (d *Dialer) patience(next []string) time.Duration {
	switch {
	case len(next) == 0:
		return -1
	case d.Delay > 0:
		return d.Delay
	}
	return 250 * time.Millisecond
}

func attempt(l *loop.Loop, address string) task.Awaitable {
	return task.Spawn(l, func(yield coro.Yield) (any, error) { return sock.Connect(yield, address) })
}

// judge looks at attempts that have ended: it returns the first connection, closes
// the others, and says why the rest failed.
func judge(done []task.Awaitable) (winner *sock.Socket, failed []error) {
	for _, a := range done {
		v, err := a.Result()
		switch {
		case err != nil:
			failed = append(failed, err)
		case winner == nil:
			winner = v.(*sock.Socket)
		default:
			_ = v.(*sock.Socket).Close()
		}
	}
	return winner, failed
}

// giveUp ends attempts, and closes those that are connected by now: nobody else
// would. The error is the caller's cancellation.
func giveUp(yield coro.Yield, attempts []task.Awaitable) error {
	err := task.CancelAndWait(yield, attempts...)
	for _, a := range attempts {
		if !a.Done() { // the loop closes, and the attempt with it
			continue
		}
		if v, err := a.Result(); err == nil {
			_ = v.(*sock.Socket).Close()
		}
	}
	return err
}
