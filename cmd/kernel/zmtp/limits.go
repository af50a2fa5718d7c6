package zmtp

import (
	"errors"
	"time"
)

// Limits bound what peers can cost. Sizes are in bytes and count what is in the
// frames, not their headers. A peer is a stranger until a Router's check has
// accepted a message of its.
type Limits struct {
	HalfOpen  int           // connections in their handshake; one more closes the oldest of them
	Handshake time.Duration // for all of a handshake
	Peers     int           // connections after it; one more takes the place of one that has done nothing yet

	Stranger int           // one message of a stranger to a Router
	Strays   int           // all messages over 64 KB that strangers are sending to a Router, together
	Arrival  time.Duration // for all of a stranger's message, from its first byte
	Friend   int           // one message of a peer that is no stranger
	Parts    int           // frames of a message
	Signal   int           // one message to an Echo; a topic's length in a Pub; a command
	Topics   int           // a peer's subscriptions

	Queue    int           // what may wait for a peer before the sender has to, until half of it is free
	Stall    time.Duration // a sender waits this long for a peer that takes less than Progress
	Progress int
}

// DefaultLimits are those of a kernel that one reader's fronts talk to.
//
// A real peer's handshake takes milliseconds, and libzmq tries again if it fails.
// A front opens one connection to each socket: 256 peers are a class on one
// kernel. The first request of a front asks for a few hundred bytes of kernel
// info, and a megabyte is a long cell; so a stranger may send that much, and all of
// them together 32. With the key, 64 megabytes: the kernel has no use for more.
//
// 16 megabytes of output wait for a reader before the cell has to. One that takes
// two more in ten seconds is slow, and waited for; libzmq in a program that reads
// takes a hundred times that.
func DefaultLimits() Limits {
	return Limits{
		HalfOpen: 64, Handshake: 5 * time.Second, Peers: 256,
		Stranger: 1 << 20, Strays: 32 << 20, Arrival: 10 * time.Second, Friend: 64 << 20,
		Parts: 64, Signal: 1 << 10, Topics: 64,
		Queue: 16 << 20, Stall: 10 * time.Second, Progress: 2 << 20,
	}
}

// Within returns limits that fit into so many descriptors: connections that do nothing
// must not leave a cell without one for its file.
func (l Limits) Within(descriptors int) Limits {
	l.HalfOpen = min(l.HalfOpen, max(1, descriptors/5))
	l.Peers = min(l.Peers, max(1, descriptors-l.HalfOpen))
	return l
}

var (
	// ErrClosed is what a socket's calls return after Close.
	ErrClosed = errors.New("zmtp: the socket is closed")
	// ErrNoPeer says that no peer of that name is connected, or that it no longer is.
	ErrNoPeer = errors.New("zmtp: no such peer is connected")
	// ErrProtocol says that a peer does not speak ZMTP 3, or not as we can.
	ErrProtocol = errors.New("zmtp: this is not the protocol")
	// ErrLimit says that a peer asked for more than Limits grant.
	ErrLimit = errors.New("zmtp: over the limit")
	// ErrStalled says that a peer did not take what was sent to it.
	ErrStalled = errors.New("zmtp: the peer takes nothing")
)
