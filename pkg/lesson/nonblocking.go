package lesson

import (
	"bytes"
	"fmt"
	"io"
	"net"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/stages"
	"stepwise/pkg/trial"
)

// Nonblocking judges lesson 02: EAGAIN is an answer.
var Nonblocking = Lesson{
	Number: 2, Name: "nonblocking", Code: "stages/busy.go",
	Question: "what does a read answer when nothing is there?",
	Able:     "ask a socket without waiting for it",
	Noun:     "poll", Judges: "Poll", Wrong: wrongPolls, Hints: nonblockingHints, Needs: map[string][]string{"R02": {"Q01"}, "V03": {"Q01"}, "X13": {"R03"}},
	Cases: []Case{
		{"Q01", "an answer, and the end", "it is what everything else is built on", pollShort},
		{"R01", "nothing has come yet", "code that waits here for one peer makes all the others wait", pollNothing},
		{"Q02", "the answer drips in single bytes", "each piece belongs after those that came before it", pollDrip},
		{"Q03", "more than a buffer", "an answer comes in as many pieces as it likes, and each of them counts", pollLong},
		{"V02", "some answer and some are silent", "one that is silent must cost the others nothing", pollSilent},
		{"V03", "two pieces are there", "a peer that sends on and on keeps all the others from their turn", pollOnePiece},
		{"R02", "asked again after the end", "its descriptor may be closed, and its number may belong to somebody else by now", pollOver},
		{"R03", "the connection is reset", "half an answer looks like a whole one", pollReset},
		{"X13", "one fails while another answers", "one that fails must cost the others nothing", pollOneFails},
	},
}

func pollShort(impl Impl) {
	polling(impl, func(p *poller) {
		p.until(0)
		looks("poll a peer that answers and ends", p.talks[0], stages.Talk{Data: []byte("hello"), Over: true})
		if _, err := unix.FcntlInt(uintptr(p.talks[0].FD), unix.F_GETFL, 0); err != nil {
			fail("poll until the end, and look at the descriptor", "a closed one", "an open one: its owner closes it", err)
		}
	}, faulty.HalfClose("hello"))
}

func pollLong(impl Impl) {
	const many = 300_000
	polling(impl, func(p *poller) {
		for range 100 * mostPolls { // a poll may bring as little as it likes
			if p.talks[0].Over {
				break
			}
			arrives(p.talks[0].FD)
			p.poll()
		}
		if t := p.talks[0]; !t.Over || t.Err != nil || !bytes.Equal(t.Data, faulty.Pattern(many)) {
			fail(fmt.Sprintf("poll a peer that sends %d bytes and ends", many), "a talk that is "+state(t), fmt.Sprintf("over with these %d bytes and no error", many), t.Err)
		}
	}, faulty.Big(many))
}

func pollNothing(impl Impl) {
	peer := faulty.HTTPHeld("at last")
	polling(impl, func(p *poller) {
		p.poll()
		looks("poll before anything has come", p.talks[0], stages.Talk{})
		p.neverSleeps()
		peer.Release()
		p.until(0)
		looks("poll when the answer has come at last", p.talks[0], stages.Talk{Data: []byte("at last"), Over: true})
	}, peer)
	polling(impl, func(p *poller) {
		arrives(p.talks[0].FD)
		for range 3 {
			p.poll()
			looks("poll when some has come, and again when no more has", p.talks[0], stages.Talk{Data: []byte("some")})
		}
	}, faulty.Stall("some"))
}

// neverSleeps polls while nothing is there.
func (p *poller) neverSleeps() {
	const often = 10
	each := false
	p.waited(p.endsLate(40, func() { // some wait a little in each
		each = sleepsEachTime(often, func() { p.impl.Poll(p.talks) })
	}))
	if each {
		fail(fmt.Sprintf("poll %d times before anything has come", often), "a short wait each time", "it to wait for none", nil)
	}
}

// pollOnePiece polls talks on which each piece is a datagram, so that a read returns one of
// them, however large its buffer is.
func pollOnePiece(impl Impl) {
	p := &poller{impl: impl}
	defer p.close()
	for range 2 {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
		trial.Must(err)
		defer unix.Close(fds[1])
		p.talks = append(p.talks, &stages.Talk{FD: fds[0]})
		trial.Must(unix.SetNonblock(fds[0], true))
		for _, piece := range []string{"a", "b"} {
			_, err := unix.Write(fds[1], []byte(piece))
			trial.Must(err)
		}
	}
	for n, want := range []string{"a", "ab"} {
		p.poll()
		for i, t := range p.talks {
			looks(fmt.Sprintf("poll two peers, each with two pieces there, and look at number %d after poll %d", i, n+1), t, stages.Talk{Data: []byte(want)})
		}
	}
}

func pollDrip(impl Impl) {
	polling(impl, func(p *poller) {
		p.until(0)
		looks("poll a peer that drips", p.talks[0], stages.Talk{Data: []byte("drop by drop"), Over: true})
	}, faulty.Drip("drop by drop", 0))
}

