//go:build load

package main

// Load tests of the servers: a thousand clients at once, for the time of -load.
//
//	go test -tags load -run TestLoad -v ./cmd/stepwise -load 30s

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

var (
	load      = flag.Duration("load", 5*time.Second, "how long each load lasts")
	loadLoops = flag.String("load-loops", "1", "how many loops the server has")
)

const clients = 1000

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int{"1K": 1 << 10, "200K": 200 << 10} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), faulty.Pattern(size), 0o644))
	}
	t.Run("http 1 KB", func(t *testing.T) { bears(t, wrk("/1K"), "http", "--dir", dir) })
	t.Run("http 200 KB", func(t *testing.T) { bears(t, wrk("/200K"), "http", "--dir", dir) })
	t.Run("echo 64 B", func(t *testing.T) { bears(t, pingPong, "echo") })
}

// bears puts a server under load twice and compares: the second load must not make it
// allocate more than the first.
func bears(t *testing.T, clients func(s *server, d time.Duration) float64, args ...string) {
	s := startServer(t, append(args, "--addr", "127.0.0.1:0", "--loops", *loadLoops)...)
	files, fresh := s.files(), s.memory("VmRSS")
	clients(s, max(*load/5, 2*time.Second))
	s.settles(files)
	warm := s.memory("VmHWM")
	rate := clients(s, *load)
	s.settles(files)
	most := s.memory("VmHWM")
	t.Logf("%.0f a second; memory: %d KB before, at most %d KB in the first load, %d KB in the second; %d descriptors before and after",
		rate, fresh, warm, most, files)
	assert.LessOrEqual(t, most, warm+warm/4+8<<10, "memory is flat")
	s.signal(syscall.SIGTERM)
	s.exits0()
	assert.Empty(t, s.stderr.String())
}

func (s *server) files() int {
	names, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.Process.Pid))
	require.NoError(s, err)
	return len(names)
}

// settles waits until the server has noticed that its clients are gone.
func (s *server) settles(files int) {
	require.Eventually(s, func() bool { return s.files() == files }, time.Minute, 20*time.Millisecond, "descriptors are back")
}

// memory returns the value of a line of /proc/PID/status, in KB.
func (s *server) memory(which string) int {
	for line := range strings.Lines(read(s.T, fmt.Sprintf("/proc/%d/status", s.Process.Pid))) {
		if rest, ok := strings.CutPrefix(line, which+":"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			require.NoError(s, err)
			return n
		}
	}
	require.Fail(s, "no "+which)
	return 0
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	troubles  = regexp.MustCompile(`(?m)^.*(Socket errors|Non-2xx).*$`)
)

// wrk gets path, over kept connections.
func wrk(path string) func(s *server, d time.Duration) float64 {
	return func(s *server, d time.Duration) float64 {
		out, err := exec.Command("wrk", "-t", "2", "-c", strconv.Itoa(clients), "-d", fmt.Sprintf("%.0fs", d.Seconds()),
			"--timeout", "60s", "http://"+s.addr+path).CombinedOutput()
		require.NoError(s, err, "%s", out)
		assert.Empty(s, troubles.FindAllString(string(out), -1))
		rate := perSecond.FindSubmatch(out)
		require.NotNil(s, rate, "%s", out)
		n, err := strconv.ParseFloat(string(rate[1]), 64)
		require.NoError(s, err)
		return n
	}
}

// pingPong has our own tasks send data and compare the answers, each on a connection
// of its own.
func pingPong(s *server, d time.Duration) float64 {
	l, err := loop.New(loop.Options{})
	require.NoError(s, err)
	defer l.Close()
	answers := 0
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for i := range clients {
				g.Spawn(func(yield coro.Yield) (any, error) {
					message := faulty.Pattern(64 + i)[i:]
					n, err := converse(yield, l, s.addr, message, l.Now()+d)
					answers += n
					return nil, err
				})
			}
			return nil
		})
	})
	require.NoError(s, err)
	return float64(answers) / d.Seconds()
}

func converse(yield coro.Yield, l *loop.Loop, addr string, message []byte, until time.Duration) (n int, err error) {
	c, err := sock.Connect(yield, addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	got := make([]byte, len(message))
	for ; l.Now() < until; n++ {
		if err := sock.Send(yield, c, message); err != nil {
			return n, err
		}
		for have := 0; have < len(got); {
			k, err := sock.ReadInto(yield, c, got[have:])
			if have += k; err != nil {
				return n, err
			}
		}
		if !bytes.Equal(message, got) {
			return n, fmt.Errorf("sent %x, got %x", message, got)
		}
	}
	return n, nil
}
