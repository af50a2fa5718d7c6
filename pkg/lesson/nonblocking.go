package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/trial"
)

// Nonblocking judges lesson 02: EAGAIN is an answer.
var Nonblocking = Lesson{
	Number: 2, Name: "nonblocking", Code: "stages/busy.go",
	Question: "what does a read answer when nothing is there?",
	Able:     "ask a socket without waiting for it",
	Noun:     "poll", Judges: "Poll", Wrong: wrongPolls, Hints: nonblockingHints, Needs: map[string][]string{"R02": {"Q01"}, "X13": {"R03"}},
	Cases: []Case{
		{"Q01", "an answer, and the end", "it is what everything else is built on", pollShort},
		{"R01", "nothing has come yet", "code that waits here for one peer makes all the others wait", pollNothing},
		{"Q02", "the answer drips in single bytes", "each piece belongs after those that came before it", pollDrip},
		{"Q03", "more than a buffer", "an answer comes in as many pieces as it likes, and each of them counts", pollLong},
		{"V02", "some answer and some are silent", "one that is silent must cost the others nothing", pollSilent},
		{"R02", "asked again after the end", "its descriptor may be closed, and its number may belong to somebody else by now", pollOver},
		{"R03", "the connection is reset", "half an answer looks like a whole one", pollReset},
		{"X13", "one fails while another answers", "one that fails must cost the others nothing", pollOneFails},
	},
}

// polling connects a talk to each of peers, runs body, and closes them all. It
// ends a poll that waits by closing the peers.
func polling(impl Impl, body func(p *poller), peers ...*faulty.Server) {
	p := &poller{impl: impl, peers: peers}
	defer p.close()
	for _, peer := range peers {
		fd, err := connected(peer.Addr())
		trial.Must(err)
		p.talks = append(p.talks, &stages.Talk{FD: fd})
	}
	body(p)
}

// poller calls what is judged, and watches it.
type poller struct {
	impl  Impl
	peers []*faulty.Server
	talks []*stages.Talk
}

func (p *poller) close() {
	for _, t := range p.talks {
		_ = unix.Close(t.FD)
	}
	for _, peer := range p.peers {
		_ = peer.Close()
	}
}

// connected is a non-blocking descriptor on which a short question has been sent.
func connected(address string) (fd int, err error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return -1, err
	}
	if fd, err = unix.Socket(family, unix.SOCK_STREAM, 0); err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	err = unix.Connect(fd, sa)
	if err == nil {
		_, err = unix.Write(fd, []byte(question))
	}
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		_ = unix.Close(fd)
	}
	return fd, err
}

// poll calls the judged function once. It must return by itself.
func (p *poller) poll() {
	var late atomic.Bool
	watch := time.AfterFunc(trial.Patience()/10, func() {
		late.Store(true)
		for _, peer := range p.peers {
			_ = peer.Close()
		}
	})
	before := slices.Clone(p.talks)
	p.impl.Poll(p.talks)
	watch.Stop()
	if p.talks[0].Err == ErrTODO {
		trial.Must(ErrTODO)
	}
	if late.Load() {
		fail("poll while nothing comes", "a poll that waits", "it to return at once", trial.ErrWaits)
	}
	if !slices.Equal(p.talks, before) {
		fail("poll, and look at the list", "another list of talks", "the one that the caller made, in which each talk has changed or not", nil)
	}
}

// mostPolls is more than any case needs; it ends code that would never end.
const mostPolls = 100

// until polls until the talks with these numbers are over. Before each poll there
// is something to read on one of them, so that it doesn't spin.
func (p *poller) until(numbers ...int) {
	for range mostPolls {
		next := -1
		for _, i := range numbers {
			if !p.talks[i].Over {
				next = i
			}
		}
		if next < 0 {
			return
		}
		arrives(p.talks[next].FD)
		p.poll()
	}
	fail("poll until all is read and the peer has ended", fmt.Sprintf("a talk that is not over after %d polls", mostPolls), "Over", nil)
}

// state is a talk in words.
func state(t *stages.Talk) string {
	how := "open"
	if t.Over {
		how = "over"
	}
	return how + " with " + trial.Both(t.Data, t.Err)
}

// looks expects a talk to look like want; its descriptor doesn't matter.
func looks(tried string, got *stages.Talk, want stages.Talk) {
	if got.Over != want.Over || !errors.Is(got.Err, want.Err) || !bytes.Equal(got.Data, want.Data) {
		fail(tried, "a talk that is "+state(got), state(&want), got.Err)
	}
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

func pollDrip(impl Impl) {
	polling(impl, func(p *poller) {
		p.until(0)
		looks("poll a peer that drips", p.talks[0], stages.Talk{Data: []byte("drop by drop"), Over: true})
	}, faulty.Drip("drop by drop", 0))
}

func pollSilent(impl Impl) {
	polling(impl, func(p *poller) {
		for _, i := range []int{1, 3} {
			arrives(p.talks[i].FD)
		}
		p.until(1, 3)
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
	p := &poller{impl: impl, talks: []*stages.Talk{{FD: -1}}}
	p.poll()
	looks("poll a descriptor that isn't one", p.talks[0], stages.Talk{Over: true, Err: unix.EBADF})
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
}
