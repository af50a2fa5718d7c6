package lesson

import (
	"bytes"
	"fmt"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Send judges lesson 09: send may take a part. The cases of peers that are gone are in
// send_gone.go, those of two sends on one socket in socket_busy.go.
var Send = Lesson{
	Number: 9, Name: "send", Code: "sock/send.go",
	Question: "how much went out?",
	Able:     "send all of it to a peer that reads slowly",
	Judges:   "Send", Wrong: wrongSends, Hints: sendHints, Needs: map[string][]string{"W02": {"W01"}, "W04": {"W01", "W02"}, "W10": {"W01", "W02", "W09", "W17"}, "W16": {"W01", "W02"}, "W17": {"W05"}},
	Fits: fits("W02", "counts the -1 of EAGAIN", "lets EAGAIN escape", "takes EAGAIN for the end", "waits until the socket is readable",
		"asks again at each turn instead of sleeping", "calls itself soon instead of sleeping", "asks again every millisecond instead of sleeping"),
	Cases: []Case{
		{"W01", "the kernel takes a part", "what is left over is lost, and nobody is told", sendMuch},
		{"W02", "there is no room for the first byte", "EAGAIN is an answer, not a failure", sendFull},
		{"W04", "a false wake-up", "a wake-up is a permission to try, not a promise", sendSpurious},
		{"W05", "nothing to send, and a single byte", "for nothing there is nothing to wait for, and the last byte is a byte like any other", sendNothing},
		{"W06", "the peer is gone", "bytes that nobody will get must not count as sent", sendReset},
		{"W17", "a little room", "the kernel takes bytes long before it calls a socket writable, and code that waits for that first may wait for nothing", sendLittle},
		{"W09", "canceled while the peer doesn't read, and then sent again", "the loop refuses the next owner of a number that stays registered", sendCanceled},
		{"W13", "a read waits on the same socket", "reader and writer must not get in each other's way", sendWhileReading},
		{"W16", "two sockets at once", "what two sends share, the second one takes away from the first", sendTwo},
		{"W10", "another send waits on the same socket", "the one that can't wait must say so, and not take the loop's attention from the other", sendBusy},
	},
}

func sendMuch(impl Impl) { sendSlowly(nil, impl) }

func sendSpurious(impl Impl) { sendSlowly(newSpurious(), impl) }

// sendSlowly sends much to a peer that begins to read when the buffers are full, and gets
// all of it.
func sendSlowly(sel selector.Selector, impl Impl) {
	withSlowPeer(sel, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		data, tried := faulty.Pattern(much), fmt.Sprintf("send %d bytes to a peer that reads late", much)
		t := sending(yield, s, impl, data)
		peer.Release()
		if err := sent(yield, s, t, tried); err != nil {
			fail(tried, trial.Said(err), "all of it sent", err)
		}
		_ = s.Close()
		came(peer, data)
	})
}

// sending begins to send data, and lets the code come to where it waits.
func sending(yield coro.Yield, s *sock.Socket, impl Impl, data []byte) *task.Task {
	t := task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return nil, impl.Send(yield, s, data) })
	settles(yield, s.Loop())
	return t
}

// often is how many turns a case gives a send: many more than it needs.
const often = 2000

// sent lets t, which sends on s, go on until it has ended. As long as it hasn't, the code
// must go on whenever there is room.
func sent(yield coro.Yield, s *sock.Socket, t *task.Task, tried string) error {
	for range often {
		if t.Done() {
			_, err := t.Result()
			return err
		}
		polls(s.FD(), unix.POLLOUT)
		settles(yield, s.Loop())
	}
	fail(tried, "a wait that goes on, although there is room", "all of it sent", trial.ErrWaits)
	return nil
}

// came asks peer, once its connection has ended, whether data is what came.
func came(peer *faulty.Server, data []byte) {
	v, err := peer.Visit(0, limit)
	trial.Must(err)
	if int64(len(v.Received)) < v.Count { // it keeps no more than many times as much
		fail(peerHas, "many times as many bytes: what went out was sent again", allSent(data), nil)
	}
	trial.Must(v.Err)
	compare(v.Received, data)
}

// compare expects what came to be what was sent.
func compare(got, data []byte) {
	if bytes.Equal(got, data) {
		return
	}
	right := 0
	for right < min(len(got), len(data)) && got[right] == data[right] {
		right++
	}
	if right == len(got) {
		fail(peerHas, fmt.Sprintf("only the first %d bytes", right), allSent(data), nil)
	}
	fail(peerHas, fmt.Sprintf("%d bytes, of which the first %d are right", len(got), right), allSent(data), nil)
}

const peerHas = "ask the peer what came"

func allSent(data []byte) string { return fmt.Sprintf("the %d that were sent", len(data)) }

// sendFull sends little, and then much, when there is no room for a byte.
func sendFull(impl Impl) {
	for _, n := range []int{5, much + 7} {
		withFullPair(func(yield coro.Yield, s *sock.Socket, peer *end, before []byte) {
			data, tried := faulty.Pattern(n), fmt.Sprintf("send %d bytes while the buffer is full", n)
			t := sending(yield, s, impl, data)
			if t.Done() {
				_, err := t.Result()
				fail(tried, "an end at once, with "+trial.Said(err), "it to wait", err)
			}
			peer.takes(yield, s, t, tried)
			compare(peer.came, append(before, data...))
		})
	}
}

