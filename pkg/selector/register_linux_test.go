package selector

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
)

func TestRegister(t *testing.T) {
	runAll(t, []situation{
		{"S03_register_twice", "the first registration stays", func(r *rig) {
			a, b := r.pair()
			r.register(a, Read, "first")
			r.refused(r.Register(a, Write, "second"), "register", a, ErrRegistered)
			r.write(b, "x")
			r.expect(-1, Ready{a, Read, "first"})
		}},
		{"S04_bad_descriptor_or_interest", "a refusal leaves the table unchanged", func(r *rig) {
			a, gone := r.pair()
			r.close(gone)
			r.refused(r.Register(-1, Read, nil), "register", -1, unix.EBADF)
			r.refused(r.Register(gone, Read, nil), "register", gone, unix.EBADF)
			r.refused(r.Register(1<<30, Read, nil), "register", 1<<30, unix.EBADF)
			r.refused(r.Register(a, 0, nil), "register", a, ErrInterest)
			r.refused(r.Register(a, Read|4, nil), "register", a, ErrInterest)
			require.Empty(r, r.reg.keys)
			require.Zero(r, r.reg.gen)
		}},
		{"S05_regular_file", "epoll has no wait for it: EPERM", func(r *rig) {
			fd, err := unix.Open(filepath.Join(r.TempDir(), "f"), unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
			require.NoError(r, err)
			r.keep(fd)
			for range 2 { // the second is no ErrRegistered
				r.refused(r.Register(fd, Read, nil), "register", fd, ErrNotPollable)
			}
		}},
		{"S06_unregister_unknown", "an error, no panic", func(r *rig) {
			for _, fd := range []int{-1, 0, 1 << 30} {
				r.refused(r.Unregister(fd), "unregister", fd, ErrNotRegistered)
			}
		}},
		{"S07_unregister_twice", "the second is an error", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Read, nil)
			r.unregister(a)
			r.refused(r.Unregister(a), "unregister", a, ErrNotRegistered)
		}},
		{"S09_modify_what_is_gone", "the entry is removed, not stale", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Read, nil)
			r.close(a)
			r.refused(r.Modify(a, Write, nil), "modify", a, unix.EBADF)
			r.refused(r.Modify(a, Write, nil), "modify", a, ErrNotRegistered)
		}},
		{"S10_modify_unknown", "an error", func(r *rig) {
			a, _ := r.pair()
			r.refused(r.Modify(a, Write, nil), "modify", a, ErrNotRegistered)
			r.register(a, Read, nil)
			r.refused(r.Modify(a, 0, nil), "modify", a, ErrInterest)
		}},
		{"S11_closed_before_unregister", "the kernel's EBADF is no news", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Read, nil)
			r.close(a)
			r.unregister(a)
		}},
		{"S12_number_reused", "the new one gets its own events only", func(r *rig) {
			a, b := r.pair()
			c, d := r.pair()
			r.register(a, Read, "old")
			r.close(a)
			r.fds = append(r.fds, a)
			require.NoError(r, unix.Dup3(c, a, unix.O_CLOEXEC))
			r.unregister(a)
			r.register(a, Read, "new")
			_, _ = unix.Write(b, []byte("x"))
			r.expect(0)
			r.write(d, "x")
			r.expect(-1, Ready{a, Read, "new"})
		}},
		{"S13_duplicate_lives", "the kernel reports the old number for ever", func(r *rig) {
			a, b := r.pair()
			other, peer := r.pair()
			r.register(a, Read, "old")
			r.register(other, Read, "other")
			dup, err := unix.FcntlInt(uintptr(a), unix.F_DUPFD_CLOEXEC, 0)
			require.NoError(r, err)
			r.keep(dup)
			r.close(a)
			r.unregister(a)
			r.write(b, "x")
			require.Contains(r, watched(r.T, r.epoll.fd), a)
			r.expect(-1) // the orphan ends this wait; the renewed epoll has not got it
			require.NotContains(r, watched(r.T, r.epoll.fd), a)
			r.expect(0)
			r.write(peer, "x")
			r.expect(-1, Ready{other, Read, "other"})
		}},
		{"S13_duplicate_lives_and_number_reused", "an old event is not for the successor", func(r *rig) {
			a, b := r.pair()
			c, _ := r.pair()
			r.register(a, Read, "old")
			dup, err := unix.FcntlInt(uintptr(a), unix.F_DUPFD_CLOEXEC, 0)
			require.NoError(r, err)
			r.keep(dup)
			require.NoError(r, unix.Dup3(c, a, unix.O_CLOEXEC))
			r.unregister(a)
			r.register(a, Read, "new")
			r.write(b, "x")
			r.expect(-1)
			r.expect(0)
		}},
		{"S25_above_FD_SETSIZE", "no table of 1024 bits", func(r *rig) {
			a, b := r.pair()
			high, err := unix.FcntlInt(uintptr(a), unix.F_DUPFD_CLOEXEC, 1100)
			if err != nil {
				r.Skip("the limit of descriptors is too low: ", err)
			}
			r.keep(high)
			r.register(high, Read, "high")
			r.write(b, "x")
			r.expect(-1, Ready{high, Read, "high"})
		}},
		{"S28_close_twice_and_use_after", "an error by name", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Read, nil)
			before := leaktest.Files(r.T)
			require.NoError(r, r.Close())
			require.Equal(r, before-2, leaktest.Files(r.T), "epoll and eventfd are gone, a is not")
			r.refused(r.Close(), "close", -1, ErrClosed)
			r.refused(r.Register(a, Read, nil), "register", a, ErrClosed)
			r.refused(r.Modify(a, Read, nil), "modify", a, ErrClosed)
			r.refused(r.Unregister(a), "unregister", a, ErrClosed)
			r.refused(r.Wake(), "wake", -1, ErrClosed)
			_, err := r.Select(0)
			r.refused(err, "select", -1, ErrClosed)
		}},
		{"S31_epoll_in_itself", "the kernel refuses, no half entry", func(r *rig) {
			fd := r.epoll.fd
			r.refused(r.Register(fd, Read, nil), "register", fd, unix.EINVAL)
			other := newRig(r.T)
			defer func() { require.NoError(r, other.Close()) }()
			r.register(other.epoll.fd, Read, nil)
			other.refused(other.Register(fd, Read, nil), "register", fd, unix.ELOOP)
		}},
		{"N06_kernel_refuses_to_register", "it fails cleanly, the next try works", func(r *rig) {
			a, b := r.pair()
			for _, errno := range []error{unix.ENOSPC, unix.ENOMEM} {
				r.ctlErr[unix.EPOLL_CTL_ADD] = errno
				r.refused(r.Register(a, Read, nil), "register", a, errno)
			}
			clear(r.ctlErr)
			r.register(a, Read, "a")
			r.write(b, "x")
			r.expect(-1, Ready{a, Read, "a"})
		}},
	})
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		id     string
		refuse func(*epollCalls)
		want   error
	}{
		{"N07_no_eventfd", func(c *epollCalls) {
			c.eventfd = func(uint, int) (int, error) { return -1, unix.EMFILE }
		}, unix.EMFILE},
		{"N07_no_epoll", func(c *epollCalls) {
			c.create = func(int) (int, error) { return -1, unix.ENFILE }
		}, unix.ENFILE},
		{"N07_no_room_for_the_eventfd", func(c *epollCalls) {
			c.ctl = func(int, int, int, *unix.EpollEvent) error { return unix.ENOSPC }
		}, unix.ENOSPC},
	} {
		t.Run(c.id, func(t *testing.T) {
			before, calls := leaktest.Files(t), kernelCalls
			c.refuse(&calls)
			s, err := newEpoll(calls)
			require.Nil(t, s)
			require.Equal(t, &OpError{"open", -1, c.want}, err)
			require.Equal(t, before, leaktest.Files(t), "descriptors")
		})
	}
}
