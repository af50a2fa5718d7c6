package zmtp

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const waits, tick = time.Minute, time.Millisecond

// TestSilentConnections: connections that say nothing, or stop within a handshake,
// keep nobody out.
func TestSilentConnections(t *testing.T) {
	for name, first := range map[string][]byte{"from the start": nil, "after the greeting": greeting(), "within the greeting": greeting()[:11]} {
		t.Run(name, func(t *testing.T) {
			s, log := router(t, loopback(t), DefaultLimits())
			for range 200 {
				dial(t, s.Addr()).write(first)
			}
			honest := join(t, s.Addr(), "DEALER", "")
			assert.Equal(t, []string{"key"}, honest.send("key").message())
			halfOpen, peers := s.counts()
			assert.LessOrEqual(t, halfOpen, 64)
			assert.Equal(t, 1, peers)
			require.NoError(t, s.Close())
			assert.Contains(t, strings.Join(log.all(), "\n"), "newer connections needed its place", "the oldest is closed at once")
		})
	}
}

// TestFull: where there are too many peers, one that has done nothing makes room,
// and one that has is never in danger.
func TestFull(t *testing.T) {
	limits := small()
	limits.Peers = 3
	full := func(s *Router, n int) {
		t.Helper()
		require.Eventually(t, func() bool { _, peers := s.counts(); return peers == n }, waits, tick)
	}
	s, log := router(t, loopback(t), limits)
	friend := join(t, s.Addr(), "DEALER", "").send("key")
	friend.message()
	old := join(t, s.Addr(), "DEALER", "old")
	full(s, 2)
	idle := join(t, s.Addr(), "DEALER", "idle")
	full(s, 3)
	next := join(t, s.Addr(), "DEALER", "").send("key")
	next.message()
	idle.gone()
	assert.Equal(t, []string{"key", "old"}, old.send("key", "old").message(), "the newest idle one had to go, not this")
	late := join(t, s.Addr(), "DEALER", "")
	late.gone()
	assert.Equal(t, []string{"key", "friend"}, friend.send("key", "friend").message())
	require.NoError(t, s.Close())
	assert.Contains(t, strings.Join(log.all(), "\n"), "needed its place")
}

// TestFullOfReaders: a subscriber, and a heart that beats, make room for nobody.
func TestFullOfReaders(t *testing.T) {
	limits := small()
	limits.Peers = 1
	p, _ := pub(t, loopback(t), limits)
	e := echo(t, loopback(t), limits)
	reader := subscribe(t, p, join(t, p.Addr(), "SUB", ""), "")
	heart := join(t, e.Addr(), "REQ", "").send("", "one")
	heart.message()
	join(t, p.Addr(), "SUB", "").gone()
	join(t, e.Addr(), "DEALER", "").gone()
	require.NoError(t, p.Send(bytesOf("still here")))
	assert.Equal(t, []string{"still here"}, reader.message())
	assert.Equal(t, []string{"", "two"}, heart.send("", "two").message())
}

// TestWithin: where descriptors are few, connections get their part of them.
func TestWithin(t *testing.T) {
	cases := []struct{ descriptors, halfOpen, peers int }{
		{1 << 20, 64, 256}, {320, 64, 256}, {100, 20, 80}, {5, 1, 4}, {0, 1, 1},
	}
	for _, c := range cases {
		got := DefaultLimits().Within(c.descriptors)
		assert.Equal(t, []int{c.halfOpen, c.peers}, []int{got.HalfOpen, got.Peers}, "of %d descriptors", c.descriptors)
	}
}

// A broken listener fails a number of times, and counts.
type broken struct {
	*room
	fails, calls atomic.Int64
}

func (b *broken) Accept() (net.Conn, error) {
	b.calls.Add(1)
	if b.fails.Add(-1) >= 0 {
		return nil, syscall.EMFILE
	}
	return b.room.Accept()
}

