package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Send judges lesson 09: send may take a part.
var Send = Lesson{
	Number: 9, Name: "send", Code: "sock/send.go",
	Question: "how much went out?",
	Able:     "send all of it to a peer that reads slowly",
	Judges:   "Send", Wrong: wrongSends, Hints: sendHints,
	Cases: []Case{
		{"W01", "the kernel takes a part", "what is left over is lost, and nobody is told", sendMuch},
		{"W02", "there is no room for the first byte", "EAGAIN is an answer, not a failure", sendFull},
		{"W04", "a false wake-up", "a wake-up is a permission to try, not a promise", sendSpurious},
		{"W05", "nothing to send", "there is nothing to wait for", sendNothing},
		{"W06", "the peer is gone", "bytes that nobody will get must not count as sent", sendReset},
		{"W09", "canceled while the peer doesn't read", "what is left registered belongs to the next owner of the number", sendCanceled},
		{"W13", "a read waits on the same socket", "reader and writer must not get in each other's way", sendWhileReading},
	},
}

func sendMuch(impl Impl) { sendSlowly(nil, impl) }

func sendSpurious(impl Impl) { sendSlowly(newSpurious(), impl) }

// sendSlowly sends much to a peer that begins to read when the buffers are full.
func sendSlowly(sel selector.Selector, impl Impl) {
	withSlowPeer(sel, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		sendLate(yield, s, peer, impl, nil, fmt.Sprintf("send %d bytes to a peer that reads late", much), "all of it sent")
	})
}

// sendLate begins to send much behind what was sent before, and lets peer read
// after that. It expects peer to get all of it.
func sendLate(yield coro.Yield, s *sock.Socket, peer *faulty.Server, impl Impl, before []byte, tried, want string) {
	data := faulty.Pattern(much)
	t := task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return nil, impl.Send(yield, s, data) })
	rounds(yield, 10)
	peer.Release()
	if _, err := task.Await(yield, t); err != nil {
		fail(tried, trial.Said(err), want, err)
	}
	received(peer, s, append(before, data...))
}

// received closes s and expects the peer to have got data, and nothing else.
func received(peer *faulty.Server, s *sock.Socket, data []byte) {
	_ = s.Close()
	came(peer, data)
}

// came asks peer, once its connection has ended, whether data is what came.
func came(peer *faulty.Server, data []byte) {
	got, err := peer.Received(limit)
	trial.Must(err)
	if bytes.Equal(got, data) {
		return
	}
	right := 0
	for right < min(len(got), len(data)) && got[right] == data[right] {
		right++
	}
	fail("ask the peer what came", fmt.Sprintf("%d bytes, of which the first %d are right", len(got), right),
		fmt.Sprintf("the %d that were sent", len(data)), nil)
}

func sendFull(impl Impl) {
	withSlowPeer(nil, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		data, err := fill(s.FD())
		trial.Must(err)
		// Much, since the buffers may find room for a few bytes after all.
		sendLate(yield, s, peer, impl, data, "send while the buffer is full", "it to wait, and send all")
	})
}

// fill sends until the kernel takes no more, even after a pause.
func fill(fd int) (sent []byte, err error) {
	chunk := make([]byte, 64<<10)
	for pauses := 0; pauses < 20; {
		n, err := unix.Write(fd, chunk)
		switch {
		case err == unix.EAGAIN: // what is on its way to the peer's buffer will make room
			time.Sleep(time.Millisecond)
			pauses++
		case err != nil:
			return nil, err
		default:
			sent = append(sent, chunk[:n]...)
			pauses = 0
		}
	}
	return sent, nil
}

func sendNothing(impl Impl) {
	peer := faulty.Sink()
	withPeer(nil, peer, func(yield coro.Yield, s *sock.Socket) {
		noError("send nothing", impl.Send(yield, s, nil))
		received(peer, s, nil)
	})
}

func sendReset(impl Impl) {
	peer := faulty.ResetMidway("part")
	withPeer(nil, peer, func(yield coro.Yield, s *sock.Socket) {
		if _, err := sock.ReadAll(yield, s, 100); err == nil {
			trial.Must(errors.New("the server should have reset the connection, and did not"))
		}
		for range 3 { // the kernel may report the reset on the first call and the broken pipe on the next
			if err := impl.Send(yield, s, []byte("hello")); err != nil {
				return
			}
		}
		fail("send to a peer that is gone, three times", "no error", "EPIPE or ECONNRESET", nil)
	})
}

func sendCanceled(impl Impl) {
	withSlowPeer(nil, func(yield coro.Yield, s *sock.Socket, _ *faulty.Server) {
		cancels(yield, fmt.Sprintf("send %d bytes to a peer that doesn't read", much), task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) {
			return nil, impl.Send(yield, s, faulty.Pattern(much))
		}))
		if s.Loop().RemoveWriter(s.FD()) {
			fail("look for what the canceled send left behind", "a writer that is still registered", "nothing", nil)
		}
	})
}

func sendWhileReading(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		reader := task.SpawnAs(s.Loop(), func(yield coro.Yield) ([]byte, error) { return sock.Read(yield, s) })
		rounds(yield, 3)
		noError("send while a read waits", impl.Send(yield, s, []byte("hello")))
		got, err := task.AwaitAs(yield, reader)
		if err != nil || len(got) == 0 {
			fail("look at the read that waited meanwhile", trial.Both(got, err), "the echo", err)
		}
	})
}
