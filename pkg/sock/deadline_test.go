package sock_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
)

// The world's clock moves when there is nothing to do, so an hour takes no time.
func inAnHour() time.Time { return time.Now().Add(time.Hour) }

var longAgo = time.Unix(1, 0)

func TestDeadlines(t *testing.T) {
	runRows(t, []row{
		{name: "R10_passes_while_a_read_waits", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.SetReadDeadline(inAnHour()))
			_, err := sock.Read(yield, a)
			requireTimeout(w, err)
			assert.Greater(w, w.Loop.Now(), 59*time.Minute)
			if !w.mode.spurious { // there it may have been woken, and found itself too late
				assert.Empty(w, w.Selector.Registered, "the reader is removed")
			}
			_, err = sock.Read(yield, a)
			requireTimeout(w, err)
			require.NoError(w, a.SetReadDeadline(time.Time{}))
			w.send(yield, b, "late, but welcome")
			w.reads(yield, a, "late, but welcome")
		}},
		{name: "R10_moved_while_a_read_waits", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.SetDeadline(inAnHour()))
			read := w.Spawn(func(yield coro.Yield) error { w.reads(yield, a, "in time"); return nil })
			require.NoError(w, a.SetDeadline(inAnHour().Add(time.Hour)))
			pause := w.Spawn(func(yield coro.Yield) error { return w.rest(yield, 90*time.Minute) })
			w.fails(yield, pause, nil)
			w.Waits(yield, read)
			w.send(yield, b, "in time")
			w.fails(yield, read, nil)
		}},
		{name: "R10_moved_into_the_past_while_a_read_waits", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			read := w.Spawn(func(yield coro.Yield) error { _, err := sock.Read(yield, a); return err })
			w.Waits(yield, read)
			require.NoError(w, a.SetReadDeadline(longAgo))
			w.fails(yield, read, os.ErrDeadlineExceeded)
		}},
		{name: "R11_data_in_the_round_of_the_timeout", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			read := w.Spawn(func(yield coro.Yield) error { _, err := sock.Read(yield, a); return err })
			w.Waits(yield, read)
			w.send(yield, b, "kept")
			require.NoError(w, a.SetReadDeadline(longAgo))
			w.fails(yield, read, os.ErrDeadlineExceeded)
			require.NoError(w, a.SetReadDeadline(time.Time{}))
			w.reads(yield, a, "kept")
		}},
		{name: "R10_in_the_past_though_data_is_there", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, b, "there")
			require.NoError(w, a.SetReadDeadline(longAgo))
			_, err := sock.Read(yield, a)
			requireTimeout(w, err)
			require.NoError(w, a.SetReadDeadline(inAnHour()))
			w.reads(yield, a, "there")
		}},
		{name: "W15_in_mid_write", bulk: true, run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.NeverReads())
			s := w.connect(yield, server.Addr())
			w.narrow(s)
			data := faulty.Pattern(4 << 20)
			require.NoError(w, s.SetWriteDeadline(inAnHour()))
			err := sock.Send(yield, s, data)
			requireTimeout(w, err)
			var partly *sock.SendError
			require.ErrorAs(w, err, &partly)
			assert.Positive(w, partly.Sent)
			server.Release()
			require.NoError(w, s.SetWriteDeadline(time.Time{}))
			require.NoError(w, sock.Send(yield, s, data[partly.Sent:]))
			require.NoError(w, s.Close())
			got, err := server.Received(limit)
			require.NoError(w, err)
			require.NoError(w, faulty.CheckPattern(got, 0))
			require.Len(w, got, len(data))
		}},
		{name: "W15_a_read_deadline_is_not_the_writers", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.SetReadDeadline(longAgo))
			w.send(yield, a, "goes")
			w.reads(yield, b, "goes")
		}},
		{name: "A01_accept_has_one_too", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			require.NoError(w, l.SetReadDeadline(inAnHour()))
			_, err := sock.Accept(yield, l)
			requireTimeout(w, err)
		}},
		{name: "R09_closed", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			require.NoError(w, a.SetDeadline(inAnHour()))
			require.NoError(w, a.Close())
			require.ErrorIs(w, a.SetDeadline(inAnHour()), net.ErrClosed)
			require.ErrorIs(w, a.SetWriteDeadline(time.Time{}), net.ErrClosed)
		}},
	})
}

// requireTimeout wants what net.Conn's users look for.
func requireTimeout(w *world, err error) {
	w.Helper()
	require.ErrorIs(w, err, os.ErrDeadlineExceeded)
	var e net.Error
	require.True(w, errors.As(err, &e) && e.Timeout(), "%v", err)
}
