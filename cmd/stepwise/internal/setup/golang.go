// golang.go: what the course needs of Go itself: its modules, and a C compiler for the
// race detector. Read course.go first.

package setup

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
)

// ErrNoCompiler says that the race detector can't be used on this machine.
var ErrNoCompiler = errors.New("the race detector needs a C compiler and CGO_ENABLED=1")

// Modules downloads what go.sum lists and the module cache lacks.
func (c Course) Modules() Step {
	return Step{Name: "modules", Ready: func(ctx context.Context, say func(string)) (string, error) {
		if c.haveModules(ctx) == nil {
			return "all there", nil
		}
		say("downloading")
		err := child.Run(ctx, child.Program{Name: "go", Args: []string{"mod", "download"}, Dir: c.Dir})
		if err != nil {
			return "", fmt.Errorf("downloading the modules of go.mod: %w", err)
		}
		return "downloaded", nil
	}}
}

// haveModules returns an error if a module is missing from the cache. It uses no
// network: with the proxy off, the go command looks only in the cache.
func (c Course) haveModules(ctx context.Context) error {
	return child.Run(ctx, child.Program{
		Name: "go", Args: []string{"mod", "download"}, Dir: c.Dir, Env: []string{"GOPROXY=off"}})
}

// Compiler makes sure that there is a C compiler, for `go test -race`.
func (c Course) Compiler() Step {
	return Step{Name: "C compiler", Ready: func(ctx context.Context, say func(string)) (string, error) {
		found, err := c.findCompiler(ctx)
		if err == nil {
			return found, nil
		}
		if aptErr := apt(ctx, say, "gcc", "libc6-dev"); aptErr != nil {
			return "", fmt.Errorf("%w; %w", err, aptErr)
		}
		return c.findCompiler(ctx)
	}}
}

func (c Course) findCompiler(ctx context.Context) (string, error) {
	text, err := child.Output(ctx, child.Program{Name: "go", Args: []string{"env", "CC"}, Dir: c.Dir})
	if err != nil {
		return "", fmt.Errorf("asking go for its C compiler: %w", err)
	}
	command := strings.Fields(text)
	if len(command) == 0 {
		return "", ErrNoCompiler
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoCompiler, err)
	}
	// The go command turns cgo off if it finds no compiler, so ask only now.
	enabled, err := child.Output(ctx, child.Program{Name: "go", Args: []string{"env", "CGO_ENABLED"}, Dir: c.Dir})
	if err != nil || strings.TrimSpace(enabled) != "1" {
		return "", fmt.Errorf("%w: CGO_ENABLED is %q", ErrNoCompiler, strings.TrimSpace(enabled))
	}
	return path, nil
}
