// golang.go: the stages that Go itself runs. Read suite.go first.

package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
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
		plain, interpreting, err := packages(ctx, dir, pattern)
		if err != nil {
			return "", err
		}
		if len(plain)+len(interpreting) == 0 {
			return "none to run", nil // Check has found a lesson, at least
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

// packages are all that have a test which the pattern may match, and apart from
// them those whose tests have the interpreter in their own process. A package
// that is left out needn't be compiled: with -race, all of them take minutes.
func packages(ctx context.Context, dir, pattern string) (plain, interpreting []string, err error) {
	said, err := child.Output(ctx, child.Program{Name: "go", Dir: dir,
		Args: []string{"list", "-test", "-f", "{{.Dir}}\t{{.ImportPath}}{{range .Deps}} {{.}}{{end}}", "./..."}})
	if err != nil {
		return nil, nil, fmt.Errorf("listing the packages: %w", err)
	}
	for line := range strings.Lines(said) {
		in, rest, _ := strings.Cut(line, "\t")
		words := strings.Fields(rest)
		tested, isTest := strings.CutSuffix(words[0], ".test")
		switch {
		case !isTest || !hasTest(in, pattern):
		case slices.Contains(words, interpreter):
			interpreting = append(interpreting, tested)
		default:
			plain = append(plain, tested)
		}
	}
	return plain, interpreting, nil
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Example|Fuzz)\w*)\(`)

// hasTest tells whether a folder has a test that the pattern may match. In doubt
// it has: go test knows better, and says so.
func hasTest(dir, pattern string) bool {
	matches, err := regexp.Compile(tops(pattern))
	if err != nil {
		return true
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			return true
		}
		for _, found := range testFunction.FindAllSubmatch(code, -1) {
			if matches.Match(found[1]) {
				return true
			}
		}
	}
	return false
}

// tops is the pattern of the names of functions: of each alternative what stands
// before the first slash, as in go test. Where a bar or a slash stands in
// brackets it compiles to nothing, and the doubt is go test's.
func tops(pattern string) string {
	alternatives := strings.Split(pattern, "|")
	for i, one := range alternatives {
		alternatives[i], _, _ = strings.Cut(one, "/")
	}
	return strings.Join(alternatives, "|")
}

func goCommand(ctx context.Context, dir string, out io.Writer, args ...string) error {
	return child.Run(ctx, child.Program{Name: "go", Args: args, Dir: dir, Out: out})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
