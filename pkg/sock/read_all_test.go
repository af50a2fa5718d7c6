package sock_test

import (
	"fmt"
	"strings"
	"testing"

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

func TestReadAll(t *testing.T) {
	rows := []row{
		{name: "Q02_a_byte_at_a_time", run: func(w *world, yield coro.Yield) {
			w.readsAll(yield, faulty.Drip("drop by drop", 0), "drop by drop")
		}},
		{name: "Q03_2_MiB", bulk: true, run: func(w *world, yield coro.Yield) {
			w.readsAll(yield, faulty.Big(2<<20), string(faulty.Pattern(2<<20)))
		}},
		{name: "Q04_a_reset_in_the_middle", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.ResetMidway("part")).Addr())
			data, err := sock.ReadAll(yield, s, 1000)
			require.ErrorIs(w, err, unix.ECONNRESET)
			assert.Equal(w, "part", string(data), "what came before")
		}},
		{name: "Q04_cancelled_in_the_middle", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "part")
			var data []byte
			t := w.Spawn(func(yield coro.Yield) (err error) {
				data, err = sock.ReadAll(yield, b, 1000)
				return err
			})
			w.Waits(yield, t)
			t.Cancel()
			w.fails(yield, t, future.ErrCanceled)
			assert.Equal(w, "part", string(data))
		}},
		{name: "Q05_one_more_than_the_limit", run: readsTooMuch(1001, 1000)},
		{name: "Q05_much_more_than_the_limit", run: readsTooMuch(1<<20, 5000)},
		{name: "Q05_limit_0", run: readsTooMuch(1, 0)},
		{name: "Q05_never_ending", calls: recvFills, run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			_, err := sock.ReadAll(yield, a, 1<<12)
			require.ErrorIs(w, err, sock.ErrTooLong)
		}},
		{name: "Q06_always_ready", calls: recvFills, run: readsFairly},
		{name: "Q07_NULs_and_no_UTF8", run: func(w *world, yield coro.Yield) {
			text := "\x00\x00a\xff\xfe\r\n\x1a\x80\x00"
			w.readsAll(yield, faulty.HalfClose(text), text)
		}},
		{name: "R06_negative_limit", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			_, err := sock.ReadAll(yield, a, -1)
			require.ErrorIs(w, err, sock.ErrLimit)
			w.send(yield, b, "not busy")
			w.reads(yield, a, "not busy")
		}},
		{name: "R06_a_huge_limit", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.HalfClose("small")).Addr())
			data, err := sock.ReadAll(yield, s, 1<<50)
			require.NoError(w, err)
			assert.Equal(w, "small", string(data))
			assert.Less(w, cap(data), 1<<16)
		}},
	}
	for _, n := range []int{0, 1, 4095, 4096, 4097} {
		rows = append(rows, row{name: fmt.Sprintf("Q01_%d_bytes", n), run: func(w *world, yield coro.Yield) {
			text := string(faulty.Pattern(n))
			w.readsAll(yield, faulty.HalfClose(text), text)
		}})
	}
	runRows(t, rows)
}

// readsAll wants all of text, with a limit that just allows it.
func (w *world) readsAll(yield coro.Yield, server *faulty.Server, text string) {
	s := w.connect(yield, w.serve(server).Addr())
	data, err := sock.ReadAll(yield, s, len(text))
	require.NoError(w, err)
	require.True(w, string(data) == text, "%d bytes, want %d", len(data), len(text))
	assert.LessOrEqual(w, cap(data), max(8192, 2*len(text)))
}

func readsTooMuch(size int64, most int) func(*world, coro.Yield) {
	return func(w *world, yield coro.Yield) {
		s := w.connect(yield, w.serve(faulty.Big(size)).Addr())
		data, err := sock.ReadAll(yield, s, most)
		require.ErrorIs(w, err, sock.ErrTooLong)
		require.True(w, isOpError(err, "read all"))
		require.Len(w, data, most)
		require.NoError(w, faulty.CheckPattern(data, 0))
	}
}

// recvFills is a peer who is always ready.
func recvFills(w *world, c *sys.Calls) {
	oneByte := w.mode.oneByte
	c.Recv = func(_ int, p []byte) (int, error) {
		if oneByte {
			p = p[:1]
		}
		return copy(p, strings.Repeat("x", len(p))), nil
	}
	// The real socket must be ready whenever the loop asks.
	w.spurious = true
}

// readsFairly wants others to have their turn all the time.
func readsFairly(w *world, yield coro.Yield) {
	a, _ := w.pair(yield)
	read := w.Spawn(func(yield coro.Yield) error {
		p := make([]byte, 1)
		for {
			if _, err := sock.ReadInto(yield, a, p); err != nil {
				return err
			}
			w.count["reads"]++
		}
	})
	for range 20 {
		before := w.count["reads"]
		require.NoError(w, task.Checkpoint(yield))
		assert.LessOrEqual(w, w.count["reads"]-before, 100, "reads between two turns of another")
	}
	assert.Greater(w, w.count["reads"], 100)
	read.Cancel()
	w.fails(yield, read, future.ErrCanceled)
}
