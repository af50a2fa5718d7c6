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
//  1. unix.Read(s.FD(), …) takes what is there, up to the size of the buffer. 4096
//     bytes are enough. Return what has come as it is: it needn't be text.
//  2. EAGAIN, with the count -1, says that nothing is there yet: wait until s is
//     readable, and try again, as often as it takes. stages.Ready(yield, s,
//     selector.Read) is the ready of lesson 08; you may write your own wait
//     instead, which leaves nothing registered, however it ends.
//  3. 0 bytes and no error are the end: return io.EOF itself.
//  4. Return the error of any other call so that errors.Is finds it: a cancellation may
//     have a reason, and loop.ErrBusy says that another task waits already, whose
//     registration is its own.
//  5. With an error, io.EOF too, return no data.
//
// A read that is canceled has taken nothing. The bytes belong to the caller: the next
// read must not change them. The socket stays open: its owner closes it.
func Read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	return nil, lesson.ErrTODO
}
