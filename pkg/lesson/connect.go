package lesson

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
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

func connectsTo(server func(at ...string) *faulty.Server, at ...string) func(Impl) {
	return func(impl Impl) {
		peer := server(at...)
		defer peer.Close()
		onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
			s, err := impl.Connect(yield, l, peer.Addr())
			if err != nil {
				fail("connect to a server that listens", trial.Said(err), "a socket", err)
			}
			if s == nil {
				fail("connect to a server that listens", "no socket and no error", "a socket", nil)
			}
			defer s.Close()
			echoes(yield, s, "hello")
		})
	}
}

// echoes sends text to an echo server and expects it back.
func echoes(yield coro.Yield, s *sock.Socket, text string) {
	noError("send on the new connection", sock.Send(yield, s, []byte(text)))
	_ = s.CloseWrite()
	back, err := sock.ReadAll(yield, s, 1<<20)
	same("send on the new connection to an echo server, and read", back, err, text)
}

func connectRefused(impl Impl) {
	peer := faulty.Refused()
	defer peer.Close()
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		_, err := impl.Connect(yield, l, peer.Addr())
		wantError("connect to a port where nobody listens", err, unix.ECONNREFUSED)
	})
}

func connectCanceled(impl Impl) { connectUnanswered(nil, impl, stillFree) }

func connectSpurious(impl Impl) {
	connectUnanswered(newSpurious(), impl, func(*loop.Loop, int) {}) // what it leaves is C04's business
}

// connectUnanswered expects connect to wait while nothing happens, and to end when
// it is canceled. Then look gets the number that its descriptor should have had.
func connectUnanswered(sel selector.Selector, impl Impl, look func(l *loop.Loop, fd int)) {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	onLoop(sel, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		cancels(yield, "connect to a server that doesn't answer",
			task.Spawn(l, func(yield coro.Yield) (any, error) { return impl.Connect(yield, l, peer.Addr()) }))
		look(l, fd)
	})
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
func stillFree(l *loop.Loop, fd int) {
	if l.RemoveWriter(fd) || l.RemoveReader(fd) {
		fail("look for what connect left behind", "a descriptor that is still registered with the loop", "nothing", nil)
	}
	if now := lowestFree(); now != fd {
		fail("look for what connect left behind", "a descriptor that is still open", "nothing", nil)
	}
}

func connectNowhere(impl Impl) {
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		for _, address := range []string{"", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "1.2.3:80"} {
			if s, err := impl.Connect(yield, l, address); err == nil {
				fail(fmt.Sprintf("connect to %q", address), fmt.Sprintf("%v and no error", s), "an error", nil)
			}
		}
	})
}

func connectIPv6(impl Impl) {
	if faulty.HasIPv6() {
		connectsTo(faulty.Echo, "[::1]:0")(impl)
	}
}

func connectLeak(impl Impl) {
	peer := faulty.Refused()
	defer peer.Close()
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		if _, err := impl.Connect(yield, l, peer.Addr()); err != nil { // otherwise it is C02's business
			stillFree(l, fd)
		}
	})
}
