package main

// Processes on processors of their own, and their CPU time.

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// usable returns the processors that this process may run on.
func usable() (cores []int, err error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, err
	}
	for core := 0; len(cores) < set.Count(); core++ {
		if set.IsSet(core) {
			cores = append(cores, core)
		}
	}
	return cores, nil
}

// startOn starts cmd on cores alone. The kernel hands a thread's processors on to what the
// thread starts, so the child has them before its first instruction.
func startOn(cores []int, cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, set unix.CPUSet
	for _, core := range cores {
		set.Set(core)
	}
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return err
	}
	defer func() { _ = unix.SchedSetaffinity(0, &before) }()
	return cmd.Start()
}

// command prepares argv for cores: Go's programs get as many threads for Go code as cores.
func command(ctx context.Context, argv []string, cores []int) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(len(cores)))
	cmd.WaitDelay = time.Second
	said := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = said, said
	return cmd, said
}

// runOn runs argv on cores to its end and returns what it printed.
func runOn(ctx context.Context, cores []int, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd, said := command(ctx, argv, cores)
	if err := startOn(cores, cmd); err != nil {
		return "", err
	}
	if err := cmd.Wait(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", filepath.Base(argv[0]), cmp.Or(ctx.Err(), err), tail(said.Bytes()))
	}
	return said.String(), nil
}

// pairs reads the last line of a program's output, key=value with numbers. Without wanted it
// is an error: a 0 in its place would beat all others.
func pairs(out, wanted string) (map[string]float64, error) {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	last := lines[len(lines)-1]
	values := make(map[string]float64)
	for _, word := range strings.Fields(last) {
		key, value, _ := strings.Cut(word, "=")
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) { // JSON has no words for these two
			return nil, fmt.Errorf("the last line of its output is not key=value with numbers: %q", last)
		}
		values[key] = x
	}
	if _, ok := values[wanted]; !ok {
		return nil, fmt.Errorf("the last line of its output has no %s: %q", wanted, last)
	}
	return values, nil
}

// server is a process that listens on a port of the loopback.
type server struct {
	pid, port int
	ended     chan struct{} // closed once the process is over
	kill      func()
}

// serveOn starts argv on cores and returns once it accepts connections on port.
func serveOn(ctx context.Context, cores []int, argv []string, port int) (*server, error) {
	ctx, kill := context.WithCancel(ctx)
	cmd, said := command(ctx, argv, cores)
	if err := startOn(cores, cmd); err != nil {
		kill()
		return nil, err
	}
	s := &server{cmd.Process.Pid, port, make(chan struct{}), kill}
	go func() {
		defer close(s.ended)
		_ = cmd.Wait() // it is killed in the end, or has said why not
	}()
	for range 2000 {
		conn, err := net.Dial("tcp", s.address())
		if err == nil {
			return s, conn.Close()
		}
		select {
		case <-s.ended:
			kill()
			return nil, fmt.Errorf("%s ended before it served: %s", filepath.Base(argv[0]), tail(said.Bytes()))
		case <-time.After(10 * time.Millisecond):
		}
	}
	s.close()
	return nil, fmt.Errorf("%s: nobody listens on %s after 20 seconds", filepath.Base(argv[0]), s.address())
}

func (s *server) address() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

// close kills the server and waits for its end.
func (s *server) close() {
	s.kill()
	<-s.ended
}

// cpu is the CPU time of all of the server's threads, from clock_getcpuclockid(3).
func (s *server) cpu() (time.Duration, error) {
	const perProcess = 2 // the scheduler's count, in nanoseconds
	var t unix.Timespec
	err := unix.ClockGettime(int32(^s.pid<<3|perProcess), &t)
	return time.Duration(t.Nano()), err
}

// freePort returns a port that is free now. The peers can't choose one themselves, so it is
// below those that a kernel hands out: another program that asks the kernel for a port at
// the same time could otherwise get it before the peer, and be measured in its place.
func freePort() (port int, err error) {
	const first, ports, tries = 20_000, 10_000, 100
	for range tries {
		port = first + rand.IntN(ports)
		listener, failed := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if failed == nil {
			return port, listener.Close()
		}
		err = failed
	}
	return 0, err
}

// allowFiles lets this process and its children open as many files as the system allows.
func allowFiles() (files int, err error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	limit.Cur = limit.Max
	return int(min(limit.Max, 1<<30)), unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}

// fill replaces the words in capitals in a command, and the name of its program.
func fill(command string, program []string, words map[string]string) []string {
	var pairs []string
	for name, value := range words {
		pairs = append(pairs, name, value)
	}
	filled := strings.NewReplacer(pairs...) // in one pass: a value may look like a name
	argv := slices.Clone(program)
	for _, word := range strings.Fields(command)[1:] {
		argv = append(argv, filled.Replace(word))
	}
	return argv
}
