package lesson

// The rig of lesson 03's cases: a selector under test, the descriptors that a case
// opens, and what it expects. Read selector.go first.

import (
	"cmp"
	"errors"
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
// still open afterwards.
func onPoller(body func(p *poll) error) func(Impl) error {
	return func(impl Impl) error {
		s, err := impl.NewSelector()
		if err != nil {
			return err
		}
		if s == nil {
			return trial.Fail("make a selector", "nil and no error", "a selector", nil)
		}
		p := &poll{Poller: s}
		defer p.end()
		return body(p)
	}
}

func (p *poll) end() {
	_ = p.Close()
	for _, fd := range p.fds {
		_ = unix.Close(fd)
	}
}

// keep has fds closed at the end, and makes them non-blocking and invisible to
// child processes.
func (p *poll) keep(fds ...int) error {
	p.fds = append(p.fds, fds...)
	for _, fd := range fds {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
	}
	return nil
}

// closeNow closes fd now instead of at the end.
func (p *poll) closeNow(fd int) {
	p.fds = slices.DeleteFunc(p.fds, func(have int) bool { return have == fd })
	_ = unix.Close(fd)
}

// pair makes two sockets that are connected to each other.
func (p *poll) pair() (ours, peer int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, -1, err
	}
	return fds[0], fds[1], p.keep(fds[0], fds[1])
}

func (p *poll) pipe() (in, out int, err error) {
	var fds [2]int
	if err := unix.Pipe(fds[:]); err != nil {
		return -1, -1, err
	}
	return fds[0], fds[1], p.keep(fds[0], fds[1])
}

// registered makes a pair and registers our end of it.
func (p *poll) registered(interest selector.Events, data any) (ours, peer int, err error) {
	ours, peer, err = p.pair()
	if err == nil {
		err = p.register(ours, interest, data)
	}
	return ours, peer, err
}

func (p *poll) register(fd int, interest selector.Events, data any) error {
	if err := p.Register(fd, interest, data); err != nil {
		return trial.Fail(fmt.Sprintf("register a descriptor for %v", interest), trial.Said(err), "no error", err)
	}
	return nil
}

// Timeouts can be short: what must be there is there already, and what must not be
// there wouldn't come later either.
const (
	atOnce     = time.Duration(0)
	aLittle    = time.Millisecond
	withoutEnd = time.Duration(-1)
)

// expect selects once and expects exactly that, in any order.
func (p *poll) expect(tried string, timeout time.Duration, want ...selector.Ready) error {
	ready, err := p.Select(timeout)
	if err != nil {
		return trial.Fail(tried, trial.Said(err), readyText(want), err)
	}
	got := slices.SortedFunc(slices.Values(ready), func(a, b selector.Ready) int {
		return cmp.Or(a.FD-b.FD, int(a.Events)-int(b.Events))
	})
	if !slices.Equal(got, want) {
		return trial.Fail(tried, readyText(got), readyText(want), nil)
	}
	return nil
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

// refused expects err to be reason, or any error if reason is nil.
func refused(tried string, err, reason error) error {
	switch {
	case err == nil:
		return trial.Fail(tried, trial.Said(err), "a refusal", nil)
	case reason != nil && !errors.Is(err, reason):
		return trial.Fail(tried, trial.Said(err), trial.Said(reason), err)
	}
	return nil
}
