//go:build !linux

package box

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/child"
)

// Enter does nothing here: only Linux has boxes. See inside_linux.go.
func Enter() {}

func available(context.Context) error {
	return fmt.Errorf("%w: only Linux has namespaces", ErrUnavailable)
}

// start bounds a program's time and output alone.
func start(ctx context.Context, p Program, out io.Writer) (End, error) {
	if p.Walls == Apart {
		return End{Status: -1}, available(ctx)
	}
	err := child.Run(ctx, child.Program{Name: p.File, Args: p.Args, Env: p.Env, Dir: p.Dir, Out: out})
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		return End{Status: exit.ExitCode(), Why: exit.Error(), Result: result(p)}, nil
	default:
		return End{Status: -1}, err
	}
	return End{Result: result(p)}, nil
}

func result(p Program) []byte {
	if p.Result == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(p.Dir, p.Result))
	if err != nil || len(text) > keptResult {
		return nil
	}
	return text
}
