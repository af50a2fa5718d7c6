package selector

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestReady(t *testing.T) {
	runAll(t, []situation{
		{"S01_peer_writes", "one event with the data that was given", func(r *rig) {
			a, b := r.pair()
			r.register(a, Read, "mine")
			r.expect(0)
			r.write(b, "x")
			r.expect(-1, Ready{a, Read, "mine"})
		}},
		{"S02_both_at_once", "one event with two bits, never two", func(r *rig) {
			a, b := r.pair()
			r.register(a, Read|Write, nil)
			r.write(b, "x")
			r.expect(-1, Ready{a, Read | Write, nil})
		}},
		{"S08_modify", "the next select obeys the new interest only", func(r *rig) {
			a, b := r.pair()
			r.write(b, "x")
			r.register(a, Read, 0)
			for i, interest := range []Events{Write, Read, Read | Write, Read} {
				require.NoError(r, r.Modify(a, interest, i))
				r.expect(-1, Ready{a, interest, i})
			}
		}},
		{"S16_reader_gone_writer_waits", "ERR without OUT wakes the writer", func(r *rig) {
			in, out := r.pipe()
			for { // full: it isn't writable any more
				if _, err := unix.Write(out, make([]byte, 4096)); err != nil {
					break
				}
			}
			r.register(out, Write, nil)
			r.expect(0)
			r.close(in)
			r.expect(-1, Ready{out, Write, nil})
			r.unregister(out)
			r.expect(0)
			require.Equal(r, []int{0, -1, 0}, r.waits, "one wait each: no spin")
		}},
		{"S17_hang_up_with_a_reader_only", "HUP without IN wakes the reader", func(r *rig) {
			in, out := r.pipe()
			r.register(in, Read, nil)
			r.close(out)
			r.expect(-1, Ready{in, Read, nil})
			require.Empty(r, r.read(in, 1))
		}},
		{"S18_reset_by_peer", "readable and writable, and the read tells", func(r *rig) {
			a, b := tcpPair(r)
			r.register(a, Read|Write, nil)
			require.NoError(r, unix.SetsockoptLinger(b, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}))
			r.close(b)
			r.expect(-1, Ready{a, Read | Write, nil})
			_, err := unix.Read(a, make([]byte, 1))
			require.Equal(r, unix.ECONNRESET, err)
		}},
		{"S19_half_closed_with_data", "the data first, then the end", func(r *rig) {
			a, b := r.pair()
			r.register(a, Read, nil)
			r.write(b, "ab")
			require.NoError(r, unix.Shutdown(b, unix.SHUT_WR))
			for _, want := range []string{"ab", ""} {
				r.expect(-1, Ready{a, Read, nil})
				require.Equal(r, want, r.read(a, 9))
			}
		}},
		{"S24_more_than_the_buffer", "the rest comes next, none is lost", func(r *rig) {
			const many = 300
			want, got := map[int]bool{}, map[int]bool{}
			for range many {
				fd, err := unix.Eventfd(1, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
				require.NoError(r, err)
				r.keep(fd)
				require.NoError(r, r.Register(fd, Read, nil))
				want[fd] = true
			}
			r.check() // not at each: it reads all that the kernel watches
			var sizes []int
			for range 3 {
				ready, err := r.Select(0)
				require.NoError(r, err)
				r.check()
				sizes = append(sizes, len(ready))
				for _, e := range ready {
					got[e.FD] = true
				}
			}
			require.Equal(r, []int{128, 256, 300}, sizes)
			require.Equal(r, want, got)
		}},
		{"S29_partial_read", "level-triggered: it is reported again", func(r *rig) {
			a, b := r.pair()
			r.register(a, Read, nil)
			r.write(b, "xyz")
			for range 3 {
				r.expect(-1, Ready{a, Read, nil})
				r.read(a, 1)
			}
			r.expect(0)
		}},
		{"S30_unconnected_tcp", "HUP at once, and silence once unregistered", func(r *rig) {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
			require.NoError(r, err)
			r.keep(fd)
			r.register(fd, Read, nil)
			r.expect(-1, Ready{fd, Read, nil})
			r.unregister(fd)
			r.expect(0)
		}},
	})
}

