package corpus

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/cell"
	_ "stepwise/cmd/kernel/tables"
)

// A form is a way to write a program as cells.
type form struct {
	name  string
	cells func(source string) []string
}

var forms = []form{
	{"whole", func(source string) []string { return []string{source} }},
	{"parts", parts},
}

// parts are a program's declarations, and then what is in main.
func parts(source string) []string {
	begin := strings.Index(source, "\nfunc main() {") + 1
	end := begin + strings.Index(source[begin:], "}\n")
	if line, _, _ := strings.Cut(source[begin:], "\n"); !strings.HasSuffix(line, "}") {
		end = begin + strings.Index(source[begin:], "\n}\n") + 1
	}
	declarations := strings.TrimPrefix(source[:begin], "package main\n") + source[end+2:]
	body := strings.TrimPrefix(source[begin:end], "func main() {")
	return []string{declarations, strings.ReplaceAll(strings.TrimPrefix(body, "\n"), "\n\t", "\n")}
}

// The outcomes of a program as cells, compared with what the compiler makes of it.
const (
	same   = "same"   // it prints the same, and nothing is said
	told   = "told"   // it doesn't, and the reader is told; or it does, and is warned nevertheless
	silent = "silent" // it doesn't, and the reader isn't told
)

// toldFile lists the programs that don't print the same as cells, each with what is said
// instead. It gets shorter as the interpreter gets better.
var toldFile = filepath.Join(testdata, "told.txt")

// TestCells: every program prints as cells what it prints when the compiler has built it.
// Where it doesn't, the reader is told, in the words of testdata/told.txt; -update writes
// the file.
func TestCells(t *testing.T) {
	count := make(map[string]map[string]int)
	var lines []string
	known := knownLines(t)
	for _, f := range forms {
		count[f.name] = make(map[string]int)
	}
	for _, p := range programs(t) {
		want, err := os.ReadFile(p.out())
		require.NoError(t, err)
		for _, f := range forms {
			name := p.Name + " " + f.name
			outcome, said := judge(string(want), runCells(t, f.cells(p.Source)))
			count[f.name][outcome]++
			line := ""
			if outcome != same {
				line = name + ": " + outcome + ": " + said
				lines = append(lines, line)
			}
			if !*update {
				assert.Equal(t, known[name], line, "if that is right, run go test ./cmd/kernel/corpus -run Cells -update")
			}
		}
	}
	for _, f := range forms {
		c := count[f.name]
		t.Logf("%s: %d same, %d told, %d silent", f.name, c[same], c[told], c[silent])
	}
	assert.Zero(t, count["whole"][silent]+count["parts"][silent], "programs differ from Go, and nobody is told")
	if *update && *program == "" {
		require.NoError(t, os.WriteFile(toldFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	}
}

// knownLines are those of the file, by program and form.
func knownLines(t *testing.T) map[string]string {
	text, err := os.ReadFile(toldFile)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	known := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, ":")
		known[name] = strings.TrimSuffix(line, "\n")
	}
	return known
}

// judge compares what a program prints as cells with what it should print.
func judge(want string, got ran) (outcome, said string) {
	said, _, _ = strings.Cut(got.said, "\n")
	said = regexp.MustCompile(`0x[0-9a-f]+|(stepwise_kernel:\\")\d+`).ReplaceAllString(said, "$1…")
	switch {
	case got.printed == want && said == "":
		return same, ""
	case got.printed+said+"\n" == want: // it ends with a panic
		return same, ""
	case got.printed == want:
		return told, "prints the same, and yet: " + said
	case said != "":
		return told, said
	}
	return silent, firstDifference(want, got.printed)
}

// firstDifference is the first line that differs.
func firstDifference(want, got string) string {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i, line := range wants {
		if i >= len(gots) || gots[i] != line {
			return fmt.Sprintf("line %d: want %q, got %q", i+1, line, strings.Join(gots[min(i, len(gots)):min(i+1, len(gots))], ""))
		}
	}
	return fmt.Sprintf("line %d: want no more, got %q", len(wants)+1, gots[len(wants)])
}

// ran is what cells have printed, and what was said of them.
type ran struct{ printed, said string }

// patience is how long cells may run: those that wait in vain are told to stop.
const patience = 10 * time.Second

// runCells runs cells in a session of their own, until one fails.
func runCells(t testing.TB, cells []string) (r ran) {
	t.Helper()
	s, err := cell.New()
	require.NoError(t, err)
	late := time.AfterFunc(patience, s.Interrupt)
	defer late.Stop()
	out, wrong := capture(t, &os.Stdout), capture(t, &os.Stderr)
	var failed *cell.Failure
	for i, code := range cells {
		if result := s.Run(code, i+1); result.Failure != nil {
			failed = result.Failure
			break
		}
	}
	r.printed, r.said = out(), wrong()
	if failed != nil {
		r.said = cmp.Or(r.said, failed.String())
	}
	return r
}

// capture replaces a stream of the process; the function that it returns puts the old one
// back, and returns what was written in between.
func capture(t testing.TB, stream **os.File) func() string {
	t.Helper()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	before := *stream
	*stream = write
	var buffer bytes.Buffer
	var done sync.WaitGroup
	done.Go(func() { _, _ = io.Copy(&buffer, read) })
	return func() string {
		*stream = before
		_ = write.Close()
		done.Wait()
		_ = read.Close()
		return buffer.String()
	}
}
