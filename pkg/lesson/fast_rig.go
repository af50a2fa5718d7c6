package lesson

// The rig of lesson 18: an echo that is judged, in a task for each client, and a count of
// all that the loop asks of the kernel meanwhile. The two sides meet on unix sockets, where
// all that one of them does has arrived at the other as soon as the call returns. So the
// counts are the same in each run. Read loop.go of package trial first.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// tally is the selector and the system calls of a loop, and counts them.
type tally struct {
	selector.Selector // tells of its calls
	made              map[string]int
	watched           map[int]bool // what is registered
	settled           int          // how often the case has let the loop settle
	yield             coro.Yield
	loop              *loop.Loop
	parties           []*party
	wrong             error // what was seen on the way, and fails the case; nil if nothing was
}

// What a case allows.
const (
	mostHeld     = 64 << 10 // bytes that an echo has received and not sent
	mostUnbroken = 32       // receives without a turn for the others
)

// talking runs body with as many clients, each with an echo in a task of its own.
func talking(impl Impl, clients int, body func(t *tally)) {
	kernel, err := selector.New()
	trial.Must(err)
	t := &tally{made: map[string]int{}, watched: map[int]bool{}}
	t.Selector = selector.Told(kernel, t.tell)
	defer func() {
		for _, p := range t.parties {
			_ = unix.Close(p.fd)
		}
	}()
	onLoop(t, func(yield coro.Yield, l *loop.Loop) {
		t.yield, t.loop = yield, l
		for range clients {
			t.meet(impl)
		}
		t.settle()
		body(t)
	})
}

func (t *tally) meet(impl Impl) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	trial.Must(err)
	p := &party{tally: t, fd: ends[0], at: ends[1], buffers: map[*byte]bool{}}
	t.parties = append(t.parties, p)
	trial.Must(unix.SetNonblock(p.fd, true))
	trial.Must(unix.SetNonblock(p.at, true))
	p.s, err = sock.FromFD(t.loop, p.at)
	trial.Must(err)
	p.task = task.Spawn(t.loop, func(yield coro.Yield) (any, error) { return nil, impl.Echo(yield, p.s) })
}

// Options are the loop's: see trial.Optioned.
func (t *tally) Options() loop.Options {
	calls := sys.Kernel
	calls.Recv, calls.Send = t.recv, t.send
	return loop.Options{Calls: sys.Told(&calls, t.tell)}
}

func (t *tally) tell(name string, fd, n int, err error) {
	t.made[name]++
	if fd < 0 { // a select
		for _, p := range t.parties {
			p.inARow = 0
		}
	}
}

// Register notes what is registered.
func (t *tally) Register(fd int, interest selector.Events, data any) error {
	err := t.Selector.Register(fd, interest, data)
	t.watched[fd] = t.watched[fd] || err == nil
	return err
}

// Unregister notes what isn't any more.
func (t *tally) Unregister(fd int) error {
	delete(t.watched, fd)
	return t.Selector.Unregister(fd)
}

// echoing is the party whose echo has this descriptor.
func (t *tally) echoing(fd int) *party {
	for _, p := range t.parties {
		if p.at == fd {
			return p
		}
	}
	return &party{tally: t, buffers: map[*byte]bool{}}
}

func (t *tally) recv(fd int, data []byte) (n int, err error) {
	p := t.echoing(fd)
	p.uses(data)
	p.inARow++
	if p.inARow > mostUnbroken && p.endless {
		p.notes(trial.Fail("echo what a client sends that never stops", fmt.Sprintf("%d reads in a row", p.inARow),
			fmt.Sprintf("at most %d, and then a turn for the others", mostUnbroken), nil))
		p.endless = false
	}
	switch {
	case len(p.recvSays) > 0:
		err, p.recvSays = p.recvSays[0], p.recvSays[1:]
		return -1, err
	case p.endless:
		return min(len(data), mostHeld), nil // not all: a buffer that grows when it is full would grow without end
	case !nonblocking(fd):
		p.notes(trial.Fail("look at the socket", "one in blocking mode", "one in non-blocking mode: a call must not stop the loop", nil))
		return -1, unix.EBADF
	}
	n, err = sys.Kernel.Recv(fd, data)
	p.received += max(0, n)
	if held := p.received - p.sent; held > mostHeld {
		p.notes(trial.Fail("read from a client that doesn't take its echo", fmt.Sprintf("%d bytes read that are not sent", held),
			fmt.Sprintf("at most %d: as long as you can't send, don't read", mostHeld), nil))
	}
	return n, err
}

func (t *tally) send(fd int, data []byte) (n int, err error) {
	p := t.echoing(fd)
	p.uses(data)
	switch {
	case len(p.sendSays) > 0:
		err, p.sendSays = p.sendSays[0], p.sendSays[1:]
		return -1, err
	case p.endless:
		return len(data), nil
	case p.part > 0:
		data = data[:min(len(data), p.part)]
	}
	n, err = sys.Kernel.Send(fd, data)
	p.sent += max(0, n)
	return n, err
}

// uses notes the buffer of data. Its last byte is that of all its parts. Since it is noted,
// its place in memory is never another's.
func (p *party) uses(data []byte) {
	if cap(data) > 0 {
		p.buffers[&data[:cap(data)][cap(data)-1]] = true
	}
}

func nonblocking(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_NONBLOCK != 0
}

func (t *tally) notes(wrong error) {
	if t.wrong == nil {
		t.wrong = wrong
	}
}

// settle lets all happen that can happen.
func (t *tally) settle() {
	t.settled++
	settles(t.yield, t.loop)
	trial.Must(t.wrong)
}

// bill is what was asked of the kernel since before, without what settling takes: a select
// that finds nothing, and one before this task goes on.
func (t *tally) bill(before map[string]int, settled int) (all int, words string) {
	var each []string
	for _, name := range slices.Sorted(maps.Keys(t.made)) {
		n := t.made[name] - before[name]
		if strings.HasSuffix(name, "wait") || name == "kevent" {
			n -= 2 * (t.settled - settled)
		}
		if all += n; n > 0 {
			each = append(each, fmt.Sprintf("%s %d", name, n))
		}
	}
	return all, fmt.Sprintf("%d system calls (%s)", all, strings.Join(each, ", "))
}

// costs runs body, and expects it to take at most so many system calls.
func (t *tally) costs(tried string, most int, body func()) {
	before, settled := maps.Clone(t.made), t.settled
	body()
	if all, words := t.bill(before, settled); all > most {
		fail(tried, words, fmt.Sprintf("at most %d", most), nil)
	}
}
