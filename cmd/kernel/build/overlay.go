package build

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Tag is the build tag of the kernel's own package. Without it, and without the
// overlay, the go command sees a stub in cmd/kernel.
const Tag = "stepwise_kernel"

const upstream = "github.com/gopherdata/gophernotes"

// upstreamFiles are what the kernel takes from gophernotes unchanged. Everything
// else there is replaced by the files of cmd/kernel.
var upstreamFiles = []string{"messages.go"}

// Overlay writes the file that go build, go vet and go test take as -overlay to
// compile cmd/kernel of the module at moduleDir with Tag, and returns the Go files that
// it lays over that folder. They are gophernotes' own, in the version of go.mod: they
// stay in the module cache, and are downloaded if they are not there. Beside file it
// writes what package exports embeds. log takes the go command's messages, and may be
// nil. A second call writes both anew.
func Overlay(ctx context.Context, moduleDir, file string, log io.Writer) ([]string, error) {
	absolute, err := filepath.Abs(moduleDir) // an overlay has no relative paths
	if err != nil {
		return nil, fmt.Errorf("building the kernel: finding the folder %s: %w", moduleDir, err)
	}
	source, err := upstreamDir(ctx, absolute, upstream, log)
	if err != nil {
		return nil, err
	}
	archive, err := filepath.Abs(file + ".exports.zip")
	if err != nil {
		return nil, fmt.Errorf("building the kernel: finding the folder of %s: %w", file, err)
	}
	if err := writeExports(ctx, absolute, archive, log); err != nil {
		return nil, err
	}
	return writeOverlay(file, absolute, source, archive)
}

// upstreamDir is where a module that the kernel is made of, in the version of go.mod, lies
// in the module cache. It is downloaded if it is not there.
func upstreamDir(ctx context.Context, moduleDir, upstream string, log io.Writer) (string, error) {
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

// writeOverlay maps source's files, and the archive of exports, into cmd/kernel. A file
// of ours with the same name would be hidden, so that is an error.
func writeOverlay(file, moduleDir, source, archive string) ([]string, error) {
	replace := map[string]string{filepath.Join(moduleDir, filepath.FromSlash(exportsName)): archive}
	var laid []string
	for _, name := range upstreamFiles {
		from := filepath.Join(source, name)
		if _, err := os.Stat(from); err != nil {
			return nil, fmt.Errorf("building the kernel: %s should be in %s: %w: go mod verify shows whether the module cache is whole", name, upstream, err)
		}
		to := filepath.Join(moduleDir, "cmd", "kernel", name)
		if _, err := os.Stat(to); err == nil {
			return nil, fmt.Errorf("building the kernel: %s would be hidden by the file of that name in %s: rename it", to, upstream)
		}
		replace[to], laid = from, append(laid, from)
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("building the kernel: writing the overlay: %w", err)
	}
	return laid, nil
}
