package lesson

// The rig of lesson 16: a server that is judged, in a task of its own, and its clients. They
// meet on a unix socket, where all that one side does has arrived at the other as soon as
// the call returns; and no real time passes. Read loop.go of package trial first.

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// house is a server under trial, and all that a case needs for it.
type house struct {
	*entrance
	yield    coro.Yield
	loop     *loop.Loop
	listener *sock.Socket
	path     string
	server   *task.Task
	visitors []*visitor
	slow     []*future.Future      // what answers wait for, until the case lets them go on
	at       map[*sock.Socket]bool // where an answer is at work
	left     int                   // tasks that were there still when the server returned
}

// serving runs body with a server that lets most clients in at a time. visit, unless it is
// nil, happens before the server begins.
func serving(impl Impl, most int, visit, body func(h *house)) {
	kernel, err := selector.New()
	trial.Must(err)
	dir, err := os.MkdirTemp("", "stepwise")
	trial.Must(err)
	defer os.RemoveAll(dir)
	h := &house{entrance: &entrance{Selector: kernel, doors: map[int]uint64{}, most: most}, path: filepath.Join(dir, "door"), at: map[*sock.Socket]bool{}}
	defer h.part()
	onLoop(h.entrance, func(yield coro.Yield, l *loop.Loop) {
		h.yield, h.loop = yield, l
		h.tolerate()
		h.listener, err = sock.Listen(l, "unix:"+h.path)
		trial.Must(err)
		if visit != nil {
			visit(h)
		}
		h.server = task.Spawn(l, func(yield coro.Yield) (any, error) {
			err := impl.Serve(yield, h.listener, h.answer, most)
			h.left = len(task.All(l)) - 2 // this one, and the case's
			return nil, err
		})
		h.settle()
		h.lives("begin to serve")
		body(h)
	})
}

// errAnswer and panicAnswer are how an answer fails.
var errAnswer = errors.New("the question made no sense")

const panicAnswer = "the answer panicked"

// tolerate lets a server report what the case does to it. What else escapes into the loop
// fails the case.
func (h *house) tolerate() {
	h.loop.SetExceptionHandler(func(e loop.Exception) {
		var p *coro.PanicError
		if errors.As(e.Err, &p) && p.Value == panicAnswer || errors.Is(e.Err, errAnswer) || errors.Is(e.Err, unix.EMFILE) || errors.Is(e.Err, unix.ENFILE) {
			return
		}
		h.notes(fmt.Errorf("an error escaped into the loop: %s: %w", e.Message, e.Err))
	})
}

// settle lets all happen that can happen.
func (h *house) settle() {
	settles(h.yield, h.loop)
	trial.Must(h.wrong)
}

// part closes what the clients have open.
func (h *house) part() {
	for _, v := range h.visitors {
		_ = unix.Close(v.fd)
	}
}

// answer answers one question, a letter, by the capital letter. It waits at an s, and at an
// l, which takes its time to clean up. It fails at an e, and panics at a p.
func (h *house) answer(yield coro.Yield, s *sock.Socket) error {
	if h.at[s] {
		h.notes(trial.Fail("answer a client that asks twice", "two answers at once", "one after the other", nil))
	}
	h.at[s] = true
	defer delete(h.at, s)
	p := make([]byte, 1)
	n, err := unix.Read(s.FD(), p)
	for err == unix.EAGAIN {
		if err = sock.WaitReadable(yield, s); err == nil {
			n, err = unix.Read(s.FD(), p)
		}
	}
	switch {
	case err != nil:
		return err
	case n == 0:
		return io.EOF
	case p[0] == 'e':
		return errAnswer
	case p[0] == 'p':
		panic(panicAnswer)
	case p[0] == 's', p[0] == 'l':
		f := future.New(h.loop)
		h.slow = append(h.slow, f)
		_, err := task.Await(yield, f)
		for n := 0; p[0] == 'l' && n < 50; n++ {
			_, _ = yield(nil) // whatever comes
		}
		if err != nil {
			return err
		}
	}
	_, err = unix.Write(s.FD(), []byte{p[0] - 'a' + 'A'})
	return err
}

// release lets the answers go on that wait.
func (h *house) release() {
	for _, f := range h.slow {
		_ = f.SetResult(nil)
	}
	h.slow = nil
	h.settle()
}

// lives expects the server to go on.
func (h *house) lives(tried string) {
	if h.server.Done() {
		_, err := h.server.Result()
		fail(tried, "an end of the server, with "+trial.Said(err), "one that goes on", err)
	}
}

// stops tells the server to shut down, and lets it come to where it waits.
func (h *house) stops() {
	h.server.CancelCause(errTooLong)
	h.settle()
}

// ended expects the server to have ended with reason, and to have left nothing behind.
func (h *house) ended(tried string, reason error) {
	finishes(h.yield, h.server, tried)
	trial.Must(h.wrong)
	_, err := h.server.Result()
	wantError(tried, err, reason)
	if reason == future.ErrCanceled && !errors.Is(err, errTooLong) {
		fail(tried+", for a reason", trial.Said(err), trial.Said(future.CanceledBy(errTooLong)), err)
	}
	h.shut(tried)
	if h.left > 0 {
		fail(tried, fmt.Sprintf("an end of the server before %d of its tasks", h.left), "an end when all of them have ended", nil)
	}
	for i, v := range h.visitors {
		if v.listens(); !v.ended {
			fail(tried, fmt.Sprintf("the connection of client %d that is still open", i+1), "all closed", nil)
		}
	}
}

// shut expects the listener to be closed.
func (h *house) shut(tried string) {
	if h.listener.FD() >= 0 {
		fail(tried, "a listener that is still open", "a closed one: a client that connects now would wait in vain", nil)
	}
}
