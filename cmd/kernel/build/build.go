// Package build compiles the notebook kernel. Whoever needs a kernel gets it from
// Build: the stepwise command, the image and the tests.
//
//	err := build.Build(ctx, ".", "bin/gophernotes", os.Stderr)
//
// Read build.go, then overlay.go, which adds the one foreign file, packages.go and
// exports.go, which add what is known of the packages that cells import, trim.go, which
// leaves out what they can't, and spec.go, which describes the kernel to Jupyter.
package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const kernelPackage = "stepwise/cmd/kernel"

// ErrNoGo says that there is no go command to build with.
var ErrNoGo = errors.New("the go command is not on PATH: install Go as README.md says")

// Build compiles the kernel of the module at moduleDir and writes it to out, creating
// out's folder if it is missing. The go command's messages go to log, which may be
// nil. The first build takes about a minute and needs the modules of go.sum, from the
// module cache or from a proxy; later builds take seconds. Nothing outside out is left
// behind.
//
// Errors say which step failed, on what, and what to do. When ctx ends, the build
// stops and out stays as it was.
func Build(ctx context.Context, moduleDir, out string, log io.Writer) error {
	return Program(ctx, moduleDir, kernelPackage, out, log)
}

// Program is Build for any package of the module that runs cells, such as the player:
// only a program that is built so can check them without a Go installation.
func Program(ctx context.Context, moduleDir, path, out string, log io.Writer) error {
	absolute, err := filepath.Abs(out) // the go command runs in moduleDir
	if err != nil {
		return fmt.Errorf("building the kernel: finding the place for it, %s: %w", out, err)
	}
	temporary, err := os.MkdirTemp("", "stepwise-kernel-")
	if err != nil {
		return fmt.Errorf("building the kernel: making a folder for the overlay: %w", err)
	}
	defer os.RemoveAll(temporary)
	overlay := filepath.Join(temporary, "overlay.json")
	if _, err := Overlay(ctx, moduleDir, overlay, log); err != nil {
		return err
	}
	mod, err := trimmed(ctx, moduleDir, temporary, log)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(absolute), 0o755); err != nil {
		return fmt.Errorf("building the kernel: making the folder for it: %w", err)
	}
	_, err = goCommand(ctx, moduleDir, log, "build", "-modfile", mod, "-overlay", overlay,
		"-tags", Tag, "-trimpath", "-ldflags=-s -w", "-o", absolute, path)
	if err != nil {
		return fmt.Errorf("building %s in %s: %w: go build ./... shows whether the module itself compiles", path, moduleDir, err)
	}
	return nil
}

// withoutC builds a kernel without cgo. With it, the interpreter's own imports, which a
// cell never gets to, would have the linker keep every symbol for a plugin: a third more
// of a file.
const withoutC = "CGO_ENABLED=0"

// goCommand runs the go command in dir and returns its standard output. Its messages
// go to log, if there is one, and when it fails into the error as well.
func goCommand(ctx context.Context, dir string, log io.Writer, arguments ...string) ([]byte, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoGo
	}
	if log == nil {
		log = io.Discard
	}
	var output, messages bytes.Buffer
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir = dir
	if arguments[0] == "build" {
		command.Env = append(os.Environ(), withoutC)
	}
	command.Stdout = &output
	command.Stderr = io.MultiWriter(log, &messages)
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return output.Bytes(), fmt.Errorf("go %s: %w\n%s", strings.Join(arguments, " "), err, bytes.TrimSpace(messages.Bytes()))
	}
	return output.Bytes(), nil
}
