package sock

import (
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
)

// mostOfFile is the most that one call sends: a peer as fast as the disk must not keep
// the loop to itself.
const mostOfFile = 256 << 10

// SendFile sends n bytes of f, beginning at offset, and waits whenever the peer is slow:
// asyncio's sock_sendfile. If the kernel can, it takes them from the file itself
// (sendfile(2)); otherwise SendFile reads them a piece at a time, so the memory it needs
// doesn't depend on n. f's own offset doesn't move. If n is 0, SendFile returns at once. f
// must be a regular file, and stay open. Reading from a disk makes the whole loop wait.
//
// Errors are *net.OpError around a *SendError, which says how much was sent:
// io.ErrUnexpectedEOF if the file has become shorter, EINVAL for a negative offset or n,
// f's own, and those of Send.
func SendFile(yield coro.Yield, s *Socket, f *os.File, offset, n int64) error {
	var sent int64
	err := s.claim(yield, &s.write)
	if err == nil {
		defer s.write.release()
		err = s.sendFile(yield, f, offset, n, &sent)
	}
	if err != nil {
		return s.opError("send file", &SendError{int(sent), int(n), err})
	}
	return nil
}

func (s *Socket) sendFile(yield coro.Yield, f *os.File, offset, n int64, sent *int64) error {
	if offset < 0 || n < 0 {
		return unix.EINVAL
	}
	part, byKernel := s.fromKernel, true
	for *sent < n {
		err := s.retry(yield, &s.write, func() error {
			k, err := part(f, offset+*sent, int(min(n-*sent, mostOfFile)))
			*sent += int64(k)
			return err
		})
		if byKernel && refused(err) {
			part, byKernel = s.fromMemory, false
		} else if err != nil {
			return err
		}
	}
	return nil
}

// refused reports whether the kernel has no sendfile, or none for this kind of file.
func refused(err error) bool {
	return err == unix.EINVAL || err == unix.ENOSYS || err == unix.EOPNOTSUPP
}

func (s *Socket) fromKernel(f *os.File, offset int64, n int) (int, error) {
	defer runtime.KeepAlive(f)
	k, err := s.loop.Calls().SendFile(s.fd, int(f.Fd()), offset, n)
	if k == 0 && err == nil {
		err = io.ErrUnexpectedEOF
	}
	if err == unix.ENOBUFS {
		err = unix.EAGAIN
	}
	return k, err
}

// fromMemory does what sendfile(2) does. Bytes that the kernel doesn't take are read again
// the next time: keeping them would cost a buffer for each slow peer.
func (s *Socket) fromMemory(f *os.File, offset int64, n int) (int, error) {
	buffer := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buffer)
	k, err := f.ReadAt(buffer[:min(n, len(buffer))], offset)
	switch {
	case k > 0: // an error comes again, when no bytes come with it
	case err == io.EOF:
		return 0, io.ErrUnexpectedEOF
	default:
		return 0, err
	}
	return s.sendSome(buffer[:k])
}
