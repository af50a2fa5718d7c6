package corpus

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/exports"
)

// batch is how many programs are built at once.
const batch = 50

// TestRandom: a random program prints as a cell what it prints when the compiler has built
// it. With STEPWISE_RANDOM=1m it goes on for a minute, from a seed that it prints; with
// STEPWISE_SEED=7 it begins at that one.
func TestRandom(t *testing.T) {
	seed, limit := uint64(1), time.Duration(0)
	if text := os.Getenv("STEPWISE_RANDOM"); text != "" {
		var err error
		limit, err = time.ParseDuration(text)
		require.NoError(t, err)
		seed = rand.Uint64N(1e9)
	}
	if text := os.Getenv("STEPWISE_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("the first seed is %d", seed)
	count, says, begin := make(map[string]int), make(map[string]int), time.Now()
	for {
		var all []Program
		for i := range uint64(batch) {
			all = append(all, Program{fmt.Sprint(seed + i), Random(seed + i)})
		}
		for i, want := range Compile(t, all) {
			outcome, said := judge(want, runCells(t, []string{all[i].Source}))
			count[outcome]++
			switch outcome {
			case told:
				kind := digits.ReplaceAllString(said, "")
				if says[kind]++; says[kind] == 1 {
					t.Logf("seed %s: %s", all[i].Name, said)
				}
			case silent:
				t.Fatalf("seed %s differs without a word: %s\n%s", all[i].Name, said, minimal(t, all[i].Source))
			}
		}
		seed += batch
		if time.Since(begin) >= limit {
			break
		}
	}
	t.Logf("%d same, %d told, %d silent", count[same], count[told], count[silent])
}

// minimal drops what it can from a program that differs, as long as it differs, for two
// minutes at most.
func minimal(t *testing.T, source string) string {
	end := time.Now().Add(2 * time.Minute)
	for smaller := true; smaller; {
		smaller = false
		for size := 8; size > 0; size /= 2 {
			for n := 0; time.Now().Before(end); {
				text, ok := without(source, n, size)
				if !ok {
					break
				}
				if isGo(text) && differs(t, text) {
					source, smaller = text, true
				} else {
					n++
				}
			}
		}
	}
	return source
}

var digits = regexp.MustCompile(`\d+`)

func differs(t *testing.T, source string) bool {
	want := Compile(t, []Program{{"smaller", source}})[0]
	outcome, _ := judge(want, runCells(t, []string{source}))
	return outcome == silent
}

// isGo reports whether the compiler would accept a program.
func isGo(source string) bool {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "main.go", source, 0)
	if err != nil {
		return false
	}
	made, err := (&types.Config{Importer: exports.NewImporter()}).Check("main", files, []*ast.File{file}, nil)
	return err == nil && made.Scope().Lookup("main") != nil
}

// without is a program without some of its declarations or statements, one after the
// other in a list: the n-th choice of so many. It is false if there are fewer choices.
func without(source string, n, size int) (string, bool) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, 0)
	if err != nil {
		return "", false
	}
	found := false
	cut := func(length int, drop func(from int)) {
		choices := length - size + 1
		if found || choices < 1 {
			return
		}
		if n < choices {
			found = true
			drop(n)
		}
		n -= choices
	}
	statements := func(list *[]ast.Stmt) {
		cut(len(*list), func(from int) { *list = append((*list)[:from:from], (*list)[from+size:]...) })
	}
	cut(len(file.Decls), func(from int) { file.Decls = append(file.Decls[:from:from], file.Decls[from+size:]...) })
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BlockStmt:
			statements(&node.List)
		case *ast.CaseClause:
			statements(&node.Body)
		case *ast.CommClause:
			statements(&node.Body)
		}
		return true
	})
	var out bytes.Buffer
	if !found || format.Node(&out, files, file) != nil {
		return "", false
	}
	return out.String(), true
}
