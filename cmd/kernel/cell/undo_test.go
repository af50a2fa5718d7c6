package cell

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/cosmos72/gomacro/fast"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFailedCellHasNoEffect: whatever a cell declares, if it doesn't compile, the
// session is the one before it.
func TestFailedCellHasNoEffect(t *testing.T) {
	const typo = "\nnothing.Is.Here()"
	cases := []struct {
		name, before, fails string
		then                string // a cell, and its value
		value               string
		unknown             string // a cell that must not compile afterwards
	}{
		{"a new variable", "", "y := 5" + typo, "", "", "y"},
		{"a new variable by var", "", "var y int = 5" + typo, "", "", "y"},
		{"a new text", "", "y := `a`" + typo, "", "", "y"},
		{"several at once", "", "a, b := 1, `x`" + typo, "", "", "b"},
		{"a new constant", "", "const y = 5" + typo, "", "", "y"},
		{"iota", "", "const (\n\ta = iota\n\tb\n)" + typo, "", "", "b"},
		{"a new function", "", "func f() int { return 1 }" + typo, "", "", "f()"},
		{"a new function that uses itself", "", "func f(n int) int { if n == 0 { return 0 }; return f(n - 1) }" + typo, "", "", "f(3)"},
		{"a new type", "", "type point struct{ x int }" + typo, "", "", "point{1}"},
		{"a new type with a method", "", "type point struct{ x int }\nfunc (p point) X() int { return p.x }" + typo, "", "", "point{1}.X()"},
		{"an alias", "", "type number = int" + typo, "", "", "number(1)"},
		{"a new interface", "", "type walker interface{ Walk() }" + typo, "", "", "var w walker"},
		{"an import", "", "import `strings`\nstrings.ToUpper(`a`)" + typo, "", "", "strings.ToUpper(`a`)"},
		{"an import by another name", "", "import text `strings`" + typo, "", "", "text.ToUpper(`a`)"},
		{"an import of all names", "", "import . `strings`" + typo, "", "", "ToUpper(`a`)"},
		{"the name of a package", "import `strings`", "strings := 5" + typo, "strings.ToUpper(`a`)", "A", ""},

		{"a variable keeps its value", "y := 3", "y := 5" + typo, "y", "3", ""},
		{"and its type", "y := 3", "y := `five`" + typo, "y + 1", "4", ""},
		{"a text keeps its value", "y := `three`", "y := 5" + typo, "y", "three", ""},
		{"a variable that a function takes the place of", "y := `three`", "func y() {}" + typo, "y", "three", ""},
		{"a variable that a constant takes the place of", "y := 3", "const y = `c`" + typo, "y", "3", ""},
		{"a variable that a type takes the place of", "y := 3", "type y struct{}" + typo, "y", "3", ""},
		{"a variable whose address is known", "y := 3\np := &y", "y := 5" + typo, "*p = 4\ny", "4", ""},
		{"a function that uses a variable", "y := 3\nfunc get() int { return y }", "y := 5" + typo, "y = 4\nget()", "4", ""},
		{"an assignment before the typo", "y := 3", "y = 5" + typo, "y", "3", ""},
		{"a call before the typo", "n := 0\nfunc count() { n++ }", "count()" + typo, "n", "0", ""},
		{"a function keeps its body", "func f() int { return 1 }", "func f() int { return 2 }" + typo, "f()", "1", ""},
		{"and its signature", "func f() int { return 1 }", "func f(n int) string { return `2` }" + typo, "f()", "1", ""},
		{"a constant", "const y = 3", "const y = 5" + typo, "y", "3", ""},

		{"a type keeps its fields", "type point struct{ x int }\np := point{7}", "type point struct{ y string }" + typo, "q := point{x: 1}\nq.x + p.x", "8", ""},
		{"a type keeps its kind", "type point struct{ x int }\np := point{7}", "type point int" + typo, "p.x", "7", ""},
		{"an alias keeps its type", "type number = int", "type number = string" + typo, "number(3)", "3", ""},
		{"an interface keeps its methods", "type walker interface{ Walk() int }\ntype dog struct{ n int }\nfunc (d *dog) Walk() int { return d.n }", "type walker interface{ Run() }" + typo, "var w walker = &dog{4}\nw.Walk()", "4", ""},
		{"a method keeps its body", "type point struct{ x int }\nfunc (p point) X() int { return p.x }", "func (p point) X() int { return 0 }" + typo, "point{3}.X()", "3", ""},
		{"and its signature", "type point struct{ x int }\nfunc (p point) X() int { return p.x }", "func (p point) X(by string) string { return by }" + typo, "point{3}.X()", "3", ""},
		{"a pointer's method", "type point struct{ x int }\nfunc (p *point) X() int { return p.x }", "func (p *point) X() int { return 0 }" + typo, "(&point{3}).X()", "3", ""},
		{"a method that was called before", "type point struct{ x int }\nfunc (p point) X() int { return p.x }\npoint{1}.X()", "func (p point) X() int { return 0 }" + typo, "point{3}.X()", "3", ""},
		{"the second of two methods", "type point struct{ x int }\nfunc (p point) X() int { return p.x }\nfunc (p point) Y() int { return -p.x }", "func (p point) Y() int { return 0 }\nfunc (p point) Z() int { return 0 }" + typo, "point{3}.Y()", "-3", "point{3}.Z()"},
		{"a method that an embedding type has", "type inner struct{ x int }\nfunc (i inner) X() int { return i.x }\ntype outer struct{ inner }", "func (i inner) X() string { return `` }" + typo, "outer{inner{5}}.X()", "5", ""},
		{"one that the failed cell has looked up", "type inner struct{ x int }\nfunc (i inner) X() int { return i.x }\ntype outer struct{ inner }", "func (i inner) X() string { return `` }\nouter{}.X()" + typo, "outer{inner{5}}.X()", "5", ""},
		{"a type that a later cell declares anew", "type point struct{ x int }\np := point{7}\np.x", "type point struct{ x []int }" + typo, "type point struct{ x string }\npoint{`a`}.x", "a", ""},
		{"a method that a compiled interface calls", "import `io`\ntype source struct{}\nfunc (s *source) Read(p []byte) (int, error) { return 0, io.EOF }", "func (s *source) Read(p []byte) int { return 9 }" + typo, "all, err := io.ReadAll(&source{})\nlen(all)", "0", ""},
		{"a new method of a type", "type point struct{ x int }\nfunc (p point) X() int { return p.x }", "func (p point) Y() int { return p.X() }" + typo, "point{3}.X()", "3", "point{3}.Y()"},
		{"a type and its method anew", "type point struct{ x int }\nfunc (p point) X() int { return p.x }\np := point{7}", "type point struct{ y string }\nfunc (p point) X() string { return p.y }" + typo, "p.X() + point{x: 1}.X()", "8", ""},
		{"a method for a type of a package", "import `strings`", "func (r *strings.Reader) Len() int { return -1 }", "strings.NewReader(`ab`).Len()", "2", ""},
		{"one in brackets", "import `strings`", "func (r (*(strings.Reader))) Extra() int { return -1 }", "strings.NewReader(`ab`).Len()", "2", "strings.NewReader(``).Extra()"},
		{"a body that is wrong", "func f() int { return 1 }", "func f() int { return nothing }", "f()", "1", ""},
		{"a method whose own body is wrong", "type point struct{ x int }\nfunc (p point) X() int { return p.x }", "func (p point) X() int { return nothing }", "point{3}.X()", "3", ""},
		{"an error of grammar", "y := 3", "y := 5\nfunc {", "y", "3", ""},
		{"an import that isn't there", "y := 3", "import `nowhere`\ny := `five`", "y", "3", ""},
		{"a new name, and the cell that defines it afterwards", "", "y := 5" + typo, "y := `five`\ny", "five", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			if c.before != "" {
				runs(t, s, c.before)
			}
			for range 2 { // once more, unless c.then has changed something
				require.NotNil(t, s.Run(c.fails, 2).Failure, "the cell must fail")
				if c.then != "" {
					assert.Equal(t, c.value, runs(t, s, c.then).Data["text/plain"])
				}
				if c.unknown != "" {
					assert.NotNil(t, s.Run(c.unknown, 3).Failure, "%s is known", c.unknown)
				}
				if c.before == "" || c.name == "a type that a later cell declares anew" {
					break
				}
			}
		})
	}
}

