// Package child runs other programs so that none of them outlives this one.
//
// Give every program to Run, and never start one beside it:
//
//	err := child.Run(ctx, child.Program{Name: "go", Args: []string{"vet", "./..."}, Dir: dir})
//
// # Why a program gets a process group of its own
//
// A terminal sends Ctrl-C to everything in the foreground group. Jupyter
// answers it with a question, `go test` dies in the middle of a line, and this
// program no longer knows which programs still run. In a group of its own a program
// gets nothing from the terminal; Run tells the whole group to end, waits, and then
// kills the rest.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"stepwise/cmd/stepwise/internal/shell"
)

// grace is the time between SIGTERM and SIGKILL. Jupyter ends its kernels in that
// time; it needs about one second.
const grace = 8 * time.Second

// Program is what to run, where, and what to do with its output.
type Program struct {
	Name string
	Args []string
	Dir  string    // "" is the current folder
	Env  []string  // added to this program's environment; a later entry wins
	Out  io.Writer // gets both streams; nil keeps their end for the error

	Files      []*os.File                 // its descriptors from 3 on
	Attributes func(*syscall.SysProcAttr) // changes how it is started; nil for none
}

// String returns the command line as you would type it.
func (p Program) String() string { return shell.Line(append([]string{p.Name}, p.Args...)...) }

// Error says which program failed, how, and what it printed last.
type Error struct {
	Program Program
	Err     error  // an *exec.ExitError, or why it could not start
	Tail    string // the end of its output, if Program.Out was nil
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %v", e.Program, e.Err)
	if e.Tail != "" {
		text += "\n" + indent(e.Tail)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Run runs p to its end. It returns nil if p exited with 0, and otherwise an *Error.
// If ctx ends first, Run tells p and everything that p started to end, and then
// kills them; the error then wraps ctx's cause. When Run returns, nothing of p's
// group is alive.
func Run(ctx context.Context, p Program) error {
	kept := &tail{limit: 4000}
	out := p.Out
	if out == nil {
		out = kept
	}
	if err := run(ctx, p, out, out); err != nil {
		return &Error{Program: p, Err: err, Tail: kept.String()}
	}
	return nil
}

// Output runs p as Run does and returns its standard output.
func Output(ctx context.Context, p Program) (string, error) {
	var stdout strings.Builder
	kept := &tail{limit: 4000}
	if err := run(ctx, p, &stdout, kept); err != nil {
		return "", &Error{Program: p, Err: err, Tail: kept.String()}
	}
	return stdout.String(), nil
}

func run(ctx context.Context, p Program, stdout, stderr io.Writer) error {
	// The kernel sends the parent's-death signal when the *thread* that started p
	// ends. Without the lock, a thread that the runtime retires would end p.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	cmd := exec.CommandContext(ctx, p.Name, p.Args...)
	cmd.Dir = p.Dir
	cmd.Env = append(os.Environ(), p.Env...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.ExtraFiles = p.Files
	cmd.SysProcAttr = attributes()
	if p.Attributes != nil {
		p.Attributes(cmd.SysProcAttr)
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace

	if err := cmd.Start(); err != nil {
		return err
	}
	err := cmd.Wait()
	// A program may leave others behind in its group. ESRCH means that it left none.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		return fmt.Errorf("stopped: %w", cause)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil // it exited with 0; a grandchild held its output open and has been killed
	}
	return err
}

// tail keeps the last bytes written to it: nobody reads an error with the whole log
// of a build.
type tail struct {
	limit int
	kept  []byte // len(kept) <= limit after every Write
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.limit; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.kept)) }

func indent(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}
