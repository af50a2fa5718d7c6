package lesson

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Connect judges lesson 08: writable is not connected.
var Connect = Lesson{Number: 8, Name: "connect", Judges: "Connect", Wrong: wrongConnects, Hints: connectHints, Cases: []Case{
	{"C01", "a server listens", "a connection is there when both sides have it", connectsTo(faulty.Echo)},
	{"C02", "a port where nobody listens", "the refusal waits in SO_ERROR: who doesn't ask takes it for success", connectRefused},
	{"C04", "cancelled while the server doesn't answer", "what is left registered belongs to the next owner of the number", connectCanceled},
	{"C06", "a false wake-up before the connection is there", "a wake-up is a permission to try, not a promise", connectSpurious},
	{"C10", "an address that is none", "an error at the call beats a socket that connects to nowhere", connectNowhere},
	{"C11", "an IPv6 address", "the family of the socket is that of the address", connectIPv6},
	{"M02", "a refusal leaves no descriptor open", "a server that retries once a second is out of descriptors within the hour", connectLeak},
}}

func connectsTo(server func(at ...string) *faulty.Server, at ...string) func(Impl) error {
	return func(impl Impl) error {
		peer := server(at...)
		defer peer.Close()
		return trial(nil, func(yield coro.Yield, l *loop.Loop) error {
			s, err := impl.Connect(yield, l, peer.Addr())
			if err != nil {
				return &Mismatch{"connect to a server that listens", said(err), "a socket", err}
			}
			if s == nil {
				return &Mismatch{"connect to a server that listens", "no socket and no error", "a socket", nil}
			}
			defer s.Close()
			return echoes(yield, s, "hello")
		})
	}
}

// echoes sends text to an echo server and wants it back.
func echoes(yield coro.Yield, s *sock.Socket, text string) error {
	if err := sock.Send(yield, s, []byte(text)); err != nil {
		return &Mismatch{"send on the new connection", said(err), "all of it sent", err}
	}
	_ = s.CloseWrite()
	back, err := sock.ReadAll(yield, s, 1<<20)
	if err != nil || string(back) != text {
		return &Mismatch{"send on the new connection to an echo server, and read", both(back, err), fmt.Sprintf("%q", text), err}
	}
	return nil
}

func connectRefused(impl Impl) error {
	peer := faulty.Refused()
	defer peer.Close()
	return trial(nil, func(yield coro.Yield, l *loop.Loop) error {
		_, err := impl.Connect(yield, l, peer.Addr())
		return wantError("connect to a port where nobody listens", err, unix.ECONNREFUSED)
	})
}

// wantError wants err to be want.
func wantError(what string, err, want error) error {
	if !errors.Is(err, want) {
		return &Mismatch{what, said(err), fmt.Sprintf("%q", want), err}
	}
	return nil
}

func connectCanceled(impl Impl) error {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	return trial(nil, func(yield coro.Yield, l *loop.Loop) error {
		fd := lowestFree()
		if err := cancelConnect(yield, l, impl, peer.Addr()); err != nil {
			return err
		}
		return stillFree(l, fd)
	})
}

// cancelConnect wants a connect that has nothing to do to wait, and to end when
// it is cancelled.
func cancelConnect(yield coro.Yield, l *loop.Loop, impl Impl, address string) error {
	t := task.Spawn(l, func(yield coro.Yield) (any, error) { return impl.Connect(yield, l, address) })
	if err := rounds(yield, 10); err != nil {
		return err
	}
	if t.Done() {
		_, err := t.Result()
		return &Mismatch{"connect to a server that doesn't answer", "an end at once, with " + said(err), "it to wait", err}
	}
	t.Cancel()
	_, err := task.Await(yield, t)
	return wantError("cancelled connect", err, future.ErrCanceled)
}

// rounds lets the loop go round n times.
func rounds(yield coro.Yield, n int) error {
	for range n {
		if err := task.Checkpoint(yield); err != nil {
			return err
		}
	}
	return nil
}

// lowestFree is the number that the next descriptor will get.
func lowestFree() int {
	fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return fd
}

// stillFree wants fd to be closed, and its number unknown to the loop.
func stillFree(l *loop.Loop, fd int) error {
	if l.RemoveWriter(fd) || l.RemoveReader(fd) {
		return &Mismatch{"look for what the connect has left behind", "a descriptor that is still registered with the loop", "nothing", nil}
	}
	if now := lowestFree(); now != fd {
		return &Mismatch{"look for what the connect has left behind", "a descriptor that is still open", "nothing", nil}
	}
	return nil
}

func connectSpurious(impl Impl) error {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	s, err := newSpurious()
	if err != nil {
		return err
	}
	return trial(s, func(yield coro.Yield, l *loop.Loop) error {
		return cancelConnect(yield, l, impl, peer.Addr())
	})
}

func connectNowhere(impl Impl) error {
	return trial(nil, func(yield coro.Yield, l *loop.Loop) error {
		for _, address := range []string{"", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "1.2.3:80"} {
			if s, err := impl.Connect(yield, l, address); err == nil {
				return &Mismatch{fmt.Sprintf("connect to %q", address), fmt.Sprintf("%v and no error", s), "an error", nil}
			}
		}
		return nil
	})
}

func connectIPv6(impl Impl) error {
	if !faulty.HasIPv6() {
		return nil
	}
	return connectsTo(faulty.Echo, "[::1]:0")(impl)
}

func connectLeak(impl Impl) error {
	peer := faulty.Refused()
	defer peer.Close()
	return trial(nil, func(yield coro.Yield, l *loop.Loop) error {
		fd := lowestFree()
		_, err := impl.Connect(yield, l, peer.Addr())
		if err == nil {
			return nil // C02's business
		}
		return stillFree(l, fd)
	})
}
