package lesson

// The server that serve_wrong.go makes wrong.

import (
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// wrongServer is a server with these faults; without any of them, it is right.
type wrongServer struct {
	serveFaults
	listener *sock.Socket
	answer   func(yield coro.Yield, s *sock.Socket) error
	places   *wait.Semaphore
	conns    map[*wrongConn]bool
	empty    wait.Event
	going    bool
	self     *task.Task
}

type wrongConn struct {
	s    *sock.Socket
	task *task.Task
	idle bool
}

func (f serveFaults) serve(yield coro.Yield, listener *sock.Socket, answer func(yield coro.Yield, s *sock.Socket) error, most int) error {
	switch {
	case f.unbounded:
		most = 1 << 20
	case f.oneLess:
		most--
	case f.oneMore:
		most++
	}
	self, err := task.Current(yield)
	if err != nil {
		return err
	}
	v := &wrongServer{serveFaults: f, listener: listener, answer: answer, places: wait.NewSemaphore(most), conns: map[*wrongConn]bool{}, self: self}
	err = v.acceptAll(yield)
	for f.deaf && errors.Is(err, future.ErrCanceled) {
		err = v.acceptAll(yield)
	}
	canceled := errors.Is(err, future.ErrCanceled)
	if (canceled || f.restAlways) && !f.dropsQueue {
		v.acceptRest()
	}
	if canceled && f.queueFirst {
		v.acceptBlindly(yield)
	}
	v.shutDown()
	v.drain(yield)
	if f.listensOn {
		_ = listener.Close()
	}
	switch {
	case f.mute:
		return nil
	case f.noReason && canceled:
		return future.ErrCanceled
	}
	return err
}

func (v *wrongServer) drain(yield coro.Yield) {
	for len(v.conns) > 0 && !v.leaves {
		if !v.spinsAtEnd {
			v.empty.Clear()
		}
		if v.empty.Wait(yield) == nil || v.deafAgain {
			continue
		}
		if v.leavesAgain {
			return
		}
		for c := range v.conns {
			c.task.Cancel()
		}
		if v.waitsOnceAgain && len(v.conns) > 0 {
			_ = v.empty.Wait(yield)
		}
		if v.returnsAgain || v.waitsOnceAgain {
			return
		}
	}
}

func (v *wrongServer) acceptAll(yield coro.Yield) error {
	for n := 0; ; n++ {
		if v.acceptsOne && n == 1 {
			_, err := task.Await(yield, future.New(v.listener.Loop()))
			return err
		}
		if !v.acceptsFirst {
			if err := v.places.Acquire(yield); err != nil {
				return err
			}
		}
		s, err := v.accept(yield)
		if err == nil && v.acceptsFirst {
			if err = v.places.Acquire(yield); err != nil {
				_ = s.Close()
			}
		}
		if err != nil {
			if !v.acceptsFirst {
				_ = v.places.Release()
			}
			return err
		}
		v.start(s)
		if v.inTurn {
			for len(v.conns) > 0 {
				v.empty.Clear()
				if err := v.empty.Wait(yield); err != nil {
					return err
				}
			}
		}
	}
}

func (v *wrongServer) accept(yield coro.Yield) (*sock.Socket, error) {
	for {
		s, err := v.listener.TryAccept()
		exhausted := errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE)
		switch {
		case err == unix.EAGAIN && v.againEscapes:
			return nil, err
		case err == unix.EAGAIN && v.polls:
			err = task.Checkpoint(yield)
		case err == unix.EAGAIN, err != nil && v.anyIsEmpty, exhausted && v.spinsExhausted:
			err = stages.Ready(yield, v.listener, selector.Read)
		case errors.Is(err, unix.ECONNABORTED) && v.pausesAborted:
			err = task.Sleep(yield, 100*time.Millisecond)
		case errors.Is(err, unix.ECONNABORTED) && !v.endsAborted:
			err = nil
		case exhausted && v.blocksExhausted:
			time.Sleep(time.Millisecond)
			err = task.Checkpoint(yield)
		case exhausted && v.givesUpExhausted:
			_, err = task.Await(yield, future.New(v.listener.Loop()))
		case exhausted && !v.endsExhausted:
			err = task.Sleep(yield, 100*time.Millisecond)
		default:
			return s, err
		}
		if err != nil {
			return nil, err
		}
	}
}

func (v *wrongServer) acceptRest() {
	for v.queueUnbounded || !v.places.Locked() {
		s, err := v.listener.TryAccept()
		switch {
		case err == nil:
			v.places.TryAcquire()
			v.start(s)
		case v.queueToEnd && err != unix.EAGAIN:
		case v.queueAborted || !errors.Is(err, unix.ECONNABORTED):
			return
		}
	}
}

// acceptBlindly serves all that wait, as places become free.
func (v *wrongServer) acceptBlindly(yield coro.Yield) {
	for {
		if v.places.Acquire(yield) != nil {
			return
		}
		s, err := v.listener.TryAccept()
		if err != nil {
			_ = v.places.Release()
			return
		}
		v.start(s)
	}
}

func (v *wrongServer) start(s *sock.Socket) {
	c := &wrongConn{s: s, idle: v.idleUnbegun}
	v.conns[c] = true
	c.task = task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) {
		if v.closeInBody {
			defer s.Close()
		}
		if v.placeEarly {
			defer v.places.Release()
		}
		err := v.talk(yield, c)
		if v.placeInBody {
			_ = v.places.Release()
		}
		return nil, err
	})
	c.task.AddDoneCallback(func() { v.ended(c) })
}

func (v *wrongServer) ended(c *wrongConn) {
	_, err := c.task.Result()
	well := err == nil || errors.Is(err, io.EOF)
	if !v.neverCloses && !v.closeInBody && (well || !v.closeIfWell) {
		_ = c.s.Close()
	}
	delete(v.conns, c)
	if !v.placeInBody && !v.placeEarly && (well || !v.placeIfWell) {
		_ = v.places.Release()
	}
	if v.placeTwice && !well {
		_ = v.places.Release()
	}
	if len(v.conns) == 0 {
		v.empty.Set()
	}
	if v.endsByAnswer && !well {
		v.self.Cancel()
	}
}

func (v *wrongServer) talk(yield coro.Yield, c *wrongConn) error {
	for n := 0; !v.going || c.s.Arrived() || v.goesOn; n++ {
		if n > 0 && (v.once || v.lastAnswer && v.going) {
			return nil
		}
		var err error
		if !v.idleWhileBusy || !c.s.Arrived() {
			c.idle = true
			err = stages.Ready(yield, c.s, selector.Read)
		}
		c.idle = v.idleUnbegun && v.going || v.idleWhileBusy && c.idle
		if err == nil {
			err = v.answer(yield, c.s)
		}
		if errors.Is(err, errAnswer) && v.ignoresAnswer {
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *wrongServer) shutDown() {
	v.going = true
	if !v.listensOn && !v.neverShuts {
		_ = v.listener.Close()
	}
	for c := range v.conns {
		if v.cuts || !v.keepsIdle && c.idle && (v.idleBlindly || !c.s.Arrived()) {
			c.task.Cancel()
		}
	}
}