// TestAcceptPauses: a listener that fails is tried again, less and less often, and
// from the beginning after a success.
func TestAcceptPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &broken{room: newRoom()}
		network.fails.Store(1_000_000)
		s, log := router(t, network, small())
		time.Sleep(time.Minute)
		assert.LessOrEqual(t, network.calls.Load(), int64(70), "tries in a minute")
		assert.LessOrEqual(t, len(log.all()), 2*linesPerMinute)
		assert.Contains(t, log.all()[0], "too many open files")
		network.fails.Store(0)
		c := network.dial(t).shake("DEALER", "").send("key")
		assert.Equal(t, []string{"key"}, c.message())
		synctest.Wait()
		before := network.calls.Load()
		network.fails.Store(3)
		network.dial(t)
		began := time.Now()
		network.dial(t)
		assert.Equal(t, 35*time.Millisecond, time.Since(began))
		synctest.Wait()
		assert.Equal(t, before+5, network.calls.Load(), "three that fail, one that doesn't, and one that waits")
		require.NoError(t, s.Close())
	})
}

// counted counts what a listener is asked for.
type counted struct {
	net.Listener
	calls atomic.Int64
}

func (c *counted) Accept() (net.Conn, error) {
	c.calls.Add(1)
	return c.Listener.Accept()
}

// TestNoDescriptors runs in a process of its own, whose descriptors are used up: a
// connection that waits costs a few tries, and is served when there is one again.
func TestNoDescriptors(t *testing.T) {
	const inside = "ZMTP_TEST_NO_DESCRIPTORS"
	if os.Getenv(inside) == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestNoDescriptors$", "-test.v")
		command.Env = append(os.Environ(), inside+"=1")
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestNoDescriptors")
		return
	}
	listener := &counted{Listener: loopback(t)}
	s, log := router(t, listener, small())
	waiting, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	require.NoError(t, err)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	limit.Cur = 64
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	var used []*os.File
	for {
		file, err := os.Open(os.DevNull)
		if err != nil {
			require.ErrorIs(t, err, syscall.EMFILE)
			break
		}
		used = append(used, file)
	}
	port := s.Addr().(*net.TCPAddr).Port
	require.NoError(t, syscall.Connect(waiting, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
	require.Eventually(t, func() bool { return len(log.all()) >= 4 }, waits, tick)
	assert.LessOrEqual(t, listener.calls.Load(), int64(len(log.all())+1), "each try but the last said something, and then paused")
	for i, line := range log.all()[:4] {
		assert.Contains(t, line, fmt.Sprintf("too many open files; the next try is in %v", firstPause<<i))
	}
	for _, file := range used {
		file.Close()
	}
	honest := join(t, s.Addr(), "DEALER", "").send("key")
	assert.Equal(t, []string{"key"}, honest.message())
}

// TestUnixSockets: the file is its owner's alone; one that was left behind is
// replaced, and nothing else is.
func TestUnixSockets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1")
	listener, err := Listen("unix", path)
	require.NoError(t, err)
	s, _ := router(t, listener, small())
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assert.Equal(t, []string{"key"}, join(t, s.Addr(), "DEALER", "").send("key").message())

	_, err = Listen("unix", path)
	assert.ErrorIs(t, err, syscall.EADDRINUSE, "somebody listens")
	require.NoError(t, s.Close())
	assert.FileExists(t, path, "Close leaves the path alone")
	next, err := Listen("unix", path)
	require.NoError(t, err, "nobody listens any more")
	require.NoError(t, next.Close())

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, []byte("text"), 0o600))
	_, err = Listen("unix", file)
	assert.ErrorContains(t, err, "is no socket")
	assert.FileExists(t, file)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(path, link))
	_, err = Listen("unix", link)
	assert.ErrorContains(t, err, "is no socket")
}

// TestQuiet: a minute has so many lines, and the next one says how many are missing.
func TestQuiet(t *testing.T) {
	log := new(book)
	now := time.Unix(0, 0)
	q := &quiet{print: log.printf, now: func() time.Time { return now }}
	for i := range 100 {
		q.printf("line %d", i)
	}
	assert.Len(t, log.all(), linesPerMinute)
	now = now.Add(time.Minute + 1)
	q.printf("next %q", "\x1b")
	q.printf("last")
	assert.Equal(t, []string{"80 lines like the next are left out", `next "\x1b"`, "last"}, log.all()[linesPerMinute:])
}