// TestFailedCellAfterOneLeftBehind: the session goes on in an inner scope then, and
// its types are those of the outer one.
func TestFailedCellAfterOneLeftBehind(t *testing.T) {
	s := newSession(t)
	runs(t, s, "type point struct{ x int }\nfunc (p point) X() int { return p.x }\ny := 3")
	s.worker = s.worker.abandon()
	require.NotNil(t, s.Run("func (p point) X() string { return `` }\ny := `a`\nnothing()", 2).Failure)
	assert.Equal(t, "6", runs(t, s, "point{3}.X() + y").Data["text/plain"])
}

// TestCommandsOfACell: a command sees what the cells before have defined, and
// nothing of its own cell; and it is not run if that doesn't compile.
func TestCommandsOfACell(t *testing.T) {
	s := newSession(t)
	t.Run("a cell that fails to compile runs none", func(t *testing.T) {
		stdout, _ := printed(t, "", func() { require.NotNil(t, s.Run("$ echo no\nnothing()", 1).Failure) })
		assert.Empty(t, stdout)
	})
	t.Run("nor does one whose import is missing", func(t *testing.T) {
		stdout, _ := printed(t, "", func() { require.NotNil(t, s.Run("$ echo no\nimport `nowhere`", 1).Failure) })
		assert.Empty(t, stdout)
	})
	t.Run("a command that fails leaves nothing of the cell", func(t *testing.T) {
		require.Equal(t, "command failed", s.Run("$ false\ny := 5", 1).Failure.Name)
		assert.NotNil(t, s.Run("y", 2).Failure)
	})
	t.Run("one that works comes before the cell", func(t *testing.T) {
		stdout, _ := printed(t, "", func() { runs(t, s, "$ echo first\nimport `fmt`\nz := 5\nfmt.Println(z)") })
		assert.Equal(t, "first\n5\n", stdout)
	})
	t.Run("the judge does not see the cell's own", func(t *testing.T) {
		result := s.Run("%test 09\nsend := 5", 1)
		require.NotNil(t, result.Failure)
		assert.Contains(t, result.Failure.String(), "the notebook has none")
	})
}

