// golang.go: the stages that run the go command. Read suite.go first.

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

// Tests runs all Go tests, or those that match a pattern that is not empty. It uses
// the race detector where it can.
func Tests(dir string, short bool, pattern string) Stage {
	return Stage{Name: "tests", Run: func(ctx context.Context, out io.Writer) (string, error) {
		plain, interpreting, err := packages(ctx, dir, pattern)
		if err != nil {
			return "", err
		}
		if len(plain)+len(interpreting) == 0 {
			return "none to run", nil // then Check has found a lesson
		}
		// vet is a stage of its own. A result from go's cache proves nothing: the cache
		// doesn't know what sockets, clocks and Jupyter do.
		args := []string{"test", "-vet=off", "-count=1"}
		if short {
			args = append(args, "-short")
		}
		if pattern != "" {
			args = append(args, "-run", pattern)
		}
		counted := &counter{out: out}
		if len(plain) > 0 {
			raced := []string{"-race"}
			if pattern == "" {
				raced = append(raced, "-skip", wrongVersions)
			}
			err = goCommand(ctx, dir, counted, slices.Concat(args, raced, plain)...)
		}
		if len(interpreting) > 0 {
			err = errors.Join(err, goCommand(ctx, dir, counted, slices.Concat(args, interpreting)...))
		}
		if pattern == "" && slices.ContainsFunc(plain, func(path string) bool { return !strings.Contains(path, "/") }) {
			err = errors.Join(err, goCommand(ctx, dir, out, slices.Concat(args, []string{"-run", wrongVersions, "."})...))
		}
		return counted.String(), err
	}}
}

// wrongVersions is the test of the course's folder that judges a thousand programs which are
// wrong on purpose. The race detector has nothing to say of them, and makes them three times
// as slow, so they run by themselves, without it.
const wrongVersions = "^TestWrong$"

// interpreter is the package that runs cells. It shares its flags with the goroutines
// of a cell without a lock, so the race detector would report it instead of our
// code.
const interpreter = "github.com/cosmos72/gomacro/fast"

// packages returns the packages with a test that the pattern may match. interpreting
// are those whose tests run the interpreter in their own process, and plain are the
// others. Leaving out the rest saves minutes of compiling with -race.
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

// hasTest reports whether a folder has a test that the pattern may match. If it can't
// tell, it returns true, and go test decides.
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

// tops returns the pattern for the names of functions: the part of each alternative
// before its first slash, as in go test. If a bar or a slash is in brackets, the
// result doesn't compile, and go test decides.
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
