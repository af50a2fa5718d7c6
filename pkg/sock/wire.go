package sock

// What crypto/tls takes for its connection. Read tls.go first.

import (
	"encoding/binary"
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sys"
)

// wire is what crypto/tls takes for the connection. After the handshake it never waits: a
// read of what has not arrived is EAGAIN, which crypto/tls passes on and forgets, since it
// says Temporary; and a write is kept until somebody flushes.
type wire struct {
	*Socket
	yield coro.Yield // of the handshake, during which it waits; nil afterwards
	dry   bool       // there is nothing to read but what crypto/tls has already
	try   bool       // a receive that came up short is followed by another: the end may be behind it
	head  []byte     // of the record that is coming, less than 5 bytes
	left  int        // bytes of that record that are still to come behind its head
	out   []byte     // encrypted, in order, and not sent yet
	err   error      // errUnread, once it has been returned; crypto/tls would call it something else
}

// errUnread: a peer has more answers coming than it reads. The connection has ended then.
var errUnread = errors.New("peer asks on and on, and doesn't read the answers")

func (w *wire) Read(p []byte) (n int, err error) {
	switch {
	case w.dry:
		return 0, unix.EAGAIN
	case w.yield == nil:
		w.read.drained = w.read.drained && !w.try
		n, err = w.receive(p)
	default:
		err = w.retry(w.yield, &w.read, func() (err error) { n, err = w.receive(p); return err })
	}
	w.follow(p[:n])
	if err = w.ended(err); err == io.EOF { // crypto/tls would take it for a proper end
		err = ErrCut
	}
	return n, err
}

// follow keeps account of where records begin and end: RFC 8446, 5.1.
func (w *wire) follow(p []byte) {
	for len(p) > 0 {
		if w.left > 0 {
			n := min(w.left, len(p))
			w.left, p = w.left-n, p[n:]
			continue
		}
		w.head, p = append(w.head, p[0]), p[1:]
		if len(w.head) == 5 {
			w.left, w.head = int(binary.BigEndian.Uint16(w.head[3:])), w.head[:0]
		}
	}
}

func (w *wire) midRecord() bool { return w.left > 0 || len(w.head) > 0 }

func (w *wire) Write(p []byte) (int, error) {
	const most = 64 << 10 // more than a Write leaves: the rest are answers
	if len(w.out) > most {
		w.err = errUnread
		return 0, w.err
	}
	w.out = append(w.out, p...)
	if w.yield != nil {
		if err := w.flush(w.yield); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// flush pauses until nothing is left to be sent.
func (w *wire) flush(yield coro.Yield) error {
	for len(w.out) > 0 {
		if err := w.retry(yield, &w.write, w.send); err != nil {
			return err
		}
	}
	return nil
}

// sendNow sends what the kernel takes without a wait. It reports no error: a connection
// that is gone is the next writer's to find.
func (w *wire) sendNow() {
	for len(w.out) > 0 && sys.Retry(w.send) == nil {
	}
}

// send makes one attempt.
func (w *wire) send() error {
	n, err := w.sendSome(w.out)
	w.out = w.out[n:]
	if len(w.out) == 0 {
		w.out = nil
	}
	return err
}

// Close, SetDeadline and the others have no effect: crypto/tls sets deadlines for its
// farewell, and they would be the Socket's.
func (w *wire) Close() error                     { return nil }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
