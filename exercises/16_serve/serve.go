// Package serve is the exercise of lesson 16: what if the client is slower than you?
package serve

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/sock"
)

// Serve answers the clients of listener until its task is canceled.
//
//  1. Each connection has a task of its own. It waits until a question is there, calls
//     answer, and waits for the next. answer reads one question and writes its answer.
//  2. An error of answer, a panic too, ends its connection and nothing else. That a client
//     has ended its side is an error of answer too: io.EOF.
//  3. At most most connections are open at a time. As long as they are, don't accept: the
//     others wait in the kernel's queue. However a connection ends, it is closed, and after
//     that its place goes to the next client.
//  4. listener.TryAccept() tries once. At unix.EAGAIN wait until listener is readable. At
//     ECONNABORTED try again at once. At EMFILE and ENFILE pause with
//     task.Sleep(yield, 100*time.Millisecond), and try again. Every other error ends the
//     accepting: close listener, take nobody from the queue, and go on with rule 6, or
//     cancel all connections. Use errors.Is for all but EAGAIN.
//  5. Canceling the task shuts the server down. First accept those that wait in the queue,
//     as far as there are places, until TryAccept says anything but nil or ECONNABORTED.
//     Then close listener.
//  6. Close each connection that is idle: it waits for a question, and nothing has come,
//     which s.Arrived() tells. The others get an answer to all that they have asked, and
//     are closed then.
//  7. If the task is canceled once more, cancel the connections that are left. Still wait
//     for them, however often it is canceled.
//  8. Return when all tasks have ended and all sockets are closed. The error is the one that
//     ended the accepting: that of the cancellation, with its reason, or that of accept.
func Serve(yield coro.Yield, listener *sock.Socket, answer func(yield coro.Yield, s *sock.Socket) error, most int) error {
	return lesson.ErrTODO
}
