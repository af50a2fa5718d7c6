package check

import (
	"flag"
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"stepwise/cmd/kernel/source"
)

var update = flag.Bool("update", false, "ask the compiler again what it says of testdata/refused.txt")

const refused = "testdata/refused.txt"

// TestRefused: what the compiler refuses, a cell is refused for, in the compiler's words,
// line by line. Each program in testdata/refused.txt is followed by what the compiler
// says; go test -run Refused -update asks it again.
func TestRefused(t *testing.T) {
	text, err := os.ReadFile(refused)
	require.NoError(t, err)
	archive := txtar.Parse(text)
	for i := 0; i+1 < len(archive.Files); i += 2 {
		program, said := string(archive.Files[i].Data), &archive.Files[i+1]
		t.Run(archive.Files[i].Name, func(t *testing.T) {
			if *update {
				said.Data = []byte(compile(t, program))
			}
			require.NotEmpty(t, said.Data)
			_, wrong := newSession(t).Check(program, "In[1]")
			var lines strings.Builder
			for _, w := range wrong {
				fmt.Fprintf(&lines, "%d:%d: %s\n", w.Line, w.Column, w.Text)
			}
			assert.Equal(t, withoutColumns(string(said.Data)), withoutColumns(lines.String()))
		})
	}
	if *update {
		require.NoError(t, os.WriteFile(refused, txtar.Format(archive), 0o644))
	}
}

// withoutColumns is what is said of a program, without the columns: the compiler and the
// checker put some errors in different places of a line.
func withoutColumns(said string) string {
	said = regexp.MustCompile(`(?m)^(\s*)(?:In\[1\]:)?(\d+):\d+: `).ReplaceAllString(said, "$1$2: ")
	return regexp.MustCompile(`(?m)^\s+`).ReplaceAllString(said, "\t")
}

// compile has the compiler refuse a cell's text, as a program of its own.
func compile(t *testing.T, cell string) string {
	t.Helper()
	var outside, inside strings.Builder
	outside.WriteString("package main\n")
	for _, part := range source.Parts(cell) {
		out := &outside
		if part.Kind == token.ILLEGAL || part.Kind == token.VAR {
			out = &inside
		}
		fmt.Fprintf(out, "/*line cell:%d:%d*/%s\n", part.Line, part.Column, part.Text)
	}
	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(outside.String()+"func main() {\n"+inside.String()+"}\n"), 0o644))
	output, err := exec.Command("go", "build", "-o", os.DevNull, file).CombinedOutput()
	require.Error(t, err, "the compiler accepts it")
	var said strings.Builder
	for line := range strings.Lines(string(output)) {
		if strings.HasPrefix(line, "# ") || strings.Contains(line, "imported and not used") || strings.Contains(line, "too many errors") {
			continue
		}
		line = regexp.MustCompile(`\[/[^]]*\]`).ReplaceAllString(line, "")       // where the program's file is
		line = regexp.MustCompile(`^(\t?)\S*cell:`).ReplaceAllString(line, "$1") // the place of the error
		line = strings.ReplaceAll(line, "cell:", "In[1]:")                       // a place that it mentions
		line = regexp.MustCompile(`declaration of \w+ at In\[1\]:(\d+):\d+`).ReplaceAllString(line, "variable declaration at line $1")
		said.WriteString(line)
	}
	return said.String()
}
