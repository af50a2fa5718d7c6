// check.go: the checks of `stepwise doctor`. A check looks and never installs. The
// kernel's check is an exception: it builds the kernel, since that is the only way to
// know that it builds. Read course.go and step.go first.

package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"

	"stepwise/cmd/stepwise/internal/child"
)

// DefaultPort is where Jupyter listens by default.
const DefaultPort = 8888

// Check checks one thing that the course needs.
type Check struct {
	Name string
	Look func(ctx context.Context) (string, error)
	Mend string // one line that fixes it
	Soft bool   // the course works without it
	// Needs names an earlier check. If that one fails, this one is not made: it would
	// blame the wrong thing.
	Needs string
}

// Checks lists everything that the course needs, in the order in which to fix it.
func (c Course) Checks() []Check {
	return []Check{
		{Name: "system", Look: lookAtSystem, Mend: "use Linux, macOS, a BSD, or WSL on Windows"},
		{Name: "Go", Look: c.lookAtGo, Mend: "install " + c.wantedGo() + " from https://go.dev/dl, and put its folder bin on PATH"},
		{Name: "modules", Look: c.lookAtModules, Mend: "go mod download", Needs: "Go"},
		{Name: "kernel", Look: c.lookAtKernel, Mend: "go mod download && go run ./cmd/stepwise doctor", Needs: "modules"},
		{Name: "Jupyter", Look: c.lookAtJupyter, Mend: jupyterByHand()},
		{Name: "C compiler", Look: c.findCompiler, Mend: compilerByHand(), Needs: "Go"},
		{Name: "port", Look: lookAtPort, Mend: fmt.Sprintf("go run ./cmd/stepwise lab --port %d", DefaultPort+1), Soft: true},
	}
}

func compilerByHand() string {
	if runtime.GOOS == "darwin" {
		return "xcode-select --install"
	}
	return aptByHand("gcc", "libc6-dev")
}

func lookAtSystem(context.Context) (string, error) {
	machine := runtime.GOOS + "/" + runtime.GOARCH
	switch runtime.GOOS {
	case "linux":
		return machine + ", selector: epoll", nil
	case "darwin", "freebsd", "netbsd", "openbsd", "dragonfly":
		return machine + ", selector: kqueue (our tests compile it but don't run it)", nil
	}
	return "", fmt.Errorf("%s: %w", machine, errors.ErrUnsupported)
}

func (c Course) lookAtGo(ctx context.Context) (string, error) {
	version, err := child.Output(ctx, child.Program{Name: "go", Args: []string{"env", "GOVERSION"}, Dir: c.Dir})
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("there is no go command on PATH")
	}
	if err != nil {
		return "", fmt.Errorf("asking go for its version: %w", err)
	}
	return strings.TrimSpace(version), nil
}

var goLine = regexp.MustCompile(`(?m)^(?:toolchain go|go )(\d\S*)$`)

// wantedGo returns the Go that go.mod names: its toolchain if there is one.
func (c Course) wantedGo() string {
	text, err := os.ReadFile(filepath.Join(c.Dir, "go.mod"))
	found := goLine.FindAllStringSubmatch(string(text), -1)
	if err != nil || len(found) == 0 {
		return "the Go that go.mod names"
	}
	return "Go " + found[len(found)-1][1]
}

func (c Course) lookAtModules(ctx context.Context) (string, error) {
	if err := c.haveModules(ctx); err != nil {
		return "", fmt.Errorf("the module cache lacks some of the modules in go.sum")
	}
	return "all in the module cache", nil
}

func (c Course) lookAtKernel(ctx context.Context) (string, error) {
	found, err := c.Kernel().Ready(ctx, func(string) {})
	if err != nil {
		return "", err
	}
	return found + ", kernelspec written", nil
}

func (c Course) lookAtJupyter(ctx context.Context) (string, error) {
	j := c.Jupyter()
	if err := j.Find(ctx); err != nil {
		return "", err
	}
	return j.String(), nil
}

func lookAtPort(context.Context) (string, error) {
	if err := PortFree(DefaultPort); err != nil {
		if ownJupyter(DefaultPort) {
			return fmt.Sprintf("%d is that of your Jupyter, which runs", DefaultPort), nil
		}
		return "", fmt.Errorf("%w: lab takes the next free one", err)
	}
	return fmt.Sprintf("%d is free", DefaultPort), nil
}

// ownJupyter reports whether a Jupyter of this user has noted that it listens on the port.
func ownJupyter(port int) bool {
	dir := os.Getenv("JUPYTER_RUNTIME_DIR")
	if home, err := os.UserHomeDir(); dir == "" && err == nil {
		dir = filepath.Join(home, ".local", "share", "jupyter", "runtime")
	}
	notes, _ := filepath.Glob(filepath.Join(dir, "*server-*.json")) // jpserver, nbserver
	for _, name := range notes {
		var server struct{ Port, Pid int }
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &server) == nil && server.Port == port && syscall.Kill(server.Pid, 0) == nil {
			return true
		}
	}
	return false
}

// PortFree returns nil if a server can listen on the port of the loopback
// address. Another program may take it a moment later.
func PortFree(port int) error {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	return l.Close()
}
