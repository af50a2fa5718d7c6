// fingerprint.go: finding out whether a built program is still that of this clone. The
// go command would take seconds to answer, even if nothing has changed, and every
// command that needs the kernel would wait for it. Read program.go first.

package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
)

// The two programs are built from Go itself, from two files that name every other
// module by its content, and from our own packages.
var (
	ofKernel = []string{"go.mod", "go.sum", "cmd/kernel", "internal/progress", "pkg"}
	ofPlayer = append([]string{"cmd/stepwise"}, ofKernel...)
)

// goSettings asks for the settings of the go command that change what it builds.
var goSettings = []string{"env", "GOVERSION", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT"}

// Fingerprint names the kernel that this clone builds now, by everything that it is
// built from: the version of Go, go.mod, and the content of the course's packages
// without their tests. Two clones of one commit have the same fingerprint.
func (c Course) Fingerprint(ctx context.Context) (string, error) {
	return c.fingerprint(ctx, ofKernel)
}

func (c Course) fingerprint(ctx context.Context, ingredients []string) (string, error) {
	settings, err := child.Output(ctx, child.Program{Name: "go", Args: goSettings, Dir: c.Dir})
	if err != nil {
		return "", fmt.Errorf("asking go for its settings: %w", err)
	}
	sum := sha256.New()
	fmt.Fprintln(sum, settings)
	for _, name := range ingredients {
		if err := c.addTo(sum, name); err != nil {
			return "", fmt.Errorf("reading what a program is built from: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// addTo hashes the file name, or all files if name is a folder. It hashes names and
// lengths too, so that moving text from one file to another changes the sum.
func (c Course) addTo(sum hash.Hash, name string) error {
	return filepath.WalkDir(filepath.Join(c.Dir, filepath.FromSlash(name)), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(c.Dir, path)
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, filepath.ToSlash(relative), len(content))
		sum.Write(content)
		return nil
	})
}

// stamp returns the file beside a binary that says what the binary was built from.
func stamp(binary string) string { return binary + ".built" }

// stamped reports whether binary was built from what fingerprint names, and is
// complete: after an interrupted build or on a full disk it may not be.
func stamped(binary, fingerprint string) bool {
	want, err := stampOf(binary, fingerprint)
	if err != nil {
		return false
	}
	have, err := os.ReadFile(stamp(binary))
	return err == nil && string(have) == want
}

func stampOf(binary, fingerprint string) (string, error) {
	sum, err := sumOf(binary)
	return fmt.Sprintf("from %s\nis %s\n", fingerprint, sum), err
}

// sumOf returns the SHA-256 of the file, in hexadecimal.
func sumOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