func tcpPair(r *rig) (a, b int) {
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(r, err)
	defer unix.Close(listener)
	require.NoError(r, unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(r, unix.Listen(listener, 1))
	address, err := unix.Getsockname(listener)
	require.NoError(r, err)
	a, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(r, err)
	r.keep(a)
	require.NoError(r, unix.Connect(a, address))
	b, _, err = unix.Accept4(listener, unix.SOCK_CLOEXEC)
	require.NoError(r, err)
	r.keep(b)
	return a, b
}

func TestWait(t *testing.T) {
	runAll(t, []situation{
		{"S20_timeout_0", "it never sleeps", func(r *rig) {
			r.expect(0)
			require.Equal(r, []int{0}, r.waits)
		}},
		{"S21_less_than_a_millisecond", "rounded up, or the loop spins", func(r *rig) {
			for timeout, want := range map[time.Duration]int{
				-1: -1, math.MinInt64: -1, 0: 0, 1: 1, time.Millisecond - 1: 1, time.Millisecond: 1,
				time.Millisecond + 1: 2, math.MaxInt64: math.MaxInt32,
			} {
				require.Equal(r, want, milliseconds(timeout), "%d ns", timeout)
			}
			start := time.Now()
			r.expect(400 * time.Microsecond)
			require.GreaterOrEqual(r, time.Since(start), 400*time.Microsecond)
		}},
		{"S22_nothing_registered", "it blocks until Wake, in one wait", func(r *rig) {
			r.inWait = func(int, int) error { go func() { _ = r.Wake() }(); return nil }
			r.expect(-1)
			require.Equal(r, []int{-1}, r.waits)
		}},
		{"S23_signal", "it goes on with the time left", func(r *rig) {
			start := time.Now()
			r.inWait = func(n, _ int) error {
				if n > 1 {
					return nil
				}
				for time.Since(start) < 20*time.Millisecond { // then the signal comes
					_, _ = unix.Poll(nil, 1)
				}
				return unix.EINTR
			}
			r.expect(50 * time.Millisecond)
			require.GreaterOrEqual(r, time.Since(start), 50*time.Millisecond)
			require.Len(r, r.waits, 2)
			require.LessOrEqual(r, r.waits[1], 31)
		}},
		{"S23_signals_without_a_limit", "no limit stays no limit, 0 stays 0", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Write, nil)
			r.inWait = func(n, _ int) error {
				if n%3 != 0 {
					return unix.EINTR
				}
				return nil
			}
			r.expect(-1, Ready{a, Write, nil})
			r.expect(0, Ready{a, Write, nil})
			require.Equal(r, []int{-1, -1, -1, 0, 0, 0}, r.waits)
		}},
		{"S27_register_while_select_sleeps", "it takes effect", func(r *rig) {
			a, b := r.pair()
			r.write(b, "x")
			r.inWait = func(int, int) error { go func() { _ = r.Register(a, Read, "late") }(); return nil }
			r.expect(-1, Ready{a, Read, "late"})
		}},
		{"S27_select_or_close_while_select_sleeps", "refused by name", func(r *rig) {
			r.inWait = func(int, int) error {
				_, err := r.Select(0)
				r.refused(err, "select", -1, ErrBusy)
				r.refused(r.Close(), "close", -1, ErrBusy)
				return nil
			}
			r.expect(0)
		}},
		{"L16_many_wakes", "they count as one, and are drained", func(r *rig) {
			for range 1000 {
				require.NoError(r, r.Wake())
			}
			r.expect(-1)
			n, err := unix.EpollWait(r.epoll.fd, make([]unix.EpollEvent, 8), 0)
			require.NoError(r, err)
			require.Zero(r, n, "the eventfd is still readable")
		}},
		{"L17_wake_counter_full", "EAGAIN is a wake-up already", func(r *rig) {
			r.write(r.epoll.wakefd, "\xfe\xff\xff\xff\xff\xff\xff\xff")
			require.NoError(r, r.Wake())
			r.expect(-1)
		}},
		{"N05_event_of_an_unknown_descriptor", "dropped", func(r *rig) {
			r.epoll.calls.wait = func(_ int, events []unix.EpollEvent, _ int) (int, error) {
				events[0] = unix.EpollEvent{Fd: 1 << 20, Pad: 7, Events: unix.EPOLLIN}
				return 1, nil
			}
			r.expect(-1)
		}},
		{"S13_renewal_refused", "the next select tries again, or it spins for ever", func(r *rig) {
			a, _ := r.pair()
			r.register(a, Write, nil)
			dup, err := unix.FcntlInt(uintptr(a), unix.F_DUPFD_CLOEXEC, 0)
			require.NoError(r, err)
			r.keep(dup)
			r.close(a)
			r.unregister(a)
			r.create = func() error { return unix.EMFILE }
			_, err = r.Select(-1)
			require.Equal(r, &OpError{"select", -1, unix.EMFILE}, err)
			r.create = nil
			r.expect(-1)
			require.NotContains(r, watched(r.T, r.epoll.fd), a)
		}},
	})
}

