// Package readall is the exercise of lesson 11: a loop that reads like blocking
// code.
package readall

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/sock"
)

// ReadAll reads until the peer of s ends its side, and returns everything.
//
//  1. sock.Read returns the next piece, and io.EOF at the end.
//  2. With any other error, such as a cancellation, or sock.ErrBusy while another task
//     reads, return what came before it, and the error so that errors.Is finds it.
//  3. limit is the maximum size. If more bytes come, return the first limit of them
//     and sock.ErrTooLong.
//
// The bytes belong to the caller, who gets them as they are: they needn't be text. The
// socket stays open in both directions.
func ReadAll(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error) {
	return nil, lesson.ErrTODO
}
