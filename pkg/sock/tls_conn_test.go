package sock_test

// What a TLSConn does when tasks and peers misbehave, and when all is well. Read
// tls_test.go first.

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestTLS(t *testing.T) {
	serverTLS, clientTLS := certificate()
	hour := time.Hour
	runRows(t, []row{
		{name: "a_conversation", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			serves := w.Spawn(func(coro.Yield) error {
				got, err := io.ReadAll(b)
				assert.Equal(w, "question", string(got))
				if err == nil {
					_, err = b.Write([]byte("answer"))
				}
				return errors.Join(err, b.Close())
			})
			_, err := a.Write([]byte("question"))
			require.NoError(w, err)
			require.NoError(w, a.CloseWrite())
			require.NoError(w, a.CloseWrite(), "twice is no harm")
			_, err = a.Write([]byte("more"))
			require.ErrorContains(w, err, "shutdown")
			got, err := io.ReadAll(a)
			require.NoError(w, err)
			require.Equal(w, "answer", string(got))
			_, err = a.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err, "and every time")
			w.fails(yield, serves, nil)
			require.Equal(w, a.Socket().RemoteAddr(), a.RemoteAddr())
			require.Equal(w, a.Socket().LocalAddr(), a.LocalAddr())
			require.NoError(w, a.Close())
			require.ErrorIs(w, a.Close(), net.ErrClosed)
			_, err = a.Read(make([]byte, 1))
			require.ErrorIs(w, err, net.ErrClosed)
			_, err = a.Write(nil)
			require.ErrorIs(w, err, net.ErrClosed)
		}},
		{name: "misuse", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			w.refuses(yield, a, b)
		}},
		{name: "a_canceled_read", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.survivesReaders(yield, a, func() { _, err := b.Write([]byte("welcome")); require.NoError(w, err) })
		}},
		{name: "a_canceled_read_of_a_tls_Conn_of_one's_own", run: func(w *world, yield coro.Yield) {
			s, c := w.pair(yield)
			a, b := tls.Client(sock.Stream(c), clientTLS), tls.Server(sock.Stream(s), serverTLS)
			shakes := w.Spawn(func(coro.Yield) error { return b.Handshake() })
			require.NoError(w, a.Handshake())
			w.fails(yield, shakes, nil)
			w.survivesReaders(yield, a, func() { _, err := b.Write([]byte("welcome")); require.NoError(w, err) })
		}},
		{name: "canceled_in_mid_write_and_gone_on_with", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			rest := faulty.Pattern(4 << 20)
			part := func(err error) {
				var partly *sock.SendError
				require.ErrorAs(w, err, &partly)
				require.Positive(w, partly.Sent)
				require.Less(w, partly.Sent, partly.Total)
				rest = rest[partly.Sent:]
			}
			_, err := task.Timeout(yield, hour, func(coro.Yield) (any, error) { return a.Write(rest) })
			part(err)
			drains := w.Spawn(func(coro.Yield) error { return w.gets(b, faulty.Pattern(4<<20)) })
			_, err = a.Write(rest[:1<<20])
			require.NoError(w, err, "nobody is told of another's cancellation")
			rest = rest[1<<20:]
			drains.Cancel()
			w.fails(yield, drains, future.ErrCanceled)
			require.NoError(w, a.SetWriteDeadline(inAnHour()))
			_, err = a.Write(rest)
			requireTimeout(w, err)
			require.NoError(w, a.SetWriteDeadline(time.Time{}))
		}},
		{name: "what_a_canceled_write_has_taken_arrives_whole", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			data := faulty.Pattern(4 << 20)
			writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(data); return err })
			w.Waits(yield, writes)
			writes.Cancel()
			_, err := task.Await(yield, writes)
			require.ErrorIs(w, err, future.ErrCanceled)
			var partly *sock.SendError
			require.ErrorAs(w, err, &partly)
			drains := w.Spawn(func(coro.Yield) error { return w.gets(b, data) })
			_, err = a.Write(data[partly.Sent:])
			require.NoError(w, err)
			w.fails(yield, drains, nil)
		}},
		{name: "an_end_without_a_farewell", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			_, err := b.Write([]byte("all"))
			require.NoError(w, err)
			require.NoError(w, b.Socket().Close())
			got, err := io.ReadAll(a)
			require.Equal(w, "all", string(got))
			require.ErrorIs(w, err, sock.ErrCut)
			require.ErrorIs(w, err, io.ErrUnexpectedEOF)
			_, err = a.Read(make([]byte, 1))
			require.ErrorIs(w, err, io.ErrUnexpectedEOF, "and every time")
			require.True(w, isOpError(err, "read"))
		}},
		{name: "closed_under_a_reader_and_a_writer", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			reads := w.Spawn(func(coro.Yield) error { _, err := a.Read(make([]byte, 1)); return err })
			writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(faulty.Pattern(4 << 20)); return err })
			w.Waits(yield, reads)
			w.Waits(yield, writes)
			require.NoError(w, a.Close())
			w.fails(yield, reads, net.ErrClosed)
			w.fails(yield, writes, net.ErrClosed)
			_, err := io.ReadAll(b)
			require.ErrorIs(w, err, io.ErrUnexpectedEOF, "no farewell in the middle of a record")
		}},
		{name: "closed_with_a_farewell", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			reads := w.Spawn(func(coro.Yield) error { _, err := io.ReadAll(b); return err })
			w.Waits(yield, reads)
			require.NoError(w, a.Close())
			w.fails(yield, reads, nil)
		}},
		{name: "aborted", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			reads := w.Spawn(func(coro.Yield) error { _, err := b.Read(make([]byte, 1)); return err })
			w.Waits(yield, reads)
			require.NoError(w, a.Socket().Abort())
			w.fails(yield, reads, unix.ECONNRESET)
		}},
		{name: "aborted_and_looked_at", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			require.NoError(w, a.Socket().Abort())
			for !b.Socket().Arrived() {
				require.NoError(w, task.Sleep(yield, 0))
			}
			_, err := b.Read(make([]byte, 1))
			require.ErrorIs(w, err, unix.ECONNRESET, "the look hasn't taken it from the read")
		}},
		{name: "the_deadlines_are_the_Socket's", run: func(w *world, yield coro.Yield) {
			a, _ := w.tlsPair(yield, tls.VersionTLS13)
			require.NoError(w, a.SetDeadline(longAgo))
			_, err := a.Read(make([]byte, 1))
			requireTimeout(w, err)
			_, err = a.Write([]byte("x"))
			requireTimeout(w, err)
			require.NoError(w, a.SetDeadline(inAnHour()))
			_, err = a.Read(make([]byte, 1))
			requireTimeout(w, err)
			require.Greater(w, w.Loop.Now(), 59*time.Minute)
		}},
	})
}
