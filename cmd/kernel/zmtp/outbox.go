package zmtp

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// An outbox is what waits to be written to one peer, in order.
//
// A sender puts a message into the outbox of each peer that gets it. An outbox that then
// holds more than limits.Queue is full, and the sender waits until half of that is free. So a slow reader slows the cell that prints, and misses nothing, and the
// memory for all outboxes together is about that of one: they share their messages,
// and each holds the newest of them. It is tempting to drop messages for a slow
// reader, as libzmq does. The notebook would then miss lines without a word, or the
// end of a cell, and wait for it forever.
//
// A reader that takes next to nothing while a sender waits is cut off. Every
// outbox has its own clock for that, so ten silent readers cost no more than one. It
// is tempting to let the sender go on as soon as the queue is within its limit: a
// reader could take one message in each Stall, and never be late.
type outbox struct {
	limits Limits

	mu      sync.Mutex
	queue   [][]byte
	bytes   int           // of queue, less what is written of its first
	taken   int           // all bytes that were written
	full    bool          // from bytes > limits.Queue until bytes <= limits.Queue/2
	since   time.Time     // of mark: when it became full, or Progress was last made
	mark    int           // of taken, at since
	closed  bool          // nothing is put or written any more
	changed chan struct{} // closed at the next change; nil while nothing waits for one
}

func newOutbox(limits Limits) *outbox { return &outbox{limits: limits} }

// put appends a message. After close it does nothing.
func (o *outbox) put(wire []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.queue = append(o.queue, wire)
	o.bytes += len(wire)
	if !o.full && o.bytes > o.limits.Queue {
		o.full, o.since, o.mark = true, time.Now(), o.taken
	}
	o.tell()
}

// room waits until the queue is not full, or has been closed. It returns ErrStalled
// if the peer doesn't take what it must in the meantime.
func (o *outbox) room() error {
	for {
		full, left, changed := o.state()
		if !full {
			return nil
		}
		if left <= 0 {
			return o.stalled()
		}
		timer := time.NewTimer(left)
		select {
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// late returns ErrStalled if room would, without waiting.
func (o *outbox) late() error {
	if full, left, _ := o.state(); full && left <= 0 {
		return o.stalled()
	}
	return nil
}

// state says whether the queue is full, how long the peer has left to make
// progress, and what is closed when that changes.
func (o *outbox) state() (full bool, left time.Duration, changed <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.full && !o.closed, time.Until(o.since.Add(o.limits.Stall)), o.watch()
}

func (o *outbox) stalled() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Errorf("%w: %d bytes wait, and it took fewer than %d in %v; they are lost to it", ErrStalled, o.bytes, o.limits.Progress, o.limits.Stall)
}

// emptied says whether everything is written, or never will be, and what is closed
// when that changes.
func (o *outbox) emptied() (bool, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes == 0 || o.closed, o.watch()
}

// close drops the queue. Calling it again has no effect.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.queue = true, nil
	o.tell()
}

// write writes to conn what is put, until close or until conn breaks. Pieces are
// small, so that progress shows within a large message.
func (o *outbox) write(conn net.Conn) error {
	const piece = 64 << 10
	for {
		wire, err := o.next()
		if err != nil {
			return err
		}
		for len(wire) > 0 {
			n, err := conn.Write(wire[:min(piece, len(wire))])
			wire = wire[n:]
			o.wrote(n, len(wire) == 0)
			if err != nil {
				return err
			}
		}
	}
}

// next waits for the first message of the queue, and leaves it there.
func (o *outbox) next() ([]byte, error) {
	for {
		o.mu.Lock()
		if o.closed {
			o.mu.Unlock()
			return nil, ErrClosed
		}
		if len(o.queue) > 0 {
			defer o.mu.Unlock()
			return o.queue[0], nil
		}
		changed := o.watch()
		o.mu.Unlock()
		<-changed
	}
}

// wrote notes that n more bytes are with the peer; whole: they end the message.
func (o *outbox) wrote(n int, whole bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.bytes -= n
	o.taken += n
	if o.bytes <= o.limits.Queue/2 {
		o.full = false
	}
	if o.taken-o.mark >= o.limits.Progress {
		o.since, o.mark = time.Now(), o.taken
	}
	if whole {
		o.queue[0] = nil
		o.queue = o.queue[1:]
	}
	o.tell()
}

// watch is closed by the next tell. Both are called under the lock.
func (o *outbox) watch() <-chan struct{} {
	if o.changed == nil {
		o.changed = make(chan struct{})
	}
	return o.changed
}

func (o *outbox) tell() {
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}
