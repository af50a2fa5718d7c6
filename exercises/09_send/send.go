// Package send is the exercise of lesson 09: send may take a part.
package send

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/sock"
)

// Send sends all of data to the peer of s, and pauses as often as the peer is
// slow.
//
//  1. unix.Write(s.FD(), …) takes what there is room for, and says how much.
//     The rest is still to be sent.
//  2. EAGAIN, with the count -1, says that there is no room: wait until s is
//     writable, and try again. Don't wait otherwise: there may be room although s isn't
//     writable. stages.Ready(yield, s, selector.Write) is the ready of lesson 08; you
//     may write your own wait instead, which leaves nothing registered, however it ends.
//  3. Return the error of any other call so that errors.Is finds it: a cancellation may
//     have a reason, and loop.ErrBusy says that another task waits already, whose
//     registration is its own.
//
// The socket stays open, whatever happens: its owner closes it.
func Send(yield coro.Yield, s *sock.Socket, data []byte) error {
	return lesson.ErrTODO
}
