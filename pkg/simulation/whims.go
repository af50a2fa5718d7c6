package simulation

import (
	"slices"
	"time"

	"stepwise/pkg/selector"
)

// whims is a selector that knows what is true on the network, and tells it in
// an order of its own, in part, late, and with untruths in between: all that a
// kernel may do.
type whims struct {
	selector.Selector // the Fake, which refuses what every selector refuses
	w                 *World
}

func (s *whims) Register(fd int, interest selector.Events, data any) error {
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

func (s *whims) Select(timeout time.Duration) ([]selector.Ready, error) {
	w := s.w
	w.run(w.now)
	w.tellAll()
	untrue := w.untruths()
	if len(untrue) > 0 {
		timeout = 0
	}
	ready, err := s.Selector.Select(timeout)
	return w.mix(append(untrue, ready...)), err
}

// untruths are descriptors that are reported though nothing is known of them.
func (w *World) untruths() (untrue []selector.Ready) {
	for _, fd := range w.registered() {
		if !w.isReady(fd) && w.chance(w.weather.Spurious) {
			w.note("select is wrong about fd %d", fd)
			untrue = append(untrue, w.interest[fd])
		}
	}
	return untrue
}

// mix shuffles, and leaves some for the next time; one always stays.
func (w *World) mix(ready []selector.Ready) []selector.Ready {
	w.random.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
	for len(ready) > 1 && w.chance(w.weather.Late) {
		ready = ready[:len(ready)-1]
	}
	return ready
}

// sleep is what the Fake does in place of sleeping: time goes from event to
// event, until something is ready or the timeout is over.
func (w *World) sleep(timeout time.Duration) {
	end := w.now + timeout
	for len(w.events) > 0 && (timeout < 0 || w.events[0].when <= end) {
		w.run(w.events[0].when)
		if slices.ContainsFunc(w.registered(), w.isReady) {
			w.tellAll()
			return
		}
	}
	if timeout > 0 {
		w.run(end)
	}
}

// registered is in the order of the numbers: that of a map is not the seed's.
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
