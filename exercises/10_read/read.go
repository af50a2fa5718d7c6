// Package read is the exercise of lesson 10: data comes in pieces.
package read

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/sock"
)

// Read returns what the peer of s has sent, some of it, and pauses until there
// is something.
//
//  1. Wait until s is readable: s.Loop().AddReader and a Future, which you
//     task.Await. Leave nothing registered, however the wait ends.
//  2. unix.Read(s.FD(), …) takes what is there, up to the buffer's size.
//  3. 0 bytes are the end: io.EOF. EAGAIN, with the count -1, is a false
//     wake-up: wait again.
//  4. Every other error is your caller's.
func Read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	return nil, lesson.ErrTODO
}
