package lesson

// The rig of lesson 03's cases: a selector under test, the descriptors that a case
// opens, and what it expects. Read selector.go first.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// poll is a selector under test, and the descriptors that a case opens.
type poll struct {
	Poller
	fds []int
}

// onPoller makes a case of body: it hands body a selector, and closes what is
// still open afterwards. No signal of Go's own runtime ends a select meanwhile.
func onPoller(body func(p *poll)) func(Impl) {
	return func(impl Impl) { undisturbed(func() { onPollerUnderSignals(body)(impl) }) }
}

// onPollerUnderSignals is onPoller for a case that sends signals itself.
func onPollerUnderSignals(body func(p *poll)) func(Impl) {
	return func(impl Impl) {
		s, err := impl.NewSelector()
		trial.Must(err)
		if s == nil {
			fail("make a selector", "nil and no error", "a selector", nil)
		}
		p := &poll{Poller: s}
		defer p.end()
		body(p)
	}
}

// end closes the selector, and what that has left open. What it has closed is not ours any
// more: its number may be somebody else's.
func (p *poll) end() {
	ours := map[int]uint64{}
	for _, fd := range p.fds {
		ours[fd] = inode(fd)
	}
	_ = p.Close()
	p.fds = slices.DeleteFunc(p.fds, func(fd int) bool { return inode(fd) != ours[fd] })
	p.closeAll()
}

func (p *poll) closeAll() {
	for _, fd := range p.fds {
		_ = unix.Close(fd)
	}
}

// keep has fds closed at the end, and makes them non-blocking and invisible to
// child processes.
func (p *poll) keep(fds ...int) {
	p.fds = append(p.fds, fds...)
	for _, fd := range fds {
		unix.CloseOnExec(fd)
		trial.Must(unix.SetNonblock(fd, true))
	}
}

// isOpen expects fd to be open.
func (p *poll) isOpen(tried string, fd int) {
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
		p.fds = slices.DeleteFunc(p.fds, func(have int) bool { return have == fd })
		fail(tried, "it closed", "it open: its owner closes it", err)
	}
}

// closeNow closes fd now instead of at the end.
func (p *poll) closeNow(fd int) {
	p.fds = slices.DeleteFunc(p.fds, func(have int) bool { return have == fd })
	_ = unix.Close(fd)
}

// pair makes two sockets that are connected to each other.
func (p *poll) pair() (ours, peer int) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	trial.Must(err)
	p.keep(fds[0], fds[1])
	return fds[0], fds[1]
}

func (p *poll) pipe() (in, out int) {
	var fds [2]int
	trial.Must(unix.Pipe(fds[:]))
	p.keep(fds[0], fds[1])
	return fds[0], fds[1]
}

// registered makes a pair and registers our end of it.
func (p *poll) registered(interest selector.Events, data any) (ours, peer int) {
	ours, peer = p.pair()
	p.register(ours, interest, data)
	return ours, peer
}

func (p *poll) register(fd int, interest selector.Events, data any) {
	noError(fmt.Sprintf("register a descriptor for %v", interest), p.Register(fd, interest, data))
}

// Timeouts can be short: what must be there is there already, and what must not be
// there wouldn't come later either.
const (
	atOnce     = time.Duration(0)
	aLittle    = time.Millisecond
	withoutEnd = time.Duration(-1)
)

// expect selects once and expects exactly that, in any order.
func (p *poll) expect(tried string, timeout time.Duration, want ...selector.Ready) {
	ready, err := p.Select(timeout)
	if err != nil {
		fail(tried, trial.Said(err), readyText(want), err)
	}
	got := slices.SortedFunc(slices.Values(ready), func(a, b selector.Ready) int {
		return cmp.Or(a.FD-b.FD, int(a.Events)-int(b.Events))
	})
	if !slices.Equal(got, want) {
		fail(tried, readyText(got), readyText(want), nil)
	}
}

// readyText reads like "fd 7: read, Ann".
func readyText(all []selector.Ready) string {
	if len(all) == 0 {
		return "nothing"
	}
	var words []string
	for _, r := range all {
		words = append(words, fmt.Sprintf("fd %d: %v, data %v", r.FD, r.Events, r.Data))
	}
	return strings.Join(words, "; ")
}
