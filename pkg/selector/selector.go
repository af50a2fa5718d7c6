// Package selector asks the kernel which descriptors are ready.
//
// Register a descriptor with the events that you are interested in, then call Select:
// it sleeps until something is possible and says what. Ready is a permission to try,
// not a promise: another reader may have been faster, so the call that follows must
// cope with EAGAIN.
//
//	s, err := selector.New()
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	if err := s.Register(fd, selector.Read, "a name of yours"); err != nil {
//		return err
//	}
//	ready, err := s.Select(time.Second) // ready[0].Data is "a name of yours"
//
// On Linux it is epoll(7). On macOS and the BSDs it is kqueue(2), which is compiled
// and vetted on every change, but not run. Fake needs no kernel at all. All three are
// level-triggered: each Select reports again what is ready, until it has been read,
// written or unregistered.
package selector

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Events is a set of what can be waited for on a descriptor.
type Events uint8

const (
	// Read: a read would not block. There is data, the end of the stream, an error
	// or, on a listener, a connection.
	Read Events = 1 << iota
	// Write: a write would not block. There is room, or an error.
	Write

	both = Read | Write
)

// String names the events: "read", "write", "read+write", "nothing".
func (e Events) String() string {
	var names []string
	if e&Read != 0 {
		names = append(names, "read")
	}
	if e&Write != 0 {
		names = append(names, "write")
	}
	if rest := e &^ both; rest != 0 {
		names = append(names, "unknown("+strconv.Itoa(int(rest))+")")
	}
	if names == nil {
		return "nothing"
	}
	return strings.Join(names, "+")
}

// Ready says what is possible on a descriptor now.
type Ready struct {
	FD     int
	Events Events // at least one of the interest, and no others
	Data   any    // as it was registered
}

// Selector keeps a list of descriptors and sleeps until some are ready. It is Python's
// selectors.BaseSelector, plus Wake.
//
// Unregister a descriptor before you close it: afterwards its number may belong to
// another file. Select and Close are for one goroutine; the other methods may be
// called from any, even while Select sleeps.
type Selector interface {
	// Register begins to watch fd for interest; data comes back in each Ready.
	// Errors: ErrRegistered if fd is registered already (the first registration
	// stays), ErrInterest for no or unknown events, ErrNotPollable for a regular
	// file, EBADF if fd is not an open descriptor.
	Register(fd int, interest Events, data any) error

	// Modify replaces the interest and data of fd, from the next Select on. The
	// error is ErrNotRegistered if fd is unknown. If the kernel has lost fd, because
	// it was closed, the error is the kernel's, and fd is no longer registered.
	Modify(fd int, interest Events, data any) error

	// Unregister forgets fd, even if it is closed already. The error is
	// ErrNotRegistered if fd is unknown.
	Unregister(fd int) error

	// Select returns what is ready, or sleeps until something is, until Wake, or
	// for timeout, whichever comes first; the result may be empty. A negative timeout
	// means no limit, 0 never sleeps, and any other is rounded up to the selector's
	// resolution: Select never returns early. The slice is valid until the next
	// Select.
	Select(timeout time.Duration) ([]Ready, error)

	// Wake makes the sleeping Select, or else the next one, return at once. Many
	// calls before one Select count as one.
	Wake() error

	// Close releases the selector's own descriptors, not the registered ones. The
	// error is ErrBusy while a Select runs. Afterwards every method returns ErrClosed.
	Close() error
}

// A Keeper is a Selector that can begin a sleep without giving up the processor on which Go
// runs its goroutine (sys.KeepProcessor). KeepProcessor says whether the next Selects may,
// and is for the goroutine that calls Select.
type Keeper interface{ KeepProcessor(keep bool) }

// What a selector refuses. Each comes inside an *OpError.
var (
	ErrClosed        = errors.New("selector is closed")
	ErrBusy          = errors.New("a Select is running")
	ErrRegistered    = errors.New("already registered")
	ErrNotRegistered = errors.New("not registered")
	ErrInterest      = errors.New("interest must be Read, Write or both")
	ErrNotPollable   = errors.New("a regular file is always ready and can't be waited for")
)

// OpError says which call failed on which descriptor.
type OpError struct {
	Op  string // "register", "modify", "unregister", "select", "wake", "close", "open"
	FD  int    // -1 if the call is about none
	Err error  // one of the errors above, or the kernel's errno
}

// Error reads like "register fd 7: already registered".
func (e *OpError) Error() string {
	if e.Op == "register" || e.Op == "modify" || e.Op == "unregister" {
		return e.Op + " fd " + strconv.Itoa(e.FD) + ": " + e.Err.Error()
	}
	return e.Op + " selector: " + e.Err.Error()
}

// Unwrap gives the reason, for errors.Is.
func (e *OpError) Unwrap() error { return e.Err }
