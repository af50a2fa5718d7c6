package lesson

// The clients of lesson 18. Read fast_rig.go first.

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// party is a client, and the echo that it talks to.
type party struct {
	*tally
	fd    int // the client's
	asked []byte
	heard []byte
	ended bool // the echo's socket is closed

	s    *sock.Socket
	at   int // the number of s, which forgets it when it is closed
	task *task.Task

	received, sent int            // bytes that the echo's counted calls have moved
	buffers        map[*byte]bool // that it received into, or sent from; by their last byte
	inARow         int            // receives since the loop's last select
	endless        bool           // the client never stops sending, and takes all
	part           int            // what a send takes at most; 0: no limit
	recvSays       []error        // what the next receives say, instead of asking the kernel
	sendSays       []error
}

// says sends text to the echo, as much as there is room for.
func (p *party) says(text []byte) {
	n, err := unix.Write(p.fd, text)
	if err == unix.EPIPE { // what the client misses says so
		n, err = len(text), nil
	}
	p.asked = append(p.asked, text[:max(0, n)]...)
	if err != unix.EAGAIN { // there is no room for the rest
		trial.Must(err)
	}
}

// listens takes what has come for the client.
func (p *party) listens() {
	room := make([]byte, 64<<10)
	for !p.ended {
		n, err := unix.Read(p.fd, room)
		switch {
		case err == unix.EAGAIN:
			return
		case err != nil || n == 0:
			p.ended = true
		default:
			p.heard = append(p.heard, room[:n]...)
		}
	}
}

// hears has the client read all that comes, and expects it to have its whole echo, by calls
// that are counted.
func (p *party) hears(tried string) {
	for before := -1; before < len(p.heard) && len(p.heard) <= len(p.asked); {
		before = len(p.heard)
		p.settle()
		p.listens()
	}
	if !bytes.Equal(p.heard, p.asked) {
		fail(tried, p.difference(), "all that the client has sent, in its order, and an echo that goes on", p.early())
	}
	if p.received != len(p.asked) || p.sent != len(p.asked) {
		fail(tried, fmt.Sprintf("%d of %d bytes received, and %d sent, by the loop's own calls", p.received, len(p.asked), p.sent),
			"all of them: s.Loop().Calls() has the calls that are counted", nil)
	}
}

// difference says in which way the echo isn't what the client has sent.
func (p *party) difference() string {
	err := p.early()
	end := ""
	if p.task.Done() {
		end = ", and an end with " + trial.Said(err)
	}
	same := 0
	for same < min(len(p.heard), len(p.asked)) && p.heard[same] == p.asked[same] {
		same++
	}
	if same < len(p.heard) {
		return fmt.Sprintf("other bytes from byte %d on%s", same, end)
	}
	return fmt.Sprintf("%d of %d bytes%s", len(p.heard), len(p.asked), end)
}

// early is the error of an echo that has ended too early.
func (p *party) early() error {
	if !p.task.Done() {
		return nil
	}
	_, err := p.task.Result()
	return err
}
