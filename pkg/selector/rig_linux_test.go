package selector

import (
	"bufio"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
)

// TestMain has Go's own poller open its descriptors before anybody counts.
func TestMain(m *testing.M) {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	r.Close()
	w.Close()
	os.Exit(m.Run())
}

// situation is a case of the catalogue; why is printed when it fails.
type situation struct {
	id, why string
	run     func(r *rig)
}

// rig is an epoll selector whose calls a situation may replace, and the
// descriptors that the situation opened.
type rig struct {
	*testing.T
	Selector
	reg   *registry
	epoll *epoll
	fds   []int
	waits []int  // the milliseconds of each wait, in order
	told  []bool // of each, whether Go's scheduler was told
	// inWait is called before each wait with its number, from 1; an error is
	// returned in place of the kernel's answer.
	inWait func(n, msec int) error
	ctlErr map[int]error // by operation
	create func() error
}

func runAll(t *testing.T, all []situation) {
	for _, c := range all {
		t.Run(c.id, func(t *testing.T) {
			before := leaktest.Files(t)
			r := newRig(t)
			defer func() {
				if t.Failed() {
					t.Log(c.why)
				}
			}()
			defer r.end(before)
			c.run(r)
			r.check()
		})
	}
}

func newRig(t *testing.T) *rig {
	r := &rig{T: t, ctlErr: map[int]error{}}
	calls := kernelCalls
	wait := func(epfd int, events []unix.EpollEvent, msec int, told bool) (int, error) {
		r.waits, r.told = append(r.waits, msec), append(r.told, told)
		if r.inWait != nil {
			if err := r.inWait(len(r.waits), msec); err != nil {
				return 0, err
			}
		}
		require.NotEmpty(t, events, "S26: an empty buffer is EINVAL")
		for { // the runtime's own signals are none of the situation
			if n, err := unix.EpollWait(epfd, events, msec); err != unix.EINTR {
				return n, err
			}
		}
	}
	calls.wait = func(epfd int, events []unix.EpollEvent, msec int) (int, error) { return wait(epfd, events, msec, true) }
	calls.poll = func(epfd int, events []unix.EpollEvent, msec int) (int, error) {
		return wait(epfd, events, msec, false)
	}
	calls.ctl = func(epfd, op, fd int, event *unix.EpollEvent) error {
		if err := r.ctlErr[op]; err != nil {
			return err
		}
		return unix.EpollCtl(epfd, op, fd, event)
	}
	calls.create = func(flags int) (int, error) {
		if r.create != nil {
			if err := r.create(); err != nil {
				return -1, err
			}
		}
		return unix.EpollCreate1(flags)
	}
	s, err := newEpoll(calls)
	require.NoError(t, err)
	r.Selector, r.reg = s, s.(*registry)
	r.epoll = r.reg.backend.(*epoll)
	return r
}

func (r *rig) end(before int) {
	for _, fd := range r.fds {
		_ = unix.Close(fd)
	}
	if !r.reg.closed {
		require.NoError(r, r.Close())
	}
	require.Equal(r, before, leaktest.Files(r.T), "descriptors")
}

func (r *rig) keep(fds ...int) { r.fds = append(r.fds, fds...) }

// close closes fd now, so that end does not close a stranger of that number.
func (r *rig) close(fd int) {
	require.NoError(r, unix.Close(fd))
	for i, have := range r.fds {
		if have == fd {
			r.fds = append(r.fds[:i], r.fds[i+1:]...)
			return
		}
	}
}

func (r *rig) pair() (a, b int) {
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	require.NoError(r, err)
	r.keep(p[0], p[1])
	return p[0], p[1]
}

func (r *rig) pipe() (in, out int) {
	var p [2]int
	require.NoError(r, unix.Pipe2(p[:], unix.O_NONBLOCK|unix.O_CLOEXEC))
	r.keep(p[0], p[1])
	return p[0], p[1]
}

func (r *rig) write(fd int, s string) {
	n, err := unix.Write(fd, []byte(s))
	require.NoError(r, err)
	require.Equal(r, len(s), n)
}

// read returns what one read of at most n bytes gives.
func (r *rig) read(fd, n int) string {
	b := make([]byte, n)
	n, err := unix.Read(fd, b)
	require.NoError(r, err)
	return string(b[:n])
}

func (r *rig) register(fd int, interest Events, data any) {
	r.Helper()
	require.NoError(r, r.Register(fd, interest, data))
	r.check()
}

func (r *rig) unregister(fd int) {
	r.Helper()
	require.NoError(r, r.Unregister(fd))
	r.check()
}

// expect runs one Select and compares all that it reports.
func (r *rig) expect(timeout time.Duration, want ...Ready) {
	r.Helper()
	got, err := r.Select(timeout)
	require.NoError(r, err)
	require.ElementsMatch(r, want, got)
	r.check()
}

// refused checks the reason, and that it comes as an OpError about fd.
func (r *rig) refused(err error, op string, fd int, reason error) {
	r.Helper()
	require.Equal(r, &OpError{op, fd, reason}, err)
	r.check()
}

func (r *rig) check() { r.Helper(); checkInvariants(r.T, r.reg) }

// checkInvariants is the code of these formulas:
//
//	interest = 0  ⇔  the key is empty
//	0 < key.gen ≤ registry.gen, no two alike, interest ⊆ {Read, Write}
//	each Ready: not empty, one per descriptor
//	not orphaned ⇒ what the kernel watches ⊆ keys ∪ {wakefd}
func checkInvariants(t *testing.T, r *registry) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	gens, fds := map[uint32]bool{}, map[int]bool{}
	for fd, k := range r.keys {
		if k.interest == 0 {
			require.Equal(t, key{}, k, "fd %d", fd)
			continue
		}
		require.Zero(t, k.interest&^both, "fd %d", fd)
		require.True(t, k.gen > 0 && k.gen <= r.gen && !gens[k.gen], "generation of fd %d", fd)
		gens[k.gen] = true
	}
	for _, ready := range r.ready {
		require.True(t, ready.Events != 0 && !fds[ready.FD], "ready: %v", ready)
		fds[ready.FD] = true
	}
	e, isEpoll := r.backend.(*epoll)
	if !isEpoll || r.closed || r.orphaned {
		return
	}
	for _, fd := range watched(t, e.fd) {
		require.True(t, fd == e.wakefd || r.find(fd) != nil, "the kernel watches %d", fd)
	}
}

// watched reads what the kernel itself says an epoll watches.
func watched(t *testing.T, epfd int) (fds []int) {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/self/fdinfo/%d", epfd))
	require.NoError(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var fd int
		if _, err := fmt.Sscanf(lines.Text(), "tfd: %d", &fd); err == nil {
			fds = append(fds, fd)
		}
	}
	return fds
}
