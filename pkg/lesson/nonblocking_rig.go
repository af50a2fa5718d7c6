package lesson

// The rig of lesson 02's cases: talks with servers, a poll that is watched, and what a case
// expects of a talk. Read nonblocking.go first.

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/trial"
)

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
	before := slices.Clone(p.talks)
	late := p.endsLate(10, func() { p.impl.Poll(p.talks) })
	if p.talks[0].Err == ErrTODO {
		trial.Must(ErrTODO)
	}
	p.waited(late)
	if !slices.Equal(p.talks, before) {
		fail("poll, and look at the list", "another list of talks", "the one that the caller made, in which each talk has changed or not", nil)
	}
}

// waited ends the case if a poll had to be ended.
func (p *poller) waited(late bool) {
	if late {
		fail("poll while nothing comes", "a poll that waits", "it to return at once", trial.ErrWaits)
	}
}

// endsLate runs code that calls the judged function. If it doesn't return, endsLate ends it:
// it closes the peers and shuts our ends down, so that a read, a poll and a select of the
// kernel's return. It counts ticks: a machine that is busy with something else loses them.
func (p *poller) endsLate(ticks int, call func()) (late bool) {
	returned, watched := make(chan struct{}), make(chan struct{})
	ours := map[int]uint64{} // a number may be somebody else's by the time when it is shut down
	for _, t := range p.talks {
		ours[t.FD] = inode(t.FD)
	}
	go func() {
		defer close(watched)
		tick := time.NewTicker(trial.Patience() / 400)
		defer tick.Stop()
		for range ticks {
			select {
			case <-returned:
				return
			case <-tick.C:
			}
		}
		late = true
		for _, peer := range p.peers {
			_ = peer.Close()
		}
		for fd, is := range ours {
			if is == inode(fd) {
				_ = unix.Shutdown(fd, unix.SHUT_RDWR)
			}
		}
	}()
	defer func() {
		close(returned)
		<-watched
	}()
	call()
	return // what the other goroutine says
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