// TestGomacroLayout: gomacro.go was written for one version of gomacro. In another it
// finds out whether names and types are still the same; a person must find out whether
// they still mean the same.
func TestGomacroLayout(t *testing.T) {
	const version = "v0.0.0-20240506194242-2ff796e3da10"
	mod, err := os.ReadFile("../../../go.mod")
	require.NoError(t, err)
	assert.Contains(t, string(mod), "github.com/cosmos72/gomacro "+version+"\n", "compare the new version's structures with gomacro.go, then name it here")
	assert.NoError(t, checkRuns(reflect.TypeFor[fast.IrGlobals]()))
	assert.ErrorContains(t, checkRuns(reflect.TypeFor[struct{ lock, gls int }]()), "mend runsLayout")
	assert.NoError(t, checkType(structOf(newSession(t).ir.Comp.TypeOfInt()).Type()))
	assert.ErrorContains(t, checkType(reflect.TypeFor[struct{ option int }]()), "mend typeLayout")
}

// TestUnsafe: what depends on gomacro's layout is in one file, where an upgrade can
// look.
func TestUnsafe(t *testing.T) {
	var files []string
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			if imported.Path.Value == `"unsafe"` {
				files = append(files, path)
			}
		}
		return nil
	}))
	assert.Equal(t, []string{filepath.Join("..", "cell", "gomacro.go")}, files)
}
