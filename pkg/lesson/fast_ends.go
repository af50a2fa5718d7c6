package lesson

// What lesson 18 asks of an echo that ends: nothing is lost, and nothing is left. Read
// fast.go and fast_rig.go first.

import (
	"errors"
	"slices"

	"golang.org/x/sys/unix"

	"stepwise/pkg/future"
	"stepwise/pkg/trial"
)

func fastLate(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p, tried := t.parties[0], "echo to a client that ends its side before it reads"
		p.stuck()
		p.leaves()
		p.hears(tried)
		p.ends(tried, nil)
	})
}

func fastBroken(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		p.says([]byte("hello"))
		p.hears("echo a message")
		p.recvSays = []error{unix.ECONNRESET}
		p.says([]byte("again"))
		p.ends("echo, when the read fails", unix.ECONNRESET)
	})
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		p.sendSays = slices.Repeat([]error{unix.EPIPE}, 1000) // it stays broken
		p.says([]byte("hello"))
		p.ends("echo, when the send fails", unix.EPIPE)
	})
}

func fastCanceled(impl Impl) {
	talking(impl, 2, func(t *tally) {
		p, other := t.parties[0], t.parties[1]
		other.task.Cancel()
		other.ends("cancel an echo that has heard nothing yet", future.ErrCanceled)
		p.says([]byte("hello"))
		p.hears("echo a message")
		p.task.Cancel()
		p.ends("cancel an echo that waits for the next message", future.ErrCanceled)
	})
}

func fastCanceledFull(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		p.stuck()
		p.task.Cancel()
		p.ends("cancel an echo whose client doesn't read", future.ErrCanceled)
	})
}

// todo is ErrTODO for an echo that is not written yet.
func (p *party) todo() error {
	if p.task.Done() {
		if _, err := p.task.Result(); errors.Is(err, ErrTODO) {
			return err
		}
	}
	return nil
}

// leaves ends the client's side.
func (p *party) leaves() { trial.Must(unix.Shutdown(p.fd, unix.SHUT_WR)) }

// ends expects the echo to have ended with reason, nil for none, and to have left nothing.
func (p *party) ends(tried string, reason error) {
	finishes(p.yield, p.task, tried)
	_, err := p.task.Result()
	if reason == nil {
		noError(tried, err)
	} else {
		wantError(tried, err, reason)
	}
	switch {
	case p.s.FD() >= 0:
		fail(tried, "a socket that is still open", "a closed one, however the echo ends", nil)
	case p.watched[p.at]:
		fail(tried, "a descriptor that is still registered with the loop", "one that is removed from it, and closed after that", nil)
	}
}