// TestKeepProcessor: a sleep begins with a wait of its own, of at most 10 ms, which Go's
// scheduler doesn't hear of; the rig notes both kinds in waits, and which was told in told.
func TestKeepProcessor(t *testing.T) {
	keep := func(r *rig) { r.Selector.(Keeper).KeepProcessor(true) }
	ready := func(r *rig) Ready {
		a, b := r.pair()
		r.register(a, Read, nil)
		r.write(b, "x")
		return Ready{a, Read, nil}
	}
	// late is ready once the n-th wait has begun.
	late := func(r *rig, n int, before error) Ready {
		a, b := r.pair()
		r.register(a, Read, nil)
		r.inWait = func(now, _ int) error {
			if now < n {
				return before
			}
			if now == n {
				r.write(b, "x")
			}
			return nil
		}
		return Ready{a, Read, nil}
	}
	runAll(t, []situation{
		{"nobody_asked", "one wait, which the scheduler is told of", func(r *rig) {
			r.expect(13 * time.Millisecond)
			require.Equal(r, []int{13}, r.waits)
			require.Equal(r, []bool{true}, r.told)
		}},
		{"a_sleep_of_13_ms", "the first ten of them are kept from the scheduler, and it takes no longer", func(r *rig) {
			keep(r)
			r.expect(13 * time.Millisecond)
			require.Equal(r, []int{10, 3}, r.waits)
			require.Equal(r, []bool{false, true}, r.told)
		}},
		{"a_sleep_of_10_ms", "it is over then", func(r *rig) {
			keep(r)
			r.expect(10 * time.Millisecond)
			require.Equal(r, []int{10}, r.waits)
			require.Equal(r, []bool{false}, r.told)
		}},
		{"a_sleep_of_3_ms", "it takes no longer", func(r *rig) {
			keep(r)
			r.expect(3 * time.Millisecond)
			require.Equal(r, []int{3}, r.waits)
			require.Equal(r, []bool{false}, r.told)
		}},
		{"a_look", "it isn't longer than asked", func(r *rig) {
			keep(r)
			r.expect(0)
			require.Equal(r, []int{0}, r.waits)
			require.Equal(r, []bool{false}, r.told)
		}},
		{"something_is_ready", "one wait", func(r *rig) {
			keep(r)
			r.expect(-1, ready(r))
			require.Equal(r, []int{10}, r.waits)
		}},
		{"something_comes_after_10_ms", "the rest of an endless sleep is endless", func(r *rig) {
			keep(r)
			r.expect(-1, late(r, 2, nil))
			require.Equal(r, []int{10, -1}, r.waits)
			require.Equal(r, []bool{false, true}, r.told)
		}},
		{"taken_back", "one wait again", func(r *rig) {
			keep(r)
			r.Selector.(Keeper).KeepProcessor(false)
			r.expect(12 * time.Millisecond)
			require.Equal(r, []int{12}, r.waits)
		}},
		{"a_wake_up_at_the_beginning", "it ends the sleep", func(r *rig) {
			keep(r)
			require.NoError(r, r.Wake())
			r.expect(time.Hour)
			require.Equal(r, []int{10}, r.waits)
		}},
		{"a_signal_at_the_beginning", "a goroutine may want the processor: the scheduler is told of the rest", func(r *rig) {
			keep(r)
			r.expect(-1, late(r, 3, unix.EINTR))
			require.Equal(r, []int{10, -1, -1}, r.waits)
			require.Equal(r, []bool{false, true, true}, r.told)
		}},
		{"the_sleeps_after_one_in_vain", "each doubles how many are told at once, and one that pays ends it", func(r *rig) {
			keep(r)
			a, b := r.pair()
			r.register(a, Read, nil)
			vain := func(sleeps int) (untold int) {
				r.told = nil
				for range sleeps {
					r.expect(time.Millisecond)
				}
				for _, told := range r.told {
					if !told {
						untold++
					}
				}
				return untold
			}
			require.Equal(r, 1, vain(1))
			require.Equal(r, 1, vain(1+1), "1 told")
			require.Equal(r, 1, vain(3+1), "3 told")
			require.Equal(r, 1, vain(7+1), "7 told")
			require.Zero(r, vain(15))
			r.write(b, "x")
			r.told = nil
			one := Ready{a, Read, nil}
			for range 3 {
				r.expect(-1, one)
			}
			require.Equal(r, []bool{false, false, false}, r.told)
			r.read(a, 1)
			require.Equal(r, 1, vain(1))
			require.Equal(r, 1, vain(1+1), "1 told, as at first")
		}},
		{"a_signal_is_in_vain_too", "a goroutine may have wanted the processor", func(r *rig) {
			keep(r)
			one := late(r, 2, unix.EINTR)
			for range 3 {
				r.expect(-1, one)
			}
			require.Equal(r, []bool{false, true, true, false}, r.told)
		}},
		{"hundreds_in_vain", "63 are told at once, and no more", func(r *rig) {
			keep(r)
			e := &epoll{}
			for range 100 {
				e.judge(false)
			}
			told := 0
			for e.distrust() {
				told++
			}
			require.Equal(r, 63, told)
		}},
	})
}
