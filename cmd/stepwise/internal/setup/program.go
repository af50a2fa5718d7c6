// program.go: programs of this clone that take long to compile. They are kept in
// .stepwise until the clone has changed. Read course.go first; fingerprint.go says
// when a program is rebuilt.

package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"stepwise/cmd/kernel/build"
)

// program is one of these programs.
type program struct {
	name        string
	ingredients []string
	build       func(ctx context.Context, out string) error
}

// Prebuilt is the variable of the environment that names a folder with programs which
// Prebuild has made. The image sets it.
const Prebuilt = "STEPWISE_PREBUILT"

// build returns the path of p as this clone has it now: the one that was built before, for
// everybody or for this clone, or a new one. It calls say before it builds.
func (c Course) build(ctx context.Context, say func(string), p program) (string, error) {
	fingerprint, err := c.fingerprint(ctx, p.ingredients)
	if err != nil {
		return "", err
	}
	own := c.private("bin")
	for _, dir := range []string{os.Getenv(Prebuilt), own} {
		if path := filepath.Join(dir, p.name); dir != "" && stamped(path, fingerprint) {
			return path, nil
		}
	}
	say("building (about a minute the first time)")
	if err := c.makePrivate("bin"); err != nil {
		return "", err
	}
	return p.into(ctx, own, fingerprint)
}

// Prebuild builds the kernel and the player into dir, for copies of this clone.
func (c Course) Prebuild(ctx context.Context, dir string) error {
	for _, p := range []program{c.kernel(), c.player()} {
		fingerprint, err := c.fingerprint(ctx, p.ingredients)
		if err != nil {
			return err
		}
		if _, err := p.into(ctx, dir, fingerprint); err != nil {
			return err
		}
	}
	return nil
}

// into builds p into dir, and notes beside it what it was built from.
func (p program) into(ctx context.Context, dir, fingerprint string) (string, error) {
	path := filepath.Join(dir, p.name)
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
	return c.build(ctx, say, c.player())
}

func (c Course) player() program {
	return program{"stepwise-play", ofPlayer, func(ctx context.Context, out string) error {
		return build.Program(ctx, c.Dir, "stepwise/cmd/stepwise/play", out, nil)
	}}
}
