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
//  1. sock.Read brings the next piece, and io.EOF at the end.
//  2. With any other error, return what came before it, and the error.
//  3. limit is the most bytes that are all right. When there are more, return
//     the first limit of them and sock.ErrTooLong.
func ReadAll(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error) {
	return nil, lesson.ErrTODO
}
