// Package connect is the exercise of lesson 08: writable is not connected.
package connect

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
)

// Connect opens a TCP connection to address, such as "127.0.0.1:80" or
// "[::1]:80", and returns it as a socket on l. It pauses until the matter is
// decided.
//
//  1. Read the address with sock.Sockaddr: it gives the family, too.
//  2. Make a socket that doesn't block: unix.Socket, unix.CloseOnExec,
//     unix.SetNonblock, sock.FromFD. On every error, close it (with s.Close once
//     there is a Socket, with unix.Close before that), and return nil and the error
//     as it is: a cancellation may carry its reason.
//  3. Begin: unix.Connect, once. EINPROGRESS says that the kernel goes on.
//  4. Wait until the socket is writable. Write a function for this wait,
//     ready(yield, s, direction): AddReader or AddWriter, and a Future, which you
//     task.Await. Leave nothing registered, however the wait ends. In the lessons
//     after this one it is there as stages.Ready.
//  5. After each wake-up ask how it went: first SO_ERROR, then whether there is a peer
//     (unix.Getpeername). A wake-up may be false; then wait again.
func Connect(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error) {
	return nil, lesson.ErrTODO
}
