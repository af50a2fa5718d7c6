package sock_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

const length = 1000 // of the file, unless a row says otherwise

// file is one with a known pattern, closed at the end of the row.
func (w *world) file(size int) *os.File {
	path := filepath.Join(w.TempDir(), "file")
	require.NoError(w, os.WriteFile(path, faulty.Pattern(size), 0o600))
	f, err := os.Open(path)
	require.NoError(w, err)
	return f
}

func TestSendFile(t *testing.T) {
	rows := []row{
		{name: "W01_W12_all_of_it_in_pieces", bulk: true, calls: mostOfFile, run: func(w *world, yield coro.Yield) {
			fileArrives(w, yield, 3<<20+1, 0, 3<<20+1)
			assert.LessOrEqual(w, w.count["most"], 256<<10, "others have their turn in between")
		}},
		{name: "V12_a_part", run: func(w *world, yield coro.Yield) { fileArrives(w, yield, length, 17, 900) }},
		{name: "W01_a_part_is_taken", run: wholeFile, calls: func(_ *world, c *sys.Calls) {
			send := c.SendFile
			c.SendFile = func(fd, from int, offset int64, n int) (int, error) { return send(fd, from, offset, min(n, 100)) }
		}},
		{name: "W05_nothing", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			f := w.file(length)
			defer f.Close()
			rounds := w.Loop.Rounds()
			require.NoError(w, sock.SendFile(yield, a, f, 5, 0))
			assert.Equal(w, rounds, w.Loop.Rounds())
		}},
		{name: "W08_W09_the_peer_never_reads", bulk: true, run: fileBlocked},
		{name: "W08_the_same_from_memory", bulk: true, calls: fileSays(-1, unix.EINVAL), run: fileBlocked},
		{name: "W10_two_at_once", bulk: true, run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.NeverReads()).Addr())
			w.narrow(s)
			f := w.file(4 << 20)
			defer f.Close()
			first := w.sendsFile(s, f)
			w.Waits(yield, first)
			require.ErrorIs(w, sock.SendFile(yield, s, f, 0, 1), sock.ErrBusy)
			require.ErrorIs(w, sock.Send(yield, s, []byte("x")), sock.ErrBusy)
			w.Waits(yield, first)
			require.NoError(w, s.Close())
			w.fails(yield, first, net.ErrClosed)
			require.ErrorIs(w, sock.SendFile(yield, s, f, 0, 1), net.ErrClosed)
		}},
		{name: "W15_a_deadline", bulk: true, run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.NeverReads()).Addr())
			w.narrow(s)
			f := w.file(4 << 20)
			defer f.Close()
			require.NoError(w, s.SetWriteDeadline(time.Now().Add(time.Second)))
			require.ErrorIs(w, sock.SendFile(yield, s, f, 0, 4<<20), os.ErrDeadlineExceeded)
		}},
		{name: "the_file_has_become_shorter", run: fileShrinks},
		{name: "the_file_has_become_shorter_from_memory", calls: fileSays(-1, unix.EINVAL), run: fileShrinks},
		{name: "B01_no_regular_file", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			dir, err := os.Open(w.TempDir())
			require.NoError(w, err)
			defer dir.Close()
			require.ErrorIs(w, sock.SendFile(yield, a, dir, 0, 1), unix.EISDIR)
			r, p, err := os.Pipe()
			require.NoError(w, err)
			require.NoError(w, p.Close())
			require.ErrorIs(w, sock.SendFile(yield, a, r, 0, 1), unix.ESPIPE)
			require.NoError(w, r.Close())
			require.Error(w, sock.SendFile(yield, a, r, 0, 1), "a closed file")
			w.send(yield, a, "not busy")
		}},
		{name: "B02_misuse", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			f := w.file(length)
			defer f.Close()
			require.ErrorIs(w, sock.SendFile(nil, a, f, 0, 1), task.ErrNoTask)
			require.ErrorIs(w, sock.SendFile(yield, a, f, -1, 1), unix.EINVAL)
			require.ErrorIs(w, sock.SendFile(yield, a, f, 0, -1), unix.EINVAL)
		}},
	}
	for _, errno := range []unix.Errno{unix.EAGAIN, unix.EINTR, unix.ENOBUFS, unix.EINVAL, unix.ENOSYS, unix.EOPNOTSUPP} {
		rows = append(rows, row{name: "N01_" + unix.ErrnoName(errno), calls: fileSays(1, errno), run: wholeFile},
			row{name: "N01_later_" + unix.ErrnoName(errno), calls: fileSays(2, errno), run: wholeFile})
	}
	for _, errno := range []unix.Errno{unix.EIO, unix.ENOMEM, unix.EPIPE, unix.ECONNRESET, unix.EBADF} {
		rows = append(rows, row{name: "N01_" + unix.ErrnoName(errno), calls: fileSays(2, errno), run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.Sink()).Addr())
			f := w.file(length)
			defer f.Close()
			err := sock.SendFile(yield, s, f, 0, length)
			require.ErrorIs(w, err, errno)
			assert.True(w, isOpError(err, "send file"))
			assert.Empty(w, w.Selector.Registered)
		}})
	}
	runRows(t, rows)
}

