package selector

import (
	"math"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// epoll is the backend of Linux. Read registry first.
//
// # Epoll and dup
//
// A program thinks in descriptors: small numbers. The kernel thinks in open files:
// what a number refers to. dup(2) and fork(2) give one open file several numbers,
// and close(2) takes one number away. epoll stands between the two. It keys a
// registration by the number and the open file together, and drops it when the open
// file is gone, which is when its last number is closed.
//
// Suppose fd 7 is registered, and a child process or a library holds a duplicate of
// it. Somebody closes 7 without telling us. The open file lives on, and so does the
// registration. Three things go wrong:
//
//   - Its events go on. They say "7 is readable", although 7 is closed, or belongs
//     to somebody else by now: a loop would call a stranger's callback.
//   - It can't be deleted. EPOLL_CTL_DEL wants a number, and 7 is EBADF. If 7 is
//     another file by now, that one's registration is found, or none is (ENOENT).
//   - If the duplicate stays readable, every wait returns at once. The program
//     burns a processor, and no callback runs: nothing shows why.
//
// It is tempting to ask the kernel whether 7 is still what it was, by fstat(2) or
// kcmp(2), before each callback. That costs a call for each event, and the answer
// may be out of date when it arrives.
//
// So each registration has a generation, a number that no other ever had. epoll
// gives back 64 bits with each event; the descriptor takes half of them, and the
// generation the other half. The registry compares: an event of an old generation is
// dropped, whoever owns the number now. That settles the first problem, and costs a
// comparison. For the other two there is one way left that needs no number: renew
// makes a new epoll, registers in it what the registry knows, and closes the old one,
// with all that it holds. That costs a system call for each registration. It happens
// only when an event of a registration comes that we could not delete, so never in a
// program that unregisters first.
//
// epoll(7) says it in its Questions and answers, under "Will closing a file
// descriptor cause it to be removed from all epoll interest lists?".
type epoll struct {
	calls  epollCalls
	fd     int               // the epoll descriptor
	wakefd int               // an eventfd, registered under generation 0
	buffer []unix.EpollEvent // the kernel writes here; never empty
	events []event

	vain    int // how many sleeps are told at once after one whose beginning was in vain
	telling int // how many of them are still to come
}

// epollCalls is the seam for the kernel's refusals.
type epollCalls struct {
	create  func(flags int) (int, error)
	ctl     func(epfd, op, fd int, event *unix.EpollEvent) error
	wait    func(epfd int, events []unix.EpollEvent, msec int) (int, error)
	poll    func(epfd int, events []unix.EpollEvent, msec int) (int, error) // wait, unknown to Go's scheduler
	eventfd func(initval uint, flags int) (int, error)
}

var kernelCalls = epollCalls{unix.EpollCreate1, unix.EpollCtl, unix.EpollWait, epollPoll, unix.Eventfd}

// The buffer doubles when a wait has filled it. Events that did not fit come with the
// next wait, since the kernel moves those that it reported to the end of its list.
const firstEvents, mostEvents = 128, 4096

// The names of the calls that Told tells of.
const controlCall, waitCall = "epoll_ctl", "epoll_wait"

// New opens the platform's selector: here an epoll and an eventfd.
// The error is the kernel's, EMFILE for instance; nothing stays open then.
func New() (Selector, error) {
	return newEpoll(kernelCalls)
}

func newEpoll(calls epollCalls) (Selector, error) {
	wakefd, err := calls.eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, &OpError{"open", -1, err}
	}
	e := &epoll{calls: calls, fd: -1, wakefd: wakefd, buffer: make([]unix.EpollEvent, firstEvents)}
	if err := e.renew(nil); err != nil {
		_ = unix.Close(wakefd)
		return nil, &OpError{"open", -1, err}
	}
	return &registry{backend: e}, nil
}

func (e *epoll) change(fd int, old, interest Events, gen uint32) error {
	op := unix.EPOLL_CTL_MOD
	switch {
	case interest == 0:
		op = unix.EPOLL_CTL_DEL
	case old == 0:
		op = unix.EPOLL_CTL_ADD
	}
	err := e.control(e.fd, op, fd, interest, gen)
	if err == unix.EPERM {
		return ErrNotPollable
	}
	return err
}

func (e *epoll) control(epfd, op, fd int, interest Events, gen uint32) error {
	event := unix.EpollEvent{Fd: int32(fd), Pad: int32(gen)}
	if interest&Read != 0 {
		event.Events |= unix.EPOLLIN | unix.EPOLLRDHUP
	}
	if interest&Write != 0 {
		event.Events |= unix.EPOLLOUT
	}
	return e.calls.ctl(epfd, op, fd, &event)
}

