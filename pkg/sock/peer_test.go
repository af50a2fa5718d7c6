package sock_test

// Peers that stand still, and what a task may leave behind. Read world_test.go
// before.

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestLeftBehind(t *testing.T) {
	runRows(t, []row{
		{name: "T14_cancelled_the_descriptor_s_number_is_free_at_once", run: func(w *world, yield coro.Yield) {
			echo := w.serve(faulty.Echo())
			for range 20 {
				s := w.connect(yield, echo.Addr())
				fd := s.FD()
				reader := w.Spawn(func(yield coro.Yield) error {
					defer s.Close()
					_, err := sock.Read(yield, s)
					require.NotContains(w, w.Selector.Registered, fd, "unregistered before it can be closed")
					return err
				})
				require.NoError(w, task.Checkpoint(yield))
				require.NoError(w, task.Checkpoint(yield))
				require.Contains(w, w.Selector.Registered, fd)
				reader.Cancel()
				w.fails(yield, reader, future.ErrCanceled)
				again := w.connect(yield, echo.Addr())
				w.echoes(yield, again)
				require.NoError(w, again.Close())
			}
		}},
		{name: "B03_a_descriptor_that_a_socket_waits_on_has_no_second_reader", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.Echo()).Addr())
			reader := w.Spawn(func(yield coro.Yield) error { _, err := sock.Read(yield, s); return err })
			w.Waits(yield, reader)
			if w.mode.spurious { // the loop has our callback only while it waits
				require.NoError(w, s.Close())
				w.fails(yield, reader, net.ErrClosed)
				return
			}
			require.ErrorIs(w, w.Loop.AddReader(s.FD(), func() {}), loop.ErrBusy)
			w.send(yield, s, "x")
			w.fails(yield, reader, nil)
		}},
		{name: "B03_a_socket_does_not_take_a_reader_s_place", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.Echo()).Addr())
			require.NoError(w, w.Loop.AddReader(s.FD(), func() {}))
			_, err := sock.Read(yield, s)
			require.ErrorIs(w, err, loop.ErrBusy)
			require.True(w, w.Loop.RemoveReader(s.FD()), "and it is still there")
			w.echoes(yield, s)
		}},
	})
}

// TestStandsStill: where nothing ever comes, a limit is the only way out, and the
// wait costs nothing.
func TestStandsStill(t *testing.T) {
	limit := func(yield coro.Yield, body func(yield coro.Yield) error) error {
		_, err := task.Timeout(yield, time.Hour, func(yield coro.Yield) (any, error) { return nil, body(yield) })
		return err
	}
	tests := map[string]struct {
		server func(...string) *faulty.Server
		body   func(w *world, yield coro.Yield, address string) error
	}{
		"never_accepts": {faulty.NeverAccepts, func(w *world, yield coro.Yield, address string) error {
			_, err := sock.Connect(yield, address)
			return err
		}},
		"never_reads": {faulty.NeverReads, func(w *world, yield coro.Yield, address string) error {
			return sock.Send(yield, w.connect(yield, address), make([]byte, 32<<20))
		}},
		"never_writes_nor_closes": {faulty.Silent, func(w *world, yield coro.Yield, address string) error {
			_, err := sock.Read(yield, w.connect(yield, address))
			return err
		}},
	}
	for name, test := range tests {
		t.Run("N10_"+name, func(t *testing.T) {
			runRow(t, row{name: name, run: func(w *world, yield coro.Yield) {
				server := w.serve(test.server())
				err := limit(yield, func(yield coro.Yield) error { return test.body(w, yield, server.Addr()) })
				var timeout *task.TimeoutError
				require.ErrorAs(w, err, &timeout)
				require.Len(w, w.Slept, 1, "one sleep, to its end: no processor was used")
			}}, modes[0])
		})
	}
	t.Run("N11_a_peer_that_vanished_without_a_word", func(t *testing.T) {
		// The selector knows of nothing: not of data, nor of an end.
		r := looptest.New(t)
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		require.NoError(t, err)
		require.NoError(t, unix.SetNonblock(fds[0], true))
		s, err := sock.FromFD(r.Loop, fds[0])
		require.NoError(t, err)
		_, err = task.Run(r.Loop, func(yield coro.Yield) (any, error) {
			return nil, limit(yield, func(yield coro.Yield) error { _, err := sock.Read(yield, s); return err })
		})
		var timeout *task.TimeoutError
		require.ErrorAs(t, err, &timeout)
		require.Equal(t, time.Hour, r.Time)
		require.NoError(t, s.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = task.Run(r.Loop, func(yield coro.Yield) (any, error) { return sock.Read(yield, s) })
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, r.Close())
		require.NoError(t, unix.Close(fds[1]))
	})
}

// TestN09StoppedPeer: the peer is a process that is stopped in the middle of the
// conversation, and goes on later.
func TestN09StoppedPeer(t *testing.T) {
	peer := exec.Command(os.Args[0], "-test.run=^TestEchoChild$")
	peer.Env = append(os.Environ(), "STEPWISE_CHILD=1")
	out, err := peer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, peer.Start())
	defer peer.Wait()
	defer peer.Process.Kill()
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	runRow(t, row{name: "stopped", run: func(w *world, yield coro.Yield) {
		s := w.connect(yield, address[:len(address)-1])
		w.echoes(yield, s)
		require.NoError(w, peer.Process.Signal(syscall.SIGSTOP))
		var status syscall.WaitStatus
		_, err := syscall.Wait4(peer.Process.Pid, &status, syscall.WUNTRACED, nil)
		require.NoError(w, err)
		require.True(w, status.Stopped())
		w.send(yield, s, "are you there?")
		reader := w.Spawn(func(yield coro.Yield) error { w.reads(yield, s, "are you there?"); return nil })
		rounds := w.Loop.Rounds()
		require.NoError(w, task.Sleep(yield, time.Hour))
		require.False(w, reader.Done())
		require.LessOrEqual(w, w.Loop.Rounds()-rounds, uint64(5), "it waits idle")
		require.NoError(w, peer.Process.Signal(syscall.SIGCONT))
		w.fails(yield, reader, nil)
		w.echoes(yield, s)
	}}, modes[0])
}

// TestEchoChild is the peer; it ends when its client does.
func TestEchoChild(t *testing.T) {
	if os.Getenv("STEPWISE_CHILD") == "" {
		t.SkipNow() // TestN09StoppedPeer runs it
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, _ = io.WriteString(os.Stdout, ln.Addr().String()+"\n")
	conn, err := ln.Accept()
	require.NoError(t, err)
	_, _ = io.Copy(conn, conn)
}
