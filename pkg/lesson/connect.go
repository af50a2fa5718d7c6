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
	"stepwise/pkg/trial"
)

// Connect judges lesson 08: writable is not connected.
var Connect = Lesson{
	Number: 8, Name: "connect", Code: "sock/connect.go",
	Question: "is a writable socket a connected one?",
	Able:     "open a connection, and know when it has failed",
	Judges:   "Connect", Wrong: wrongConnects, Hints: connectHints,
	Cases: []Case{
		{"C01", "a server listens", "a connection is there when both sides have it", connectsTo(faulty.Echo)},
		{"C02", "a port where nobody listens", "the refusal waits in SO_ERROR: code that doesn't ask takes it for success", connectRefused},
		{"C04", "canceled while the server doesn't answer", "what is left registered belongs to the next owner of the number", connectCanceled},
		{"C06", "a false wake-up before the connection is there", "a wake-up is a permission to try, not a promise", connectSpurious},
		{"C10", "an address that isn't one", "an error at the call beats a socket that connects to nowhere", connectNowhere},
		{"C11", "an IPv6 address", "the family of the socket is that of the address", connectIPv6},
		{"M02", "a refusal leaves no descriptor open", "a server that retries once a second is out of descriptors within the hour", connectLeak},
	},
}

func connectsTo(server func(at ...string) *faulty.Server, at ...string) func(Impl) error {
	return func(impl Impl) error {
		peer := server(at...)
		defer peer.Close()
		return trial.OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
			s, err := impl.Connect(yield, l, peer.Addr())
			if err != nil {
				return trial.Fail("connect to a server that listens", trial.Said(err), "a socket", err)
			}
			if s == nil {
				return trial.Fail("connect to a server that listens", "no socket and no error", "a socket", nil)
			}
			defer s.Close()
			return echoes(yield, s, "hello")
		})
	}
}

// echoes sends text to an echo server and expects it back.
func echoes(yield coro.Yield, s *sock.Socket, text string) error {
	if err := sock.Send(yield, s, []byte(text)); err != nil {
		return trial.Fail("send on the new connection", trial.Said(err), "all of it sent", err)
	}
	_ = s.CloseWrite()
	back, err := sock.ReadAll(yield, s, 1<<20)
	if err != nil || string(back) != text {
		return trial.Fail("send on the new connection to an echo server, and read", trial.Both(back, err), fmt.Sprintf("%q", text), err)
	}
	return nil
}

func connectRefused(impl Impl) error {
	peer := faulty.Refused()
	defer peer.Close()
	return trial.OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
		_, err := impl.Connect(yield, l, peer.Addr())
		return wantError("connect to a port where nobody listens", err, unix.ECONNREFUSED)
	})
}

// wantError expects err to be want.
func wantError(what string, err, want error) error {
	if !errors.Is(err, want) {
		return trial.Fail(what, trial.Said(err), fmt.Sprintf("%q", want), err)
	}
	return nil
}

func connectCanceled(impl Impl) error {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	return trial.OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
		fd := lowestFree()
		if err := cancelConnect(yield, l, impl, peer.Addr()); err != nil {
			return err
		}
		return stillFree(l, fd)
	})
}

// cancelConnect expects connect to wait while nothing happens, and to end when it
// is canceled.
func cancelConnect(yield coro.Yield, l *loop.Loop, impl Impl, address string) error {
	t := task.Spawn(l, func(yield coro.Yield) (any, error) { return impl.Connect(yield, l, address) })
	if err := rounds(yield, 10); err != nil {
		return err
	}
	if t.Done() {
		_, err := t.Result()
		return trial.Fail("connect to a server that doesn't answer", "an end at once, with "+trial.Said(err), "it to wait", err)
	}
	t.Cancel()
	_, err := task.Await(yield, t)
	return wantError("cancel a connect that waits", err, future.ErrCanceled)
}

// lowestFree is the number that the next descriptor will get.
func lowestFree() int {
	fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return fd
}

// stillFree expects fd to be closed, and the loop not to know its number.
func stillFree(l *loop.Loop, fd int) error {
	if l.RemoveWriter(fd) || l.RemoveReader(fd) {
		return trial.Fail("look for what connect left behind", "a descriptor that is still registered with the loop", "nothing", nil)
	}
	if now := lowestFree(); now != fd {
		return trial.Fail("look for what connect left behind", "a descriptor that is still open", "nothing", nil)
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
	return trial.OnLoop(s, func(yield coro.Yield, l *loop.Loop) error {
		return cancelConnect(yield, l, impl, peer.Addr())
	})
}

func connectNowhere(impl Impl) error {
	return trial.OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
		for _, address := range []string{"", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "1.2.3:80"} {
			if s, err := impl.Connect(yield, l, address); err == nil {
				return trial.Fail(fmt.Sprintf("connect to %q", address), fmt.Sprintf("%v and no error", s), "an error", nil)
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
	return trial.OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
		fd := lowestFree()
		_, err := impl.Connect(yield, l, peer.Addr())
		if err == nil {
			return nil // C02's business
		}
		return stillFree(l, fd)
	})
}