// wholeFile is sent, be it by the kernel or from memory.
func wholeFile(w *world, yield coro.Yield) { fileArrives(w, yield, length, 0, length) }

func fileArrives(w *world, yield coro.Yield, size int, offset, n int64) {
	server := w.serve(faulty.Sink())
	s := w.connect(yield, server.Addr())
	f := w.file(size)
	defer f.Close()
	require.NoError(w, sock.SendFile(yield, s, f, offset, n))
	at, err := f.Seek(0, io.SeekCurrent)
	require.NoError(w, err)
	assert.Zero(w, at, "the file's own offset")
	require.NoError(w, s.Close())
	got, err := server.Received(limit)
	require.NoError(w, err)
	require.NoError(w, faulty.CheckPattern(got, offset))
	require.Len(w, got, int(n))
}

// mostOfFile notes how much is asked for at once.
func mostOfFile(w *world, c *sys.Calls) {
	send := c.SendFile
	c.SendFile = func(fd, from int, offset int64, n int) (int, error) {
		w.count["most"] = max(w.count["most"], n)
		return send(fd, from, offset, n)
	}
}

// fileSays has sendfile fail at its call number at, or, for -1, at each; until
// then it sends ten bytes a call.
func fileSays(at int, errno unix.Errno) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		send := c.SendFile
		c.SendFile = func(fd, from int, offset int64, n int) (int, error) {
			if w.count["files"]++; at < 0 || w.count["files"] == at {
				return 0, errno
			}
			if w.count["files"] > at {
				return send(fd, from, offset, n)
			}
			return send(fd, from, offset, 10)
		}
	}
}

func (w *world) sendsFile(s *sock.Socket, f *os.File) *task.Task {
	return w.Spawn(func(yield coro.Yield) error { return sock.SendFile(yield, s, f, 0, 4<<20) })
}

// fileBlocked cancels in the middle: how much went out is in the error, and the
// next one goes on from there.
func fileBlocked(w *world, yield coro.Yield) {
	server := w.serve(faulty.NeverReads())
	s := w.connect(yield, server.Addr())
	w.narrow(s)
	f := w.file(4 << 20)
	defer f.Close()
	t := w.sendsFile(s, f)
	w.Waits(yield, t)
	t.Cancel()
	_, err := task.Await(yield, t)
	require.ErrorIs(w, err, future.ErrCanceled)
	var partly *sock.SendError
	require.ErrorAs(w, err, &partly)
	assert.Positive(w, partly.Sent)
	assert.Less(w, partly.Sent, 4<<20)
	assert.Equal(w, 4<<20, partly.Total)
	assert.Empty(w, w.Selector.Registered, "the writer is removed")
	server.Release()
	require.NoError(w, sock.SendFile(yield, s, f, int64(partly.Sent), int64(4<<20-partly.Sent)))
	require.NoError(w, s.Close())
	got, err := server.Received(limit)
	require.NoError(w, err)
	require.NoError(w, faulty.CheckPattern(got, 0))
	require.Len(w, got, 4<<20)
}

// fileShrinks asks for more than there is: the peer must not be left to wait for
// the rest in silence.
func fileShrinks(w *world, yield coro.Yield) {
	s := w.connect(yield, w.serve(faulty.Sink()).Addr())
	f := w.file(600)
	defer f.Close()
	err := sock.SendFile(yield, s, f, 100, length)
	require.ErrorIs(w, err, io.ErrUnexpectedEOF)
	require.ErrorContains(w, err, "500 of 1000 bytes sent: unexpected EOF")
}
