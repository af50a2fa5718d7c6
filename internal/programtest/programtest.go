// Package programtest runs a program's main in a process of its own, so that a test can
// talk to it as its users do. The process is the test's own binary: it is built as the test
// is, with or without the race detector, and counts what main leaves behind.
//
//	func TestMain(m *testing.M) { programtest.Main(m, main) }
//
//	func TestCtrlC(t *testing.T) {
//		p := programtest.Start(t, "-listen", "127.0.0.1:0")
//		conn, err := net.Dial("tcp", p.Address())
//		…
//		p.Interrupt()
//		p.Ends(0)
//	}
package programtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

const arguments = "STEPWISE_PROGRAM_ARGUMENTS"

// leaked is the status of a program that has left something behind.
const leaked = 70

// Main runs the package's tests, or, in the process that Start has made, program.
func Main(m *testing.M, program func()) {
	text, isProgram := os.LookupEnv(arguments)
	if !isProgram {
		os.Exit(m.Run())
	}
	var args []string
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		panic(err)
	}
	os.Args = append([]string{filepath.Base(os.Args[0])}, args...)
	flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	interrupts := make(chan os.Signal, 1) // package signal starts a goroutine at first, which never ends
	signal.Notify(interrupts, syscall.SIGUSR1)
	signal.Stop(interrupts)
	before := leaktest.Begin(fatal{})
	program()
	before.End()
	os.Exit(0)
}

// fatal is a test in a process that has none.
type fatal struct{ testing.TB }

func (fatal) Helper() {}

func (f fatal) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprint(args...)) }

func (fatal) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "left behind: "+format+"\n", args...)
	os.Exit(leaked)
}

// Program is a program that runs.
type Program struct {
	testing.TB
	command *exec.Cmd
	mu      sync.Mutex
	output  bytes.Buffer
	ended   chan struct{}
}

// Start starts the program; it ends with the test at the latest.
func Start(t testing.TB, args ...string) *Program {
	text, err := json.Marshal(args)
	require.NoError(t, err)
	p := &Program{TB: t, command: exec.Command(os.Args[0]), ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), arguments+"="+string(text))
	p.command.Stdout, p.command.Stderr = p, p
	require.NoError(t, p.command.Start())
	go func() {
		_ = p.command.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("the program's output:\n%s", p.Printed())
		}
	})
	return p
}

// Write takes the program's output.
func (p *Program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.Write(b)
}

// Printed is what the program has printed until now, on both streams.
func (p *Program) Printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// Prints waits for the program to print what pattern describes, and returns its groups.
func (p *Program) Prints(pattern string) []string {
	p.Helper()
	re := regexp.MustCompile(pattern)
	leaktest.Until(p, "output: "+pattern, func() bool {
		select {
		case <-p.ended:
			require.Regexp(p, re, p.Printed(), "it has ended")
		default:
		}
		return re.MatchString(p.Printed())
	})
	return re.FindStringSubmatch(p.Printed())
}

// Address is where the program listens, as it has printed.
func (p *Program) Address() string {
	p.Helper()
	return p.Prints(`listening on ([^\s,]+)[,\n]`)[1]
}

// Files is how many descriptors the program has open; 0 where the system doesn't say.
func (p *Program) Files() int {
	names, _ := os.ReadDir("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/fd")
	return len(names)
}

// Interrupt is Ctrl-C.
func (p *Program) Interrupt() { require.NoError(p, p.command.Process.Signal(os.Interrupt)) }

// Ends waits for the program's end, and wants that status of it. A program that ends with
// 0 has left no goroutine and no descriptor behind.
func (p *Program) Ends(status int) {
	p.Helper()
	select {
	case <-p.ended:
		require.Equal(p, status, p.command.ProcessState.ExitCode(), "the program's status")
	case <-time.After(leaktest.Patience):
		require.Fail(p, "the program doesn't end")
	}
}