func pollSilent(impl Impl) {
	polling(impl, func(p *poller) {
		for _, i := range []int{1, 3} { // code that looks at what is there must find both
			polls(p.talks[i].FD, theEnd)
		}
		p.until(1, 3)
		p.poll() // with one that is over before one that is silent
		for i, want := range []stages.Talk{{}, {Data: []byte("one"), Over: true}, {}, {Data: []byte("two"), Over: true}} {
			looks(fmt.Sprintf("poll four peers, of which two are silent, and look at number %d", i), p.talks[i], want)
		}
	}, faulty.Silent(), faulty.HalfClose("one"), faulty.Silent(), faulty.HalfClose("two"))
}

// pollOver gives the number of a talk that is over to another connection, which
// has something to read.
func pollOver(impl Impl) {
	peer := faulty.HalfClose("secret")
	defer peer.Close()
	stranger, err := connected(peer.Addr())
	trial.Must(err)
	defer unix.Close(stranger)
	for _, end := range []struct {
		peer *faulty.Server
		want stages.Talk
	}{
		{faulty.HalfClose("mine"), stages.Talk{Data: []byte("mine"), Over: true}},
		{faulty.ResetMidway("mine"), stages.Talk{Data: []byte("mine"), Over: true, Err: unix.ECONNRESET}},
	} {
		polling(impl, func(p *poller) {
			p.until(0)
			arrives(stranger)
			trial.Must(unix.Dup2(stranger, p.talks[0].FD))
			p.poll()
			looks("poll a talk that is over, whose number belongs to another connection by now", p.talks[0], end.want)
			looksUnread(stranger, "secret")
		}, end.peer)
	}
}

// looksUnread expects all of this to be still there.
func looksUnread(fd int, want string) {
	got := make([]byte, len(want)+1)
	n, _, err := unix.Recvfrom(fd, got, unix.MSG_PEEK)
	if n < 0 || string(got[:n]) != want {
		fail("look whether the other connection's bytes are still there", trial.Both(got[:max(0, n)], err), fmt.Sprintf("%q", want), err)
	}
}

func pollReset(impl Impl) {
	polling(impl, func(p *poller) {
		p.until(0)
		failed := stages.Talk{Data: []byte("part"), Over: true, Err: unix.ECONNRESET}
		looks("poll a peer that resets the connection", p.talks[0], failed)
		if _, err := unix.FcntlInt(uintptr(p.talks[0].FD), unix.F_GETFL, 0); err != nil {
			fail("poll until the reset, and look at the descriptor", "a closed one", "an open one: its owner closes it", err)
		}
		p.poll()
		looks("poll again after the reset", p.talks[0], failed)
	}, faulty.ResetMidway("part"))
	p := &poller{impl: impl, talks: []*stages.Talk{{FD: resets("part")}}}
	defer p.close()
	p.until(0)
	looks("poll when a part has come, and a reset behind it", p.talks[0], stages.Talk{Data: []byte("part"), Over: true, Err: unix.ECONNRESET})
	none := &poller{impl: impl, talks: []*stages.Talk{{FD: 1 << 20}}} // the kernel's poll would overlook -1
	none.poll()
	looks("poll a descriptor that there isn't", none.talks[0], stages.Talk{Over: true, Err: unix.EBADF})
}

func pollOneFails(impl Impl) {
	fails, answers := faulty.ResetMidway(""), faulty.HalfClose("answer")
	polling(impl, func(p *poller) {
		for _, t := range p.talks {
			arrives(t.FD)
		}
		p.poll()
		looks("poll two peers, and look at the one that was reset", p.talks[0], stages.Talk{Over: true, Err: unix.ECONNRESET})
		if string(p.talks[1].Data) != "answer" {
			fail("poll two peers, and look at the one after the one that was reset", state(p.talks[1]), `"answer"`, nil)
		}
	}, fails, answers)
	pollInTurns(impl)
}

// pollInTurns has two talks whose pieces come in turns, so that each poll finds one of both.
func pollInTurns(impl Impl) {
	p := &poller{impl: impl}
	var peers []*net.TCPConn
	for range 2 {
		fd, peer := pair()
		defer peer.Close()
		p.talks, peers = append(p.talks, &stages.Talk{FD: fd}), append(peers, peer)
	}
	defer p.close()
	want := []stages.Talk{{}, {}}
	for _, piece := range []string{"1", "2", "3"} {
		for i, peer := range peers {
			_, err := io.WriteString(peer, string(rune('a'+i))+piece)
			trial.Must(err)
			arrives(p.talks[i].FD)
			want[i].Data = append(want[i].Data, string(rune('a'+i))+piece...)
		}
		p.poll()
		for i := range want {
			looks(fmt.Sprintf("poll two talks on which pieces come in turns, and look at number %d", i), p.talks[i], want[i])
		}
	}
	trial.Must(peers[0].CloseWrite())
	arrives(p.talks[0].FD)
	_, err := io.WriteString(peers[1], "b4")
	trial.Must(err)
	arrives(p.talks[1].FD)
	p.poll()
	want[0].Over, want[1].Data = true, append(want[1].Data, "b4"...)
	for i := range want {
		looks(fmt.Sprintf("poll two talks when one ends and one goes on, and look at number %d", i), p.talks[i], want[i])
	}
	_, err = io.WriteString(peers[1], "b5")
	trial.Must(err)
	arrives(p.talks[1].FD)
	p.poll()
	want[1].Data = append(want[1].Data, "b5"...)
	looks("poll two talks, of which the first is over, and look at the other", p.talks[1], want[1])
}
