// check.go: what `stepwise doctor` looks at. A check looks and never installs;
// the kernel's is the exception, for whether it builds is only found by
// building it. Read course.go and step.go first.

package setup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
)

// DefaultPort is where Jupyter listens unless told otherwise.
const DefaultPort = 8888

// Check looks at one thing that the course needs.
type Check struct {
	Name string
	Look func(ctx context.Context) (string, error)
	Mend string // the one line that mends it
	Soft bool   // the course works without it
}

// Checks lists all that the course needs, in the order in which to mend it.
func (c Course) Checks() []Check {
	return []Check{
		{Name: "system", Look: lookAtSystem, Mend: "use Linux, macOS, a BSD, or WSL on Windows"},
		{Name: "Go", Look: c.lookAtGo, Mend: "install the Go that go.mod names, and put it on PATH"},
		{Name: "modules", Look: c.lookAtModules, Mend: "go mod download"},
		{Name: "kernel", Look: c.lookAtKernel, Mend: "go mod download && go run ./cmd/stepwise doctor"},
		{Name: "Jupyter", Look: c.lookAtJupyter, Mend: jupyterByHand()},
		{Name: "C compiler", Look: c.findCompiler, Mend: compilerByHand()},
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
		return machine + ", selector: kqueue (compiled by our tests, not run by them)", nil
	}
	return "", fmt.Errorf("%s: %w", machine, errors.ErrUnsupported)
}

func (c Course) lookAtGo(ctx context.Context) (string, error) {
	version, err := child.Output(ctx, child.Program{Name: "go", Args: []string{"env", "GOVERSION"}, Dir: c.Dir})
	if err != nil {
		return "", fmt.Errorf("asking go for its version: %w", err)
	}
	return strings.TrimSpace(version), nil
}

func (c Course) lookAtModules(ctx context.Context) (string, error) {
	if err := c.haveModules(ctx); err != nil {
		return "", fmt.Errorf("not all that go.sum lists is in the module cache")
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
		return "", fmt.Errorf("%w: lab takes the next free one", err)
	}
	return fmt.Sprintf("%d is free", DefaultPort), nil
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
