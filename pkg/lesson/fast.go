package lesson

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

// Fast judges lesson 18: where does the time go? The cases count, and none of them looks at
// a clock.
var Fast = Lesson{
	Number: 18, Name: "fast", Code: "serve/echo.go",
	Question: "where does the time go?",
	Able:     "count a program's system calls, and make them fewer",
	Noun:     "echo",
	Judges:   "Echo", Wrong: wrongEchoes, Hints: fastHints,
	Needs: map[string][]string{"F02": {"F01"}, "F03": {"F01"}, "F04": {"F01"}, "F05": {"F01"}, "F08": {"F07"}, "F11": {"F07"}, "F14": {"F07"}},
	Cases: []Case{
		{"F01", "one message, and the client ends its side", "what comes must go back, and the end must be seen", fastOne},
		{"F02", "twenty short messages, one after the other", "each call costs more than all that your own code does for a message", fastMessages},
		{"F03", "64 KiB are there at once", "a call for every small piece costs as much as a call for all", fastBurst},
		{"F04", "a hundred messages, and the buffers for them", "a new buffer for each message is garbage, which is collected while your clients wait", fastBuffers},
		{"F05", "the kernel takes a part", "what is left over is lost, or comes twice", fastPart},
		{"F06", "a false wake-up, and a signal", "EAGAIN and EINTR say nothing about the connection", fastFalse},
		{"F07", "a client that doesn't read", "what you read and can't pass on lies in your memory", fastFull},
		{"F08", "two clients, and one of them doesn't read", "what two connections share, one takes away from the other", fastTwo},
		{"F09", "a client that never stops sending", "as long as you read from it, no other task has a turn", fastEndless},
		{"F11", "a client ends its side, and reads late", "it has asked in time, and waits for all of its echo", fastLate},
		{"F12", "the connection breaks", "an error is news, and the descriptor is still open", fastBroken},
		{"F13", "canceled while it waits for a message", "a task that is stopped leaves nothing behind", fastCanceled},
		{"F14", "canceled while it waits to send", "every wait can be canceled", fastCanceledFull},
	},
}

// The most system calls that an echo may take: half of the given one's, and fewer where
// that is easy.
const (
	mostForMessage = 6
	mostForBurst   = 48
)

func fastOne(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		trial.Must(p.todo())
		p.says([]byte("hello"))
		p.hears("echo a message")
		p.leaves()
		p.ends("echo a message, after which the client ends its side", nil)
	})
}

func fastMessages(impl Impl) {
	const many = 20
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		tried := fmt.Sprintf("echo %d short messages, one after the other", many)
		t.costs(tried, many*mostForMessage, func() {
			for i := range many {
				p.says(fmt.Appendf(nil, "message %d", i))
				p.hears(tried)
			}
		})
	})
}

func fastBurst(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p, tried := t.parties[0], "echo 64 KiB that are there at once"
		t.costs(tried, mostForBurst, func() {
			p.says(lengthy(64 << 10))
			p.hears(tried)
		})
	})
}

func fastBuffers(impl Impl) {
	const many = 100
	talking(impl, 1, func(t *tally) {
		p, tried := t.parties[0], fmt.Sprintf("echo %d messages", many)
		for i := range many {
			p.says(fmt.Appendf(nil, "message %d", i))
			p.hears(tried)
		}
		if n := len(p.buffers); n > many/2 {
			fail(tried, fmt.Sprintf("%d different buffers", n), "one, which is used again", nil)
		}
	})
}

func fastPart(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		p.part = 7
		p.says(lengthy(1000))
		p.hears("echo 1000 bytes, of which the kernel takes 7 at a time")
		p.leaves()
		p.ends("echo 1000 bytes, of which the kernel takes 7 at a time", nil)
	})
}

func fastFalse(impl Impl) {
	for _, c := range []struct {
		tried      string
		recv, send []error
	}{
		{"echo, when a read finds nothing although the selector has said so", slices.Repeat([]error{unix.EAGAIN}, 10), nil},
		{"echo, when a signal interrupts a read", []error{unix.EINTR}, nil},
		{"echo, when there is no room at first", nil, slices.Repeat([]error{unix.EAGAIN}, 10)},
		{"echo, when a signal interrupts a send", nil, []error{unix.EINTR}},
	} {
		talking(impl, 1, func(t *tally) {
			p := t.parties[0]
			p.recvSays, p.sendSays = c.recv, c.send
			p.says([]byte("hello"))
			p.hears(c.tried)
			p.says([]byte("again"))
			p.hears(c.tried)
		})
	}
}

// stuck has the client send until nothing moves any more, and read nothing.
func (p *party) stuck() {
	for before := -1; before < len(p.asked) && !p.task.Done(); {
		before = len(p.asked)
		p.says(lengthyFrom(len(p.asked), 64<<10))
		p.settle()
	}
}

func fastFull(impl Impl) {
	talking(impl, 1, func(t *tally) {
		p := t.parties[0]
		for _, tried := range []string{"echo to a client that begins to read late", "do so a second time"} {
			p.stuck()
			p.hears(tried)
		}
		p.leaves()
		p.ends("echo to a client that begins to read late", nil)
	})
}

func fastTwo(impl Impl) {
	talking(impl, 2, func(t *tally) {
		slow, quick := t.parties[0], t.parties[1]
		slow.stuck()
		for range 3 {
			quick.says([]byte("quick"))
			quick.hears("echo to one client, while another doesn't read")
		}
		slow.hears("echo to a client that begins to read late, while another has talked")
	})
}

func fastEndless(impl Impl) {
	talking(impl, 2, func(t *tally) {
		endless, other := t.parties[0], t.parties[1]
		endless.endless = true
		endless.says([]byte("x"))
		other.says([]byte("hello"))
		rounds(t.yield, 50)
		trial.Must(t.wrong)
		other.listens()
		if len(other.heard) == 0 {
			fail("echo to a client, while another never stops sending", "no echo in 50 rounds of the loop", "its echo", nil)
		}
		endless.endless = false
		endless.listens()
		t.settle()
		other.hears("echo to a client, while another never stops sending")
	})
}

// lengthy is a text of n bytes in which no piece looks like its neighbor.
func lengthy(n int) []byte { return lengthyFrom(0, n) }

func lengthyFrom(from, n int) []byte {
	var b bytes.Buffer
	for i := from / 8; b.Len() < n+8; i++ {
		fmt.Fprintf(&b, "%07d ", i)
	}
	return b.Bytes()[from%8:][:n]
}

// echoBySocket is package serve's Echo in the form of the exercise.
func echoBySocket(yield coro.Yield, s *sock.Socket) error {
	defer s.Close()
	for {
		if err := sock.Readable(yield, s); err != nil {
			return err
		}
		var rest []byte
		err := sock.ReadNow(s, func(data []byte) {
			if sent := sock.SendNow(s, data); sent < len(data) {
				rest = bytes.Clone(data[sent:])
			}
		})
		if err == io.EOF {
			return nil
		}
		if err == nil && len(rest) > 0 {
			err = sock.Send(yield, s, rest)
		}
		if err != nil {
			return err
		}
	}
}