// sendNothing does it while there is no room, too: code that waits for some waits in vain.
func sendNothing(impl Impl) {
	withPair(func(yield coro.Yield, s *sock.Socket, peer *end) {
		sendsAll(yield, s, impl, []byte("x"), "send a single byte")
		before, err := fill(s.FD())
		if err != nil {
			fail("send a single byte, and write more after that", trial.Said(err), "no error: the socket stays open in both directions", err)
		}
		for _, none := range [][]byte{nil, {}} {
			sendsAll(yield, s, impl, none, "send nothing while the buffer is full")
		}
		peer.readAll()
		compare(peer.came, append([]byte("x"), before...))
	})
}

// sendLittle sends a byte for which there is room, though the socket isn't writable.
func sendLittle(impl Impl) {
	withFullPair(func(yield coro.Yield, s *sock.Socket, peer *end, before []byte) {
		const tried = "send a byte when there is room for a few, and the socket isn't writable"
		peer.read(piece)
		sendsAll(yield, s, impl, []byte("x"), tried)
		peer.readAll()
		compare(peer.came, append(before, 'x'))
	})
}

// sendsAll expects it to work without a wait.
func sendsAll(yield coro.Yield, s *sock.Socket, impl Impl, data []byte, tried string) {
	t := sending(yield, s, impl, data)
	finishes(yield, t, tried)
	_, err := t.Result()
	noError(tried, err)
}

func sendCanceled(impl Impl) {
	withSlowPeer(nil, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		cancels(yield, fmt.Sprintf("send %d bytes to a peer that doesn't read", much), task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) {
			return nil, impl.Send(yield, s, faulty.Pattern(much))
		}))
		stillOpen(s)
		if s.Loop().RemoveWriter(s.FD()) {
			fail("look for what the canceled send left behind", "a writer that is still registered", "nothing", nil)
		}
		again := sending(yield, s, impl, faulty.Pattern(much)) // more than there is room for, so it waits
		peer.Release()
		noError("send again after that", sent(yield, s, again, "send again after that"))
	})
	withSlowPeer(nil, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		cancelsInTurn(yield, s.Loop(), fmt.Sprintf("send %d bytes to a peer that doesn't read", much), func(yield coro.Yield) (any, error) {
			return nil, impl.Send(yield, s, faulty.Pattern(much))
		})
	})
}

// sendWhileReading has a reader on the socket of a send that has to wait, and ends well,
// or is canceled. The reader is a callback, so that this is about send alone.
func sendWhileReading(impl Impl) {
	for _, canceled := range []bool{false, true} {
		withSmallBuffers(nil, faulty.ReadsLate("thanks"), func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
			answer := reader(s)
			t := sending(yield, s, impl, faulty.Pattern(much))
			if canceled {
				t.Cancel()
				finishes(yield, t, "cancel a send while a read waits")
			} else {
				peer.Release()
				noError("send while a read waits", sent(yield, s, t, "send while a read waits"))
			}
			if !s.Loop().RemoveReader(s.FD()) && !answer.Done() {
				fail("look at the read that waited on the same socket meanwhile", "no reader", "it to be there still", nil)
			}
		})
	}
}

// reader waits for something to read on s.
func reader(s *sock.Socket) *future.Future {
	f := future.New(s.Loop())
	noError("add a reader", s.Loop().AddReader(s.FD(), func() {
		s.Loop().RemoveReader(s.FD())
		_ = f.SetResult(nil)
	}))
	return f
}

// sendTwo has two sends wait at the same moment.
func sendTwo(impl Impl) {
	withSlowPeer(nil, func(yield coro.Yield, first *sock.Socket, one *faulty.Server) {
		two := faulty.NeverReads()
		defer two.Close()
		second, err := sock.Connect(yield, two.Addr())
		trial.Must(err)
		defer second.Close()
		smallBuffer(second)
		a := sending(yield, first, impl, bytes.Repeat([]byte("a"), much))
		b := sending(yield, second, impl, bytes.Repeat([]byte("b"), much))
		one.Release()
		two.Release()
		noError("send on two sockets at once", sent(yield, first, a, "send on two sockets at once"))
		noError("send on two sockets at once", sent(yield, second, b, "send on two sockets at once"))
		for _, end := range []struct {
			peer *faulty.Server
			s    *sock.Socket
			text string
		}{{one, first, "a"}, {two, second, "b"}} {
			_ = end.s.Close()
			v, err := end.peer.Visit(0, limit)
			trial.Must(err)
			if !bytes.Equal(v.Received, bytes.Repeat([]byte(end.text), much)) { // what it is instead depends on who was faster
				fail("send on two sockets at once, and ask the peers what came", "something else than what was sent to each", "all of it, and nothing else", nil)
			}
		}
	})
}
