package stages

// WRONG ON PURPOSE: it asks all the time, and so keeps a processor busy with waiting.
// Its fix is selector.go. Read blocking.go before it: there, local variables said how far
// a fetch has come; now that must outlive each attempt.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

// BusyLoop begins every conversation, and then asks each in turn whether it can go on,
// until all are over. A slow server delays no other.
func BusyLoop(addresses []string) []Answer {
	calls := kernel
	buffer := make([]byte, 64<<10)
	talks := make([]*talk, len(addresses))
	for i, address := range addresses {
		talks[i] = begin(calls, address)
	}
	for pending := true; pending; {
		pending = false
		for _, t := range talks {
			if !t.over {
				t.try(buffer)
			}
			if t.over {
				t.close()
			}
			pending = pending || !t.over
		}
	}
	return answersOf(talks)
}

// talk is one conversation between two attempts.
//
// Invariant: err ≠ nil ⇒ over. over says that nothing more will be tried; the descriptor
// stays open until close.
type talk struct {
	calls   sys.Calls
	fd      int    // -1 once closed
	request []byte // what is still to be sent
	raw     []byte // what has come
	over    bool
	err     error
}

// begin opens the socket and starts to connect, without waiting.
func begin(calls sys.Calls, address string) *talk {
	t := &talk{calls: calls, fd: -1, request: Request(address)}
	family, sa, err := target(address)
	if err == nil {
		t.fd, err = calls.Socket(family)
	}
	if err == nil {
		err = calls.Connect(t.fd, sa)
	}
	if err != nil && err != unix.EINPROGRESS {
		t.end(err)
	}
	return t
}

// try makes one attempt: to send as long as there is something to send, then to
// read. EAGAIN is the answer "not now", also to a send before the connection is
// there; if the connection is refused, the send says so.
func (t *talk) try(buffer []byte) {
	if len(t.request) > 0 {
		n, err := t.calls.Send(t.fd, t.request)
		t.request = t.request[n:]
		t.note(err)
		return
	}
	n, err := t.calls.Recv(t.fd, buffer)
	t.raw = append(t.raw, buffer[:n]...)
	if n == 0 && err == nil {
		t.end(nil)
	}
	t.note(err)
}

// note ends the conversation for an error, but not for "not now".
func (t *talk) note(err error) {
	if err != nil && err != unix.EAGAIN && err != unix.EINTR {
		t.end(err)
	}
}

func (t *talk) end(err error) { t.over, t.err = true, err }

// close releases the descriptor, once.
func (t *talk) close() {
	if t.fd >= 0 {
		_ = t.calls.Close(t.fd)
		t.fd = -1
	}
}

func answersOf(talks []*talk) []Answer {
	answers := make([]Answer, len(talks))
	for i, t := range talks {
		if answers[i].Err = t.err; t.err == nil {
			answers[i].Body, answers[i].Err = Page(t.raw)
		}
	}
	return answers
}
