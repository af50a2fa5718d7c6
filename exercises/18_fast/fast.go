// Package fast is the exercise of lesson 18: where does the time go?
package fast

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/task"
)

// Echo sends back what comes on s, until the client ends its side. Begin with
// return given(yield, s), which works, and is SLOW ON PURPOSE: make it ask less of the
// kernel.
//
// All that is asked of the kernel is counted: the calls in s.Loop().Calls(), and those of
// the loop. A wait by stages.Ready takes four: epoll_ctl registers s, one epoll_wait sleeps,
// another one looks for news before your task goes on, and epoll_ctl takes s back.
//
//  1. A short message that comes alone takes at most 6 calls; given makes 12. 64 KiB
//     that are there at once take at most 48 calls; given makes 2176.
//  2. Every byte is received and sent by s.Loop().Calls(), so that it is counted.
//  3. Use a buffer again: for a hundred messages, receive into and send from at most 50
//     different ones.
//  4. All that comes goes back, once, and in its order. A send may take a part.
//  5. At EAGAIN wait, and at EINTR try again.
//  6. Hold at most 64 KiB that are received and not sent. As long as there is no room to
//     send, don't read.
//  7. While nothing can happen, the loop sleeps: don't ask in turns.
//  8. After 32 reads in a row the others must have a turn. A wait is one.
//  9. When the client has ended its side and all is sent, return nil. If the connection
//     breaks, or the task is canceled, return that error.
//  10. However it ends, s is closed, and nothing of it stays registered with the loop.
func Echo(yield coro.Yield, s *sock.Socket) error {
	return lesson.ErrTODO
}

var _ = given // until Echo calls it

// given is an echo that works, and asks much of the kernel.
func given(yield coro.Yield, s *sock.Socket) error {
	defer s.Close()
	calls := s.Loop().Calls()
	for {
		if err := stages.Ready(yield, s, selector.Read); err != nil { // wait for a message
			return err
		}
		if err := calls.SocketError(s.FD()); err != nil { // is the connection well?
			return err
		}
		piece := make([]byte, 512)
		n, err := calls.Recv(s.FD(), piece)
		if err == unix.EAGAIN || err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if n == 0 { // the client has ended its side
			return nil
		}
		if err := task.Sleep(yield, 0); err != nil { // the others first
			return err
		}
		if err := send(yield, s, piece[:n]); err != nil {
			return err
		}
	}
}

// send sends all of data, a little at a time.
func send(yield coro.Yield, s *sock.Socket, data []byte) error {
	for len(data) > 0 {
		if err := stages.Ready(yield, s, selector.Write); err != nil { // is there room?
			return err
		}
		n, err := s.Loop().Calls().Send(s.FD(), data[:min(len(data), 256)])
		if err == unix.EAGAIN || err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
