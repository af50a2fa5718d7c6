// program.go: programs of this clone that take long to compile. They are kept in
// .stepwise until the clone has changed. Read course.go first; fingerprint.go says
// when a program is rebuilt.

package setup

import (
	"context"
	"fmt"
	"os"

	"stepwise/cmd/kernel/build"
)

// program is one of these programs.
type program struct {
	name        string
	ingredients []string
	build       func(ctx context.Context, out string) error
}

// build returns the path of p as this clone has it now. It calls say before it
// builds.
func (c Course) build(ctx context.Context, say func(string), p program) (string, error) {
	path := c.private("bin", p.name)
	fingerprint, err := c.fingerprint(ctx, p.ingredients)
	if err != nil {
		return "", err
	}
	if stamped(path, fingerprint) {
		return path, nil
	}
	say("building (about a minute the first time)")
	if err := c.makePrivate("bin"); err != nil {
		return "", err
	}
	if err := p.build(ctx, path); err != nil {
		return "", err
	}
	text, err := stampOf(path, fingerprint)
	if err == nil {
		err = os.WriteFile(stamp(path), []byte(text), 0o644)
	}
	if err != nil {
		return "", fmt.Errorf("noting what %s was built from: %w", p.name, err)
	}
	return path, nil
}

// BuildPlayer returns the path of the program that plays a notebook in the terminal.
// Like BuildKernel, it builds the program only if something has changed.
func (c Course) BuildPlayer(ctx context.Context, say func(string)) (string, error) {
	return c.build(ctx, say, program{"stepwise-play", ofPlayer, func(ctx context.Context, out string) error {
		return build.Program(ctx, c.Dir, "stepwise/cmd/stepwise/play", out, nil)
	}})
}
