// Package readall is a solution of lesson 11: a loop that reads like blocking
// code.
package readall

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// ReadAll reads until the peer of s ends its side, and returns everything, but no
// more than limit bytes.
func ReadAll(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error) {
	var data []byte
	for {
		chunk, err := sock.Read(yield, s)
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
		data = append(data, chunk...)
		if len(data) > limit {
			return data[:limit], sock.ErrTooLong
		}
	}
}
