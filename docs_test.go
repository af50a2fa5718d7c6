package stepwise

import (
	"errors"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPackageDocs: each package of pkg/ says what it is, and shows a program that compiles,
// because `go doc` doesn't show Examples.
func TestPackageDocs(t *testing.T) {
	load := exports(t)
	for _, name := range floors() {
		text := packageDoc(t, "pkg/"+name)
		assert.Regexp(t, "^Package "+name+" ", text)
		wrong := []error{errors.New("there is none")}
		for _, block := range new(comment.Parser).Parse(text).Content {
			if code, ok := block.(*comment.Code); ok {
				wrong = append(wrong, compile(load, code.Text))
			}
		}
		assert.Contains(t, wrong, nil, "the doc of package %s has no program that compiles: %v", name, wrong)
	}
}

func packageDoc(t *testing.T, folder string) string {
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "_test.go") || !strings.HasSuffix(file.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), folder+"/"+file.Name(), nil, parser.ParseComments|parser.PackageClauseOnly)
		require.NoError(t, err)
		if f.Doc != nil {
			return f.Doc.Text()
		}
	}
	return ""
}

// exports finds the compiled form of what a program may import.
func exports(t *testing.T) importer.Lookup {
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "./pkg/...", "golang.org/x/sys/unix").Output()
	require.NoError(t, err)
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
}

// forms are what may stand around a program, which is statements or declarations.
var forms = []string{
	`func _(yield coro.Yield, l *loop.Loop, fd int, seed uint64, add func(a, b int) int) (err error) {%s
	return nil}`,
	"%s",
}

// compile says what is wrong with a program, in which an ellipsis stands for what doesn't
// matter. A variable or an import may be unused.
func compile(load importer.Lookup, program string) (wrong error) {
	imports := `"context"; "fmt"; "os"; "time"`
	for _, name := range floors() {
		imports += fmt.Sprintf("; %q", "stepwise/pkg/"+name)
	}
	for _, form := range forms {
		set := token.NewFileSet()
		text := fmt.Sprintf("package p; import ("+imports+")\n"+form, strings.ReplaceAll(program, "…", "panic(0)"))
		if strings.HasPrefix(program, "package ") {
			text = program // a whole one
		}
		file, err := parser.ParseFile(set, "", text, 0)
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		wrong = nil
		config := types.Config{Importer: importer.ForCompiler(set, "gc", load), Error: func(err error) {
			if e, ok := err.(types.Error); !ok || !e.Soft {
				wrong = errors.Join(wrong, err)
			}
		}}
		_, _ = config.Check("p", set, []*ast.File{file}, nil)
		return wrong
	}
	return wrong
}
