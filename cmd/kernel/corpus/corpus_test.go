// Package corpus compares cells with the compiler: each program in testdata is a Go
// program of the kind that readers of the course write, in a folder by topic, and next to
// it, in NAME.out, is what it prints when the compiler has built it. TestFresh asks the
// compiler again, TestCells runs the programs as cells.
//
//	go test ./cmd/kernel/corpus -run Fresh -update    # write NAME.out
//	go test ./cmd/kernel/corpus -run Cells -update    # write testdata/told.txt
//	go test ./cmd/kernel/corpus -run Cells -program closures/counter -v
package corpus

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	update  = flag.Bool("update", false, "write what is found to testdata")
	program = flag.String("program", "", "the only program of the corpus to run: closures/counter")
)

const testdata = "testdata"

// A Program is one of the corpus.
type Program struct {
	Name   string // topic/name
	Source string
}

// out is the file that has what the program prints.
func (p Program) out() string { return filepath.Join(testdata, p.Name+".out") }

// programs are those of the corpus, in order.
func programs(t testing.TB) (all []Program) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdata, "*", "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(file, testdata+string(filepath.Separator))), ".go")
		if *program == "" || *program == name {
			all = append(all, Program{name, string(text)})
		}
	}
	require.NotEmpty(t, all)
	return all
}

// TestFresh: what the corpus says that its programs print is what they print today.
func TestFresh(t *testing.T) {
	all := programs(t)
	if *program == "" {
		require.GreaterOrEqual(t, len(all), 150)
	}
	printed := Compile(t, all)
	for i, p := range all {
		if *update {
			require.NoError(t, os.WriteFile(p.out(), []byte(printed[i]), 0o644))
			continue
		}
		want, err := os.ReadFile(p.out())
		require.NoError(t, err, "run go test ./cmd/kernel/corpus -run Fresh -update")
		require.Equal(t, string(want), printed[i], "%s: run go test ./cmd/kernel/corpus -run Fresh -update", p.Name)
	}
}