func (e *epoll) wait(timeout time.Duration, keep bool) ([]event, error) {
	n, err := e.sleep(milliseconds(timeout), keep)
	if err != nil {
		return nil, err
	}
	e.events = e.events[:0]
	for _, raw := range e.buffer[:n] {
		if raw.Pad == 0 {
			e.drainWake()
			continue
		}
		e.events = append(e.events, event{int(raw.Fd), uint32(raw.Pad), possible(raw.Events)})
	}
	if n == len(e.buffer) && n < mostEvents {
		e.buffer = make([]unix.EpollEvent, 2*n)
	}
	return e.events, nil
}

// untold is how many milliseconds of a sleep Go's scheduler doesn't hear of. It is as long
// as Go lets a goroutine compute while others wait for its processor.
const untold = 10

// sleep waits for msec milliseconds at most.
//
// Before a thread sleeps in a system call, Go's scheduler is told, so that it may run other
// goroutines meanwhile; afterwards it is asked for a processor again. On a busy server a
// sleep takes microseconds, and telling costs as much as sleeping: a third of an echo on
// one connection. So a sleep begins as one that Go doesn't know of. What is left of it
// after 10 ms, or after a signal, is told: the scheduler sends one to a goroutine that has
// kept others from its processor for 10 ms, and to all when it collects garbage.
//
// The price: where Go has only one processor, another goroutine may wait for those 10 ms. It
// may be the very one that the sleep waits for. So a sleep whose beginning was in vain makes
// the next one be told at once, and then the next 3, 7, up to 63, until one isn't in vain.
//
// A first sleep of 1 ms would make the price smaller, and an echo on one connection twice as
// dear, 17 µs instead of 9: the kernel then sets the processor's clock for each sleep, and
// sets it back after it, which a virtual machine pays for dearly. A time that is longer than
// the kernel's own tick, of 4 ms in most, costs nothing.
//
// A wait of 0 only looks.
func (e *epoll) sleep(msec int, keep bool) (int, error) {
	if msec == 0 {
		return e.calls.poll(e.fd, e.buffer, 0)
	}
	if !keep || e.distrust() {
		return e.calls.wait(e.fd, e.buffer, msec)
	}
	first := untold
	if msec > 0 {
		first = min(msec, untold)
	}
	n, err := e.calls.poll(e.fd, e.buffer, first)
	e.judge(n > 0)
	if n > 0 || err != nil || msec == first {
		return n, err
	}
	if msec > 0 {
		msec -= first
	}
	return e.calls.wait(e.fd, e.buffer, msec)
}

// distrust reports whether this sleep is told at once because earlier ones were in vain.
func (e *epoll) distrust() bool {
	if e.telling == 0 {
		return false
	}
	e.telling--
	return true
}

func (e *epoll) judge(paid bool) {
	const most = 63
	if paid {
		e.vain = 0
		return
	}
	e.vain = min(2*e.vain+1, most)
	e.telling = e.vain
}

// possible counts a hang-up or an error as both: it wakes every task that waits, whose
// next call learns the reason.
func possible(mask uint32) (events Events) {
	const down = unix.EPOLLHUP | unix.EPOLLERR
	if mask&(unix.EPOLLIN|unix.EPOLLRDHUP|down) != 0 {
		events |= Read
	}
	if mask&(unix.EPOLLOUT|down) != 0 {
		events |= Write
	}
	return events
}

func (e *epoll) renew(keys []key) error {
	fd, err := e.calls.create(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	if err := e.control(fd, unix.EPOLL_CTL_ADD, e.wakefd, Read, 0); err != nil {
		_ = unix.Close(fd)
		return err
	}
	for n := range keys {
		if k := &keys[n]; k.interest != 0 && e.control(fd, unix.EPOLL_CTL_ADD, n, k.interest, k.gen) != nil {
			*k = key{} // closed without telling us: nothing will ever happen on it
		}
	}
	if e.fd >= 0 {
		_ = unix.Close(e.fd)
	}
	e.fd = fd
	return nil
}

func (e *epoll) wake() error {
	one := [8]byte{1} // any number but 0 wakes
	_, err := unix.Write(e.wakefd, one[:])
	if err == unix.EAGAIN { // the counter is full: a wake-up is pending anyway
		return nil
	}
	return err
}

func (e *epoll) drainWake() {
	var count [8]byte
	_, _ = unix.Read(e.wakefd, count[:])
}

func (e *epoll) close() {
	_ = unix.Close(e.fd)
	_ = unix.Close(e.wakefd)
}

// milliseconds rounds up: 0.4 ms rounded down to 0 would spin until the time is over.
func milliseconds(timeout time.Duration) int {
	if timeout < 0 {
		return -1
	}
	whole := timeout / time.Millisecond
	if timeout%time.Millisecond > 0 {
		whole++
	}
	return int(min(whole, math.MaxInt32))
}

// epollPoll is epoll_wait(2), unknown to Go's scheduler.
func epollPoll(epfd int, events []unix.EpollEvent, msec int) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epfd),
		uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(msec), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
