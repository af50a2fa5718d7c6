package simulation

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// whims is a selector that knows the truth about the network, and reports it in an order
// of its own, in part, late, and with untruths in between, as a kernel may.
type whims struct {
	selector.Selector // a Fake, which refuses what every selector refuses
	w                 *World
}

func (s *whims) Register(fd int, interest selector.Events, data any) error {
	if s.w.sockets[fd] == nil && fd >= 0 {
		return impossible(fmt.Sprintf("to watch fd %d, which is no socket of the World", fd), unix.EBADF)
	}
	if err := s.Selector.Register(fd, interest, data); err != nil {
		return err
	}
	s.w.interest[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
	return nil
}

func (s *whims) Modify(fd int, interest selector.Events, data any) error {
	if err := s.Selector.Modify(fd, interest, data); err != nil {
		return err
	}
	s.w.interest[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
	return nil
}

func (s *whims) Unregister(fd int) error {
	delete(s.w.interest, fd)
	return s.Selector.Unregister(fd)
}

func (s *whims) Close() error {
	s.w.closed = true
	return s.Selector.Close()
}

func (s *whims) Select(timeout time.Duration) ([]selector.Ready, error) {
	w := s.w
	if w.closed {
		return nil, ErrUsed
	}
	w.runUntil(w.now)
	w.tellAll()
	untrue := w.untruths()
	if w.wrong = len(untrue) > 0; w.wrong {
		timeout = 0
	}
	ready, err := s.Selector.Select(timeout)
	return w.mix(append(untrue, ready...)), err
}

// untruths returns descriptors that are reported although they aren't ready. After some, the
// next select tells the truth, and so can sleep: of 200 descriptors, some would be reported
// falsely nearly every time, and time would stand still.
func (w *World) untruths() (untrue []selector.Ready) {
	if w.wrong {
		return nil
	}
	for _, fd := range w.registered() {
		if !w.isReady(fd) && w.chance(w.weather.Spurious) {
			w.note("select is wrong about fd %d", fd)
			untrue = append(untrue, w.interest[fd])
		}
	}
	return untrue
}

// mix shuffles ready and leaves some of it for the next time, but never all.
func (w *World) mix(ready []selector.Ready) []selector.Ready {
	w.random.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
	for len(ready) > 1 && w.chance(w.weather.Late) {
		ready = ready[:len(ready)-1]
	}
	return ready
}

// sleep is what the Fake does instead of sleeping: time goes from event to event, until
// something is ready or the timeout has passed.
func (w *World) sleep(timeout time.Duration) {
	end := w.now + timeout
	for len(w.events) > 0 && (timeout < 0 || w.events[0].when <= end) {
		w.runUntil(w.events[0].when)
		if slices.ContainsFunc(w.registered(), w.isReady) {
			w.tellAll()
			return
		}
	}
	if timeout > 0 {
		w.runUntil(end)
	}
}

// registered returns the descriptors in order: a map's order doesn't come from the seed.
func (w *World) registered() []int {
	fds := make([]int, 0, len(w.interest))
	for fd := range w.interest {
		fds = append(fds, fd)
	}
	slices.Sort(fds)
	return fds
}

func (w *World) tellAll() {
	for _, fd := range w.registered() {
		w.fake.SetReady(fd, w.possible(fd))
	}
}

func (w *World) isReady(fd int) bool { return w.possible(fd)&w.interest[fd].Events != 0 }

var _ selector.Selector = (*whims)(nil)
