// Package build compiles the notebook kernel.
//
// gophernotes is a command and can't be imported, but the go command can lay
// files over a folder: Build finds gophernotes in the module cache, maps the
// file that the kernel takes from it into cmd/kernel, and compiles the two
// together. Nothing is copied, and nothing outside out is left behind.
//
//	err := build.Build(ctx, ".", "bin/gophernotes", os.Stderr)
package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	upstream      = "github.com/gopherdata/gophernotes"
	kernelPackage = "stepwise/cmd/kernel"
	buildTag      = "stepwise_kernel"
)

// upstreamFiles are what the kernel takes from gophernotes unchanged. Everything
// else there is replaced by the files of cmd/kernel.
var upstreamFiles = []string{"messages.go"}

// ErrNoGo says that there is no go command to build with.
var ErrNoGo = errors.New("the go command is not on PATH: install Go as README.md says")

// Build compiles the kernel of the module at moduleDir and writes it to out,
// whose folder is made if it is missing. What the go command prints goes to log,
// which may be nil. The first build takes about a minute and needs the modules
// of go.sum, in the module cache or from a proxy; later ones take seconds.
//
// The errors say which step failed, on what, and what to do. When ctx ends, the
// build is stopped and out is left as it was.
func Build(ctx context.Context, moduleDir, out string, log io.Writer) error {
	if log == nil {
		log = io.Discard
	}
	moduleDir, err := filepath.Abs(moduleDir)
	if err != nil {
		return fmt.Errorf("building the kernel: finding the folder %s: %w", moduleDir, err)
	}
	if out, err = filepath.Abs(out); err != nil {
		return fmt.Errorf("building the kernel: finding the place for it, %s: %w", out, err)
	}
	source, err := upstreamDir(ctx, moduleDir, log)
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "stepwise-kernel-")
	if err != nil {
		return fmt.Errorf("building the kernel: making a folder for the overlay: %w", err)
	}
	defer os.RemoveAll(temporary)
	overlay, err := writeOverlay(temporary, moduleDir, source)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return fmt.Errorf("building the kernel: making the folder for it: %w", err)
	}
	_, err = goCommand(ctx, moduleDir, log, "build", "-overlay", overlay, "-tags", buildTag, "-trimpath", "-o", out, kernelPackage)
	if err != nil {
		return fmt.Errorf("building the kernel in %s: %w: go build ./... shows whether the module itself compiles", moduleDir, err)
	}
	return nil
}

// upstreamDir is where gophernotes, in the version of go.mod, lies in the module
// cache. It is downloaded if it is not there.
func upstreamDir(ctx context.Context, moduleDir string, log io.Writer) (string, error) {
	text, err := goCommand(ctx, moduleDir, log, "mod", "download", "-json", upstream)
	if err != nil {
		return "", fmt.Errorf("looking for %s, which the kernel is made of: %w: go mod download shows whether the module proxy can be reached", upstream, err)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(text, &found); err != nil || found.Dir == "" {
		return "", fmt.Errorf("looking for %s: go mod download named no folder: is it in go.mod?", upstream)
	}
	return found.Dir, nil
}

// writeOverlay writes the file that tells the go command which of source's files
// to see in cmd/kernel, and returns its name. A file there that has the name of
// one of gophernotes' would be hidden by it: that is an error.
func writeOverlay(dir, moduleDir, source string) (string, error) {
	replace := make(map[string]string)
	for _, name := range upstreamFiles {
		from := filepath.Join(source, name)
		if _, err := os.Stat(from); err != nil {
			return "", fmt.Errorf("building the kernel: %s should be in %s: %w: go mod verify shows whether the module cache is whole", name, upstream, err)
		}
		to := filepath.Join(moduleDir, "cmd", "kernel", name)
		if _, err := os.Stat(to); err == nil {
			return "", fmt.Errorf("building the kernel: %s would be hidden by the file of that name in %s: rename it", to, upstream)
		}
		replace[to] = from
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("building the kernel: writing the overlay: %w", err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return "", fmt.Errorf("building the kernel: writing the overlay: %w", err)
	}
	return name, nil
}

// goCommand runs the go command in dir and returns its standard output. Its
// messages go to log and, when it fails, into the error as well.
func goCommand(ctx context.Context, dir string, log io.Writer, arguments ...string) ([]byte, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoGo
	}
	var output, messages bytes.Buffer
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir = dir
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
