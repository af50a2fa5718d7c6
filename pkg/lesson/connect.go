package lesson

import (
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Connect judges lesson 08: writable is not connected. The cases of connections that
// fail are in connect_fails.go, those that wait in connect_waits.go.
var Connect = Lesson{
	Number: 8, Name: "connect", Code: "sock/connect.go",
	Question: "is a writable socket a connected one?",
	Able:     "open a connection, and know when it has failed",
	Judges:   "Connect", Wrong: wrongConnects, Hints: connectHints, Needs: map[string][]string{"C06": {"C04"}, "C11": {"C01"}, "C17": {"C01", "C02"}, "C18": {"C01", "C04"}},
	Cases: []Case{
		{"C01", "a server listens", "a connection is there when both sides have it", connectsTo(faulty.Echo)},
		{"C02", "a port where nobody listens", "the refusal waits in SO_ERROR: code that doesn't ask takes it for success", connectRefused},
		{"C04", "canceled while the server doesn't answer", "the loop refuses the next owner of a number that stays registered", connectCanceled},
		{"C06", "a false wake-up before the connection is there", "a wake-up is a permission to try, not a promise", connectSpurious},
		{"C10", "an address that isn't one", "an error at the call beats a socket that connects to nowhere", connectNowhere},
		{"C11", "an IPv6 address", "the family of the socket is that of the address", connectIPv6},
		{"C12", "an address that fails at once", "connect has three answers, and the third is no: there is nothing to wait for", connectAtOnce},
		{"C17", "reset before you ask", "refusal is one reason among many: the caller must hear the one that it was", connectReset},
		{"C18", "two at once", "what two connections share, the second one takes away from the first", connectTwo},
		{"M02", "a failure leaves no descriptor open", "a server that retries once a second is out of descriptors within the hour", connectLeak},
	},
}

func connectsTo(server func(at ...string) *faulty.Server, at ...string) func(Impl) {
	return func(impl Impl) {
		peer := server(at...)
		defer peer.Close()
		onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
			t := connecting(yield, l, impl, peer)
			trial.Must(peer.WaitAccepted(1, limit))
			s := connects(yield, t)
			defer s.Close()
			if n := len(connectedTo(peer.Addr())); n > 1 {
				fail("connect to a server that listens, and look for what is open", fmt.Sprintf("%d descriptors of that connection", n), "one, which the socket closes", nil)
			}
			echoes(yield, s, "hello")
		})
	}
}

// connecting begins to connect to peer, up to where the code waits.
func connecting(yield coro.Yield, l *loop.Loop, impl Impl, peer *faulty.Server) *task.Task {
	t := begun(yield, l, impl, peer.Addr())
	if t.Done() { // if it failed, no connection may ever arrive
		connects(yield, t.Task)
	}
	return t.Task
}

// dial is a connect in a task, and the socket that it returned: a task keeps no value
// beside an error.
type dial struct {
	*task.Task
	socket *sock.Socket
}

// begun is one that has had its first turn.
func begun(yield coro.Yield, l *loop.Loop, impl Impl, address string) *dial {
	d := &dial{}
	d.Task = task.Spawn(l, func(yield coro.Yield) (any, error) {
		s, err := impl.Connect(yield, l, address)
		d.socket = s
		return s, err
	})
	rounds(yield, 2)
	return d
}

// connects expects t to end with a socket, since the server has accepted already.
func connects(yield coro.Yield, t *task.Task) *sock.Socket {
	const tried = "connect to a server that listens"
	finishes(yield, t, tried)
	v, err := t.Result()
	if err != nil {
		fail(tried, trial.Said(err), "a socket", err)
	}
	s, _ := v.(*sock.Socket)
	if s == nil {
		fail(tried, "no socket and no error", "a socket", nil)
	}
	if flags, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK == 0 {
		fail(tried, "a socket that blocks, or is closed", "an open one that doesn't block", err)
	}
	if flags, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
		fail(tried, "a socket that a program would inherit", "FD_CLOEXEC to be set", nil)
	}
	if t.Loop().RemoveWriter(s.FD()) || t.Loop().RemoveReader(s.FD()) {
		fail(tried+", and look for what it left behind", "a socket that is still registered with the loop, which wakes for it again and again", "nothing", nil)
	}
	return s
}

// connectTwo has two wait at the same moment.
func connectTwo(impl Impl) {
	first, second := faulty.Echo(), faulty.Echo()
	defer first.Close()
	defer second.Close()
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		tasks := make([]*task.Task, 0, 2)
		for _, peer := range []*faulty.Server{first, second} {
			tasks = append(tasks, task.Spawn(l, func(yield coro.Yield) (any, error) { return impl.Connect(yield, l, peer.Addr()) }))
		}
		rounds(yield, 2)
		for i, peer := range []*faulty.Server{first, second} {
			if tasks[i].Done() {
				connects(yield, tasks[i]) // if it failed, no connection may ever arrive
			}
			trial.Must(peer.WaitAccepted(1, limit))
			s := connects(yield, tasks[i])
			echoes(yield, s, "hello")
			_ = s.Close()
		}
	})
	connectBeside(impl)
}

// echoes sends text to an echo server and expects it back.
func echoes(yield coro.Yield, s *sock.Socket, text string) {
	noError("send on the new connection", sock.Send(yield, s, []byte(text)))
	_ = s.CloseWrite()
	back, err := sock.ReadAll(yield, s, 1<<20)
	same("send on the new connection to an echo server, and read", back, err, text)
}

func connectIPv6(impl Impl) {
	if faulty.HasIPv6() {
		connectsTo(faulty.Echo, "[::1]:0")(impl)
	}
}
