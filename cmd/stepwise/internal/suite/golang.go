// golang.go: the stages that Go itself runs. Read suite.go first.

package suite

import (
	"context"
	"io"
	"strings"

	"stepwise/cmd/stepwise/internal/child"
)

// Vet is go vet of all packages.
func Vet(dir string) Stage {
	return Stage{Name: "vet", Run: func(ctx context.Context, out io.Writer) (string, error) {
		return "", goCommand(ctx, dir, out, "vet", "./...")
	}}
}

// Tests runs all Go tests with the race detector; where pattern is not empty,
// those that it matches.
func Tests(dir string, short bool, pattern string) Stage {
	return Stage{Name: "tests", Run: func(ctx context.Context, out io.Writer) (string, error) {
		// vet is a stage of its own. What sockets, clocks and Jupyter do is not
		// in the files that go's cache looks at, so a result from it proves nothing.
		args := []string{"test", "-race", "-vet=off", "-count=1"}
		if short {
			args = append(args, "-short")
		}
		if pattern != "" {
			args = append(args, "-run", pattern)
		}
		counted := &counter{out: out}
		err := goCommand(ctx, dir, counted, append(args, "./...")...)
		return counted.String(), err
	}}
}

func goCommand(ctx context.Context, dir string, out io.Writer, args ...string) error {
	return child.Run(ctx, child.Program{Name: "go", Args: args, Dir: dir, Out: out})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
