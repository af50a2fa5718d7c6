// Package selector is the exercise of lesson 03: which descriptors are ready?
package selector

import (
	"time"

	"stepwise/pkg/lesson"
	"stepwise/pkg/selector"
)

// Selector keeps a list of descriptors, and sleeps until some are ready.
//
// Give it what it has to remember: the descriptor of its epoll, and, for each
// descriptor that is registered, the interest and the data.
type Selector struct{}

// New opens a selector: unix.EpollCreate1(unix.EPOLL_CLOEXEC), from
// golang.org/x/sys/unix.
func New() (lesson.Poller, error) {
	return nil, lesson.ErrTODO // and then &Selector{…}, nil
}

// Register begins to watch fd for interest, which is selector.Read,
// selector.Write or both. It refuses anything else with selector.ErrInterest,
// and an fd that is registered with selector.ErrRegistered. What the kernel
// refuses is an error too, and leaves nothing behind. The descriptor itself stays
// as it is.
func (s *Selector) Register(fd int, interest selector.Events, data any) error {
	return lesson.ErrTODO
}

// Modify replaces the interest and the data of fd. selector.ErrNotRegistered if
// fd is unknown, selector.ErrInterest as in Register.
func (s *Selector) Modify(fd int, interest selector.Events, data any) error {
	return lesson.ErrTODO
}

// Unregister forgets fd. selector.ErrNotRegistered if it is unknown. It succeeds
// for a descriptor that was closed too early, even if another one, of a socket or of a
// file, has its number by now.
func (s *Selector) Unregister(fd int) error {
	return lesson.ErrTODO
}

// Select sleeps until something is ready, or until timeout is over, and returns
// what is ready, at most one selector.Ready for a descriptor. A negative timeout
// is no limit, however short it is, 0 doesn't sleep, and any other is rounded up to
// milliseconds.
//
// A hang-up (EPOLLHUP) and an error (EPOLLERR) count as readable and as writable,
// so that the code that waits is woken; but what is reported of a descriptor is never
// more than its interest. A signal (EINTR) ends nothing: sleep on for the rest, and
// not at all if the rest is below zero.
func (s *Selector) Select(timeout time.Duration) ([]selector.Ready, error) {
	return nil, lesson.ErrTODO
}

// Close closes the epoll, and nothing else. After it every method returns an error,
// Unregister and Close too (selector.ErrClosed), and none touches a descriptor that
// has got the same number meanwhile.
func (s *Selector) Close() error {
	return lesson.ErrTODO
}
