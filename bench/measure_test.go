package main

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/bench/internal/meter"
)

func TestPairs(t *testing.T) {
	got, err := pairs("some words\nconns=64 rate=1.5e5 cpu_us=6.35\n\n", "rate")
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"conns": 64, "rate": 1.5e5, "cpu_us": 6.35}, got)
	for name, out := range map[string]string{
		"words": "conns=64\nno figures here", "a key alone": "conns=64 cpu_us=", "no key": "64",
		"no number": "cpu_us=nan", "no end": "cpu_us=inf",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pairs(out, "cpu_us")
			assert.ErrorContains(t, err, "not key=value with numbers")
		})
	}
	for _, out := range []string{"", "cpu_us=1\nconns=64"} {
		_, err := pairs(out, "cpu_us")
		assert.ErrorContains(t, err, "has no cpu_us")
	}
}

func TestRatesOfLoadsAtOnceAreAddedUp(t *testing.T) {
	started := make(chan int, 3)
	all := make(chan struct{})
	sum, err := together(3, func(i int) (float64, error) {
		started <- i
		if len(started) == cap(started) {
			close(all)
		}
		<-all // none ends before all have begun
		return []float64{1, 20, 300}[i], nil
	})
	require.NoError(t, err)
	assert.Equal(t, 321.0, sum)
	_, err = together(2, func(i int) (float64, error) { return 1, []error{nil, io.ErrUnexpectedEOF}[i] })
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// TestWindow has clocks that have run before, and a load that moves each of them.
func TestWindow(t *testing.T) {
	var cost, wall time.Duration
	failing := -1 // how many readings of the first clock succeed
	cpu := func() (time.Duration, error) {
		if failing--; failing == -1 {
			return 0, io.ErrUnexpectedEOF
		}
		return cost, nil
	}
	now := func() time.Time { return time.Unix(100, 0).Add(wall) }
	load := func() error { cost, wall = cost+2*time.Second, wall+5*time.Second; return nil }
	for range 2 {
		used, took, err := window(cpu, now, load)
		require.NoError(t, err)
		assert.Equal(t, []time.Duration{2 * time.Second, 5 * time.Second}, []time.Duration{used, took})
	}
	_, _, err := window(cpu, now, func() error { return io.ErrUnexpectedEOF })
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "of the load")
	for failing = range 2 {
		_, _, err := window(cpu, now, load)
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "of the clock")
	}
}

func TestRequestsOfWrk(t *testing.T) {
	const good = "Running 1s test @ http://127.0.0.1:80/small\n  62836 requests in 2.01s, 75.75MB read\nRequests/sec:  31309.64\n"
	n, err := requests(good)
	require.NoError(t, err)
	assert.Equal(t, 62836.0, n)
	for _, c := range []struct{ name, out, want string }{
		{"errors", good + "  Socket errors: connect 0, read 3, write 0, timeout 0\n", "Socket errors: connect 0, read 3"},
		{"refusals", good + "  Non-2xx or 3xx responses: 4\n", "Non-2xx"},
		{"none", "  0 requests in 1.00s, 0.00B read\n", "no requests"},
		{"something else", "unable to connect\n", "no requests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := requests(c.out)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestFill(t *testing.T) {
	words := map[string]string{"PORT": "80", "FILES": "/a folder/PORT/SCRATCH", "SCRATCH": "/tmp"}
	program := append(make([]string, 0, 9), "/bin/x")
	assert.Equal(t, []string{"/bin/x", "--addr", "127.0.0.1:80", "/a folder/PORT/SCRATCH", "/tmp", "plain"},
		fill("x --addr 127.0.0.1:PORT FILES SCRATCH plain", program, words))
	assert.Empty(t, program[:2][1], "the program's words are used again")
}

func TestFewFilesLeaveOutManyConnections(t *testing.T) {
	b := &bench{files: 1024}
	assert.NoError(t, b.needs(924))
	assert.ErrorAs(t, b.needs(925), new(*missing))
	_, err := growthAt(many)(b, "")
	assert.ErrorContains(t, err, "only 1024 files")
}

// TestPortsAreNotThoseThatTheKernelHandsOut: a stranger who asks for one can't get a peer's.
func TestPortsAreNotThoseThatTheKernelHandsOut(t *testing.T) {
	limits, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	require.NoError(t, err)
	lowest, err := strconv.Atoi(strings.Fields(string(limits))[0])
	require.NoError(t, err)
	if lowest < 30_000 {
		t.Skip("NOT TESTED: the kernel hands out lower ports here")
	}
	ports := make(map[int]bool)
	for range 50 {
		port, err := freePort()
		require.NoError(t, err)
		assert.Less(t, port, lowest)
		ports[port] = true
	}
	assert.Greater(t, len(ports), 25, "two benches at once rarely choose the same")
}

func TestAProcessRunsOnItsCoresAlone(t *testing.T) {
	before, err := usable()
	require.NoError(t, err)
	last := before[len(before)-1]
	out, err := runOn(t.Context(), []int{last}, []string{"grep", "Cpus_allowed_list", "/proc/self/status"})
	require.NoError(t, err)
	assert.Equal(t, []string{"Cpus_allowed_list:", strconv.Itoa(last)}, strings.Fields(out))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	after, err := usable()
	require.NoError(t, err)
	assert.Equal(t, before, after, "we still run on all")
}

// TestCPUTime reads that of another process as it reads its own.
func TestCPUTime(t *testing.T) {
	self := &server{pid: os.Getpid()}
	before := meter.CPU()
	got, err := self.cpu()
	require.NoError(t, err)
	assert.LessOrEqual(t, before, got)
	assert.LessOrEqual(t, got, meter.CPU())
	_, err = (&server{pid: 1<<22 + 1}).cpu()
	assert.Error(t, err, "nobody has this number")
}

func TestAServerThatEndsSaysWhy(t *testing.T) {
	_, err := serveOn(t.Context(), []int{0}, []string{"sh", "-c", "echo the port is taken >&2; exit 3"}, 1)
	assert.EqualError(t, err, "sh ended before it served: the port is taken")
}

func TestARunThatFailsSaysWhy(t *testing.T) {
	_, err := runOn(t.Context(), []int{0}, []string{"sh", "-c", "echo one; echo two; echo three; echo four; exit 3"})
	assert.EqualError(t, err, "sh: exit status 3: two; three; four")
}
