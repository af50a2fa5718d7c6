package stepwise

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

// floors is the house of doc.go, from the ground up.
func floors() (names []string) {
	for _, s := range lesson.Stories() {
		names = append(names, s.Package)
	}
	return names
}

// mayImport: what pkg/ depends on besides itself and the standard library.
var mayImport = []string{"golang.org/x/sys/unix"}

func TestFloors(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./pkg/...").Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	assert.Len(t, lines, len(floors()), "lesson.Stories lacks a package, or has one that isn't there")
	for _, line := range lines {
		words := strings.Fields(line)
		at := floor(words[0])
		require.GreaterOrEqual(t, at, 0, "%s is not in lesson.Stories", words[0])
		for _, imported := range words[1:] {
			switch {
			case strings.HasPrefix(imported, "stepwise/"):
				assert.True(t, floor(imported) >= 0 && floor(imported) < at, "%s imports %s, which is not below it", words[0], imported)
			case strings.Contains(strings.Split(imported, "/")[0], "."):
				assert.Contains(t, mayImport, imported, "imported by %s", words[0])
			default:
				assert.NotEqual(t, "testing", imported, "imported by %s", words[0])
			}
		}
	}
}

func floor(path string) int {
	name, ok := strings.CutPrefix(path, "stepwise/pkg/")
	if !ok {
		return -1
	}
	return slices.Index(floors(), name)
}

// forExamples: what the examples depend on besides pkg/ and the standard library.
var forExamples = []string{"github.com/temoto/robotstxt"}

// TestExamplesStandOnTheHouse: they are what anybody could write who has pkg/, and short
// enough to be read at once.
func TestExamplesStandOnTheHouse(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./examples/...").Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Len(t, lines, 4)
	readme, err := os.ReadFile("examples/README.md")
	require.NoError(t, err)
	for _, line := range lines {
		words := strings.Fields(line)
		for _, imported := range words[1:] {
			assert.True(t, slices.Contains(forExamples, imported) || floor(imported) >= 0 || !strings.Contains(imported, ".") && !strings.HasPrefix(imported, "stepwise/"), "%s imports %s", words[0], imported)
		}
		folder := strings.TrimPrefix(words[0], "stepwise/")
		assert.Contains(t, string(readme), "]("+filepath.Base(folder)+")", "examples/README.md doesn't name it")
		files, err := filepath.Glob(folder + "/*.go")
		require.NoError(t, err)
		long := 0
		for _, file := range files {
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			if !strings.HasSuffix(file, "_test.go") {
				long += strings.Count(string(src), "\n")
			}
		}
		assert.Less(t, long, 150, folder)
	}
}

// TestFloorOfTheJudge: it knows neither what it judges nor the course's pictures.
func TestFloorOfTheJudge(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./pkg/trial").Output()
	require.NoError(t, err)
	for _, other := range []string{"lesson", "draw", "faulty", "fetch", "stages"} {
		assert.NotContains(t, strings.Fields(string(out)), "stepwise/pkg/"+other)
	}
}

// named are the modules that a file under pkg/ may name in a string, which go.mod must
// know. A string that names a package goes on saying so when the package has moved.
var named = map[string]string{"pkg/probe/name.go": "github.com/cosmos72/gomacro"}

// TestNoPackageNamesAnotherByAString: a type or a function names its package itself.
func TestNoPackageNamesAnotherByAString(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	found := map[string]string{}
	err = filepath.WalkDir("pkg", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			src, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, text := range pathsIn(t, path, src) {
				found[path] = strings.TrimSpace(found[path] + " " + text)
			}
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, named, found)
	for _, module := range named {
		assert.Contains(t, string(mod), module+" v", "go.mod requires no such module")
	}
}

// importPath: this module's packages, and what looks like a path on a host of modules.
var importPath = regexp.MustCompile(`\bstepwise/(pkg|cmd)\b|^[a-z0-9.-]+\.[a-z]+/[\w./-]+$`)

// pathsIn returns the string literals of src that name a package, imports aside.
func pathsIn(t *testing.T, name string, src []byte) (paths []string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && importPath.MatchString(text) {
				paths = append(paths, text)
			}
		}
		return true
	})
	return paths
}

func TestPathsIn(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       []string
	}{
		{"an import", `import "stepwise/pkg/loop"`, nil},
		{"a package of ours", `var x = "stepwise/pkg/loop"`, []string{"stepwise/pkg/loop"}},
		{"a function of ours, inside a text", `var x = f("at stepwise/pkg/loop.New")`, []string{"at stepwise/pkg/loop.New"}},
		{"the beginning of our paths", "var x = `stepwise/pkg/`", []string{"stepwise/pkg/"}},
		{"somebody else's module", `const x = "example.org/a/b"`, []string{"example.org/a/b"}},
		{"a comment", "// stepwise/pkg/loop", nil},
		{"the program's name", `const x = "stepwise"`, nil},
		{"an address on the network", `const x = "http://example.org/a"`, nil},
		{"a network", `const x = "192.0.0.0/24"`, nil},
	} {
		assert.Equal(t, c.want, pathsIn(t, "a.go", []byte("package a\n"+c.code)), c.name)
	}
}
