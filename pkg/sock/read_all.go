package sock

import (
	"io"
	"slices"

	"stepwise/pkg/coro"
)

// ReadAll reads until the peer ends its side, and returns everything. It reads
// like blocking code: each read may suspend the whole stack, up to the Task.
//
// limit is the maximum size; one byte more is ErrTooLong, and a negative limit is
// ErrLimit. Even with an error, ReadAll returns what was read before it, up to limit bytes:
// after ErrTooLong the stream can't be read on, for what came behind them is lost. A reset
// is an error, never the end. Other errors are those of ReadInto.
func ReadAll(yield coro.Yield, s *Socket, limit int) ([]byte, error) {
	if limit < 0 {
		return nil, s.opError("read all", ErrLimit)
	}
	if err := s.claim(yield, &s.read); err != nil {
		return nil, s.opError("read all", err)
	}
	defer s.read.release()
	var data []byte
	for {
		data = slices.Grow(data, room(len(data), limit))
		n, err := s.readInto(yield, data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case len(data) > limit:
			return data[:limit], s.opError("read all", ErrTooLong)
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, err
		}
	}
}

// room is how much the buffer grows by at least: in proportion to its size, so that the
// copying stays linear, but never past the limit by more than a byte.
func room(have, limit int) int {
	const first = 4096
	if have >= limit {
		return 1 // enough to see that it is too long
	}
	return min(max(first, have/4), limit-have)
}
