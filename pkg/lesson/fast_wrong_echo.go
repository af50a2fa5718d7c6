package lesson

// The echo that fast_wrong.go makes wrong.

import (
	"bytes"
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// wrongEcho is an echo with these faults; without any of them, it is right.
type wrongEcho struct {
	echoFaults
	s      *sock.Socket
	calls  *sys.Calls
	room   []byte
	kept   []byte         // what the client has not taken
	reads  *future.Future // ends when the reader that is left registered is called
	reader bool           // it is
}

var sharedRoom = make([]byte, 16<<10)

func (f echoFaults) echo(yield coro.Yield, s *sock.Socket) error {
	v := &wrongEcho{echoFaults: f, s: s, calls: s.Loop().Calls(), room: make([]byte, f.size())}
	switch {
	case f.shares:
		v.room = sharedRoom
	case f.past:
		v.calls = &sys.Kernel
	case f.swaps:
		*v.calls = sys.Kernel
	}
	err := v.talk(yield)
	if v.reader && !f.neverUnwatches {
		s.Loop().RemoveReader(s.FD())
	}
	if !f.neverCloses && (err == io.EOF || !f.closesIfWell) {
		_ = s.Close()
	}
	switch canceled := errors.Is(err, future.ErrCanceled); {
	case f.mute && !canceled, f.cancelIsEnd && canceled, err == io.EOF && !f.endIsError:
		return nil
	}
	return err
}

func (f echoFaults) size() int {
	switch {
	case f.small:
		return 512
	case f.large:
		return 1 << 20
	}
	return 16 << 10
}

// talk returns io.EOF at the end.
func (v *wrongEcho) talk(yield coro.Yield) error {
	for {
		data, err := v.receive(yield)
		if err == nil && len(data) > 0 {
			err = v.answer(yield, data)
		}
		if v.deaf && errors.Is(err, future.ErrCanceled) {
			continue
		}
		if err == nil && v.shortIsEnd && len(data) < len(v.room) {
			err = io.EOF
		}
		if err != nil {
			return err
		}
	}
}

// receive returns what has come; nothing if it was woken for nothing.
func (v *wrongEcho) receive(yield coro.Yield) (data []byte, err error) {
	if !v.triesFirst {
		if err := v.wait(yield); err != nil {
			return nil, err
		}
	}
	switch {
	case v.asksError:
		if err := v.calls.SocketError(v.s.FD()); err != nil {
			return nil, err
		}
	case v.peeks:
		v.s.Arrived()
	}
	if v.fresh {
		v.room = make([]byte, len(v.room))
	}
	n, err := v.calls.Recv(v.s.FD(), v.room)
	for v.hoards && err == nil && n > 0 {
		data = append(data, v.room[:n]...)
		n, err = v.calls.Recv(v.s.FD(), v.room)
	}
	if len(data) > 0 {
		return data, nil
	}
	for v.fills && 0 < n && n < len(v.room) {
		more, err := v.calls.Recv(v.s.FD(), v.room[n:])
		if err != nil || more == 0 {
			break
		}
		n += more
	}
	for v.readsOn && n == len(v.room) {
		if err := v.answer(yield, v.room); err != nil {
			return nil, err
		}
		n, err = v.calls.Recv(v.s.FD(), v.room)
	}
	switch {
	case err == unix.EAGAIN && v.againIsEnd:
		return nil, io.EOF
	case err == unix.EAGAIN && v.triesFirst:
		return nil, v.wait(yield)
	case err == unix.EAGAIN && !v.againEscapes, err == unix.EINTR && !v.signalEscapes:
		return nil, nil
	case err != nil:
		return nil, err
	case n == 0 && !v.noEnd:
		return nil, io.EOF
	}
	return v.room[:n], nil
}

func (v *wrongEcho) wait(yield coro.Yield) error {
	switch {
	case v.polls:
		return task.Sleep(yield, 0)
	case v.looksOften:
		return task.Sleep(yield, time.Millisecond)
	case !v.keepsReader:
		return stages.Ready(yield, v.s, selector.Read)
	}
	v.reads = future.New(v.s.Loop())
	if !v.reader {
		v.reader = true
		if err := v.s.Loop().AddReader(v.s.FD(), func() { _ = v.reads.SetResult(nil) }); err != nil {
			return err
		}
	}
	_, err := task.Await(yield, v.reads)
	return err
}

func (v *wrongEcho) answer(yield coro.Yield, data []byte) error {
	if v.pauses {
		if err := task.Sleep(yield, 0); err != nil {
			return err
		}
	}
	if v.copies {
		data = bytes.Clone(data)
	}
	if v.keeps {
		v.kept = append(v.kept, data...)
		data = v.kept
	}
	for len(data) > 0 {
		if v.asksRoom {
			if err := stages.Ready(yield, v.s, selector.Write); err != nil {
				return err
			}
		}
		piece := data
		if v.smallSend {
			piece = data[:min(len(data), 256)]
		}
		n, err := v.calls.Send(v.s.FD(), piece)
		switch {
		case err == unix.EAGAIN && v.keeps:
			v.kept = data
			return nil
		case err == unix.EAGAIN && v.dropsFull:
			return nil
		case err == unix.EAGAIN && v.dropsLate && v.ended():
			return io.EOF
		case err == unix.EAGAIN && v.pollsRoom:
			n, err = 0, task.Sleep(yield, 0)
		case err == unix.EAGAIN && !v.fullEscapes:
			n, err = 0, v.waitRoom(yield)
		case err == unix.EINTR && !v.signalEscapes:
			n, err = 0, nil
		}
		switch {
		case err != nil:
			return err
		case v.forgets:
			return nil
		case v.repeats && 0 < n && n < len(data):
			n--
		}
		data = data[n:]
	}
	v.kept = nil
	return nil
}

func (v *wrongEcho) waitRoom(yield coro.Yield) error {
	if v.reader && v.unwatchesToSend {
		v.reader = false
		v.s.Loop().RemoveReader(v.s.FD())
	}
	return stages.Ready(yield, v.s, selector.Write)
}

// ended reports whether the client has ended its side behind what is there.
func (v *wrongEcho) ended() bool {
	fds := []unix.PollFd{{Fd: int32(v.s.FD()), Events: theEnd}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n == 1 && fds[0].Revents&theEnd != 0
}
