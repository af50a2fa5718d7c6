// files.go: the stages that read every file of the clone. Read suite.go first.

package suite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stepwise/cmd/stepwise/internal/machine"
	"stepwise/cmd/stepwise/internal/setup"
)

var (
	errFormat = errors.New("gofmt would change them: run gofmt -w")
	errPaths  = errors.New("they name paths of one machine")
)

// notOurs are folders that tools make inside a clone.
var notOurs = map[string]bool{
	".git": true, ".stepwise": true, ".ipynb_checkpoints": true, "node_modules": true, "__pycache__": true,
}

// Format finds Go files that gofmt would change.
func Format(dir string) Stage {
	return Stage{Name: "format", Run: func(ctx context.Context, out io.Writer) (string, error) {
		return look(ctx, dir, out, errFormat, func(name string, content []byte) string {
			if !strings.HasSuffix(name, ".go") {
				return ""
			}
			formatted, err := format.Source(content)
			switch {
			case err != nil:
				return err.Error()
			case !bytes.Equal(formatted, content):
				return "not formatted"
			}
			return ""
		})
	}}
}

// Paths finds files that name the clone's own folder or somebody's home.
func Paths(dir string) Stage {
	return Stage{Name: "paths", Run: func(ctx context.Context, out io.Writer) (string, error) {
		return look(ctx, dir, out, errPaths, func(_ string, content []byte) string {
			if bytes.IndexByte(content, 0) >= 0 {
				return "" // not text
			}
			return machine.Path(string(content), dir)
		})
	}}
}

// look calls judge for every file in dir and prints what it returns. It fails with
// wrong if judge found anything.
func look(ctx context.Context, dir string, out io.Writer, wrong error, judge func(name string, content []byte) string) (string, error) {
	seen, found := 0, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case d.IsDir() && notOurs[d.Name()]:
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // the file was removed in the meantime
		}
		if err != nil {
			return err
		}
		seen++
		if what := judge(path, content); what != "" {
			found++
			name, _ := filepath.Rel(dir, path)
			fmt.Fprintf(out, "%s: %s\n", name, what)
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("looking through the files: %w", err)
	}
	if found > 0 {
		return "", fmt.Errorf("%d of %s: %w", found, setup.Count(seen, "file"), wrong)
	}
	return setup.Count(seen, "file"), nil
}
