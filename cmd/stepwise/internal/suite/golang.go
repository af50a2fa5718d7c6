// golang.go: the stages that Go itself runs. Read suite.go first.

package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
)

// Vet is go vet of all packages.
func Vet(dir string) Stage {
	return Stage{Name: "vet", Run: func(ctx context.Context, out io.Writer) (string, error) {
		return "", goCommand(ctx, dir, out, "vet", "./...")
	}}
}

// Tests runs all Go tests, with the race detector as far as it can be; where
// pattern is not empty, those that it matches.
func Tests(dir string, short bool, pattern string) Stage {
	return Stage{Name: "tests", Run: func(ctx context.Context, out io.Writer) (string, error) {
		plain, interpreting, err := packages(ctx, dir)
		if err != nil {
			return "", err
		}
		// vet is a stage of its own. What sockets, clocks and Jupyter do is not
		// in the files that go's cache looks at, so a result from it proves nothing.
		args := []string{"test", "-vet=off", "-count=1"}
		if short {
			args = append(args, "-short")
		}
		if pattern != "" {
			args = append(args, "-run", pattern)
		}
		counted := &counter{out: out}
		if len(plain) > 0 {
			err = goCommand(ctx, dir, counted, slices.Concat(args, []string{"-race"}, plain)...)
		}
		if len(interpreting) > 0 {
			err = errors.Join(err, goCommand(ctx, dir, counted, slices.Concat(args, interpreting)...))
		}
		return counted.String(), err
	}}
}

// interpreter is what runs cells. It is told to stop, and shares its flags with
// the goroutines of a cell, without a lock: the race detector would report it
// and not us.
const interpreter = "github.com/cosmos72/gomacro/fast"

// packages are all that can be tested, and apart from them those whose tests
// have the interpreter in their own process.
func packages(ctx context.Context, dir string) (plain, interpreting []string, err error) {
	said, err := child.Output(ctx, child.Program{Name: "go", Dir: dir,
		Args: []string{"list", "-test", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`, "./..."}})
	if err != nil {
		return nil, nil, fmt.Errorf("listing the packages: %w", err)
	}
	for line := range strings.Lines(said) {
		words := strings.Fields(line)
		tested, isTest := strings.CutSuffix(words[0], ".test")
		switch {
		case !isTest:
		case slices.Contains(words, interpreter):
			interpreting = append(interpreting, tested)
		default:
			plain = append(plain, tested)
		}
	}
	return plain, interpreting, nil
}

func goCommand(ctx context.Context, dir string, out io.Writer, args ...string) error {
	return child.Run(ctx, child.Program{Name: "go", Args: args, Dir: dir, Out: out})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
