package sock

import (
	"io"
	"sync"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
)

// ReadInto reads what is there into p, waiting until there is something: the primitive of
// the other two. It returns 1 to len(p) bytes, or io.EOF at the end, and then every time.
// With an empty p it returns 0 at once. Don't use p until ReadInto returns.
//
// Other errors are *net.OpError: ECONNRESET, even if a Send has been told already, ErrBusy
// while another task reads, net.ErrClosed, future.ErrCanceled; nothing has been read then.
func ReadInto(yield coro.Yield, s *Socket, p []byte) (n int, err error) {
	if err := s.claim(yield, &s.read); err != nil {
		return 0, s.opError("read", err)
	}
	defer s.read.release()
	return s.readInto(yield, p)
}

func (s *Socket) readInto(yield coro.Yield, p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = s.retry(yield, &s.read, func() (err error) {
		n, err = s.receive(p)
		return err
	})
	return n, s.readError(err)
}

// Read reads what is there, at most 64 KiB, waiting until there is something.
// Errors are those of ReadInto.
func Read(yield coro.Yield, s *Socket) (data []byte, err error) {
	if err := s.claim(yield, &s.read); err != nil {
		return nil, s.opError("read", err)
	}
	defer s.read.release()
	err = s.readLent(yield, func(lent []byte) { data = append(data, lent...) })
	return data, s.readError(err)
}

// ReadLent is Read without a copy: it calls use with what is there, in a buffer that is
// lent until use returns. So no connection needs a buffer of its own, neither while it waits
// nor for a message that is dealt with at once. use must not pause, nor keep the data.
// Errors are those of ReadInto, and then use isn't called.
func ReadLent(yield coro.Yield, s *Socket, use func(data []byte)) error {
	if err := s.claim(yield, &s.read); err != nil {
		return s.opError("read", err)
	}
	defer s.read.release()
	return s.readError(s.readLent(yield, use))
}

// readLent borrows the buffer only for the attempt: otherwise 10,000 tasks that wait would
// hold 64 KiB each.
func (s *Socket) readLent(yield coro.Yield, use func(data []byte)) error {
	return s.retry(yield, &s.read, func() error {
		buffer := buffers.Get().(*[64 << 10]byte)
		defer buffers.Put(buffer)
		n, err := s.receive(buffer[:])
		if err == nil {
			use(buffer[:n])
		}
		return err
	})
}

var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// receive makes one attempt. A receive that came up short has emptied the socket, so the
// next attempt is EAGAIN without asking the kernel: the wait that follows is
// level-triggered, and misses nothing that came in between.
func (s *Socket) receive(p []byte) (int, error) {
	if s.read.drained {
		s.read.drained = false
		return 0, unix.EAGAIN
	}
	n, err := s.loop.Calls().Recv(s.fd, p[:min(len(p), mostAtOnce)])
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	s.read.drained = n < len(p)
	return n, nil
}

func (s *Socket) readError(err error) error {
	if err == io.EOF && s.lost != nil {
		err = s.lost // an end that isn't one
	}
	if err == io.EOF {
		return err
	}
	return s.opError("read", err)
}
