package sock

import (
	"io"
	"os"
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

// Read reads what is there, at most 64 KiB, waiting until there is something. data is the
// caller's to keep. Errors are those of ReadInto.
func Read(yield coro.Yield, s *Socket) (data []byte, err error) {
	if err := s.claim(yield, &s.read); err != nil {
		return nil, s.opError("read", err)
	}
	defer s.read.release()
	err = s.retry(yield, &s.read, func() error {
		return s.readNow(func(lent []byte) { data = append(data, lent...) })
	})
	return data, s.readError(err)
}

// Readable waits until there is something to read: data, the end, or an error. It needs no
// buffer meanwhile; ReadNow then takes what is there. The selector may be wrong, and ReadNow
// find nothing: then wait again. Errors are those of ReadInto.
func Readable(yield coro.Yield, s *Socket) error {
	err := s.claim(yield, &s.read)
	if err == nil {
		err = s.readable(yield)
		s.read.release()
	}
	if err != nil {
		return s.opError("read", err)
	}
	return nil
}

func (s *Socket) readable(yield coro.Yield) error {
	if s.read.expired {
		return os.ErrDeadlineExceeded
	}
	s.read.drained = false // what comes from now on ends the wait
	return s.wait(yield, &s.read)
}

// ReadNow calls use with what is there, at most 64 KiB, in a buffer that is lent until use
// returns: use must not keep it. So no connection needs a buffer of its own, neither while
// it waits nor for a message that is dealt with at once. If there is nothing, or an error,
// use isn't called. At the end it returns io.EOF. Other errors are those of ReadInto. It
// doesn't pause. Only the loop's goroutine may call it.
func ReadNow(s *Socket, use func(data []byte)) error {
	err := s.free(&s.read)
	if err == nil {
		s.read.tried = s.loop.Rounds()
		err = s.readNow(use)
	}
	if err == unix.EAGAIN || err == unix.EINTR {
		return nil
	}
	return s.readError(err)
}

// readNow borrows the buffer only for the attempt: otherwise 10,000 tasks that wait would
// hold 64 KiB each.
func (s *Socket) readNow(use func(data []byte)) error {
	buffer := buffers.Get().(*[64 << 10]byte)
	n, err := s.receive(buffer[:])
	if err == nil {
		use(buffer[:n])
	}
	buffers.Put(buffer) // not by defer, which takes room on the stack; a panic loses it
	return err
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
	if err = s.ended(err); err == io.EOF {
		return err
	}
	return s.opError("read", err)
}

// ended is err, unless that is an end which isn't one.
func (s *Socket) ended(err error) error {
	if err == io.EOF && s.lost != nil {
		return s.lost
	}
	return err
}
