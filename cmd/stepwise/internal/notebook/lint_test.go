package notebook

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The course's own notebooks, so that authors find faults with `go test` alone.
func TestTheCoursesNotebooks(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	require.NoError(t, err)
	paths, err := Find(filepath.Join(root, "notebooks"))
	require.NoError(t, err)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			nb, err := Read(path)
			require.NoError(t, err)
			for _, line := range LintCourse(nb, root) {
				t.Error(line)
			}
		})
	}
}

func TestLint(t *testing.T) {
	picture := func(svg, twin string) Output {
		return Output{Type: "display_data", Data: map[string]any{"image/svg+xml": svg, "text/plain": twin}}
	}
	change := func(f func(nb *Notebook)) *Notebook {
		nb := sample(prose("a", "# Send"), code("b", "1", stdout("1")))
		f(nb)
		return nb
	}
	four, two := 4, 2
	cases := []struct {
		name string
		nb   *Notebook
		want []string // a part of each line; none: all is right
	}{
		{"a good one", sample(prose("a", "# Send\n\n## Why\n\n### More\n\n## Then"), code("b", "1", stdout("1")), prose("c", "## End")), nil},
		{"an old format", change(func(nb *Notebook) { nb.NbformatMinor = 4 }), []string{"nbformat 4.4, not 4.5"}},
		{"another name", change(func(nb *Notebook) { nb.Path = "Send.ipynb" }), []string{"not named NN-slug.ipynb"}},
		{"another kernel", change(func(nb *Notebook) {
			nb.Metadata = map[string]any{"kernelspec": map[string]any{"name": "go"}, "language_info": language}
		}), []string{"metadata"}},
		{"more metadata", change(func(nb *Notebook) { nb.Metadata["toc"] = true }), []string{"metadata"}},
		{"an id twice", change(func(nb *Notebook) { nb.Cells[1].ID = "a" }), []string{"cell 2 (a): the id occurs twice"}},
		{"no id", change(func(nb *Notebook) { nb.Cells[0].ID = "" }), []string{"the id \"\" is not"}},
		{"not run", change(func(nb *Notebook) { nb.Cells[1].ExecutionCount = nil }), []string{"cell 2 (b): was not run"}},
		{"run out of order", change(func(nb *Notebook) { nb.Cells[1].ExecutionCount = &four }), []string{"ran as number 4, not 1"}},
		{"a skipped cell is not counted", sample(prose("a", "# A"), tagged(code("b", "1"), TagSkip), code("c", "2")), nil},
		{"an empty cell", sample(prose("a", "# A"), code("b", "")), []string{"has no code"}},
		{"an error", sample(prose("a", "# A"), code("b", "1", failure("ERROR", "refused"))), []string{`the error "refused"`}},
		{"an error that is meant", sample(prose("a", "# A"), tagged(code("b", "1", failure("ERROR", "refused")), TagRaises)), nil},
		{"no cells", sample(), []string{"has no cells"}},
		{"no heading", sample(prose("a", "Send"), code("b", "1")), []string{"does not begin"}},
		{"code first", sample(code("b", "1"), prose("a", "# Send")), []string{"only the first cell may have", "does not begin"}},
		{"two of the first level", sample(prose("a", "# A\n\n# B")), []string{"has 2 headings"}},
		{"one of the first level, later", sample(prose("a", "# A"), prose("b", "# B")), []string{"cell 2 (b): \"B\"", "has 2 headings"}},
		{"a level skipped", sample(prose("a", "# A"), prose("b", "### C")), []string{`"C" is of level 3 under one of level 1`}},
		{"an empty heading", sample(prose("a", "# A\n\n## ")), []string{"empty heading"}},
		{"a heading of code", sample(prose("a", "# A\n\n## `send`")), nil},
		{"a comment in a fenced block", sample(prose("a", "# A\n\n```sh\n# not a heading\n```\n## B")), nil},
		{"a fence in a longer fence", sample(prose("a", "# A\n\n````\n```\n# no\n```\n# no\n````\n## B")), nil},
		{"a picture without words", sample(prose("a", "# A\n\n![](x.svg)")), []string{"no words"}},
		{"a picture with words", sample(prose("a", "# A\n\n![the loop sleeps](x.svg)")), nil},
		{"an img without alt", sample(prose("a", "# A\n\n<img src='x.svg'>")), []string{"no alt text"}},
		{"an img with an empty alt", sample(prose("a", "# A\n\n<img src='x.svg' alt=\"\">")), []string{"no alt text"}},
		{"an img with alt", sample(prose("a", "# A\n\n<img src='x.svg' alt='the loop'>")), nil},
		{"an img in an output", sample(prose("a", "# A"), code("b", "1", display("text/html", "<img src=x>"))), []string{"cell 2 (b): the picture"}},
		{"an SVG with title and text", sample(prose("a", "# A"), code("b", "1", picture("<svg><title>loop</title></svg>", "loop"))), nil},
		{"an SVG without a title", sample(prose("a", "# A"), code("b", "1", picture("<svg/>", "loop"))), []string{"no <title>"}},
		{"an SVG without its text", sample(prose("a", "# A"), code("b", "1", picture("<svg><title>loop</title></svg>", ""))), []string{"no text/plain"}},
		{"a path of the clone in an output", sample(prose("a", "# A"), code("b", "1", stdout("at /no/such/clone/pkg"))), []string{"names /no/such/clone,"}},
		{"a mask that hides all", sample(prose("a", "# A"), masked(code("b", "1"), ".*")), []string{"matches the empty text"}},
		{"times left by a tool", change(func(nb *Notebook) { nb.Cells[1].Metadata["execution"] = map[string]any{} }), []string{"metadata.execution"}},
		{"code that the kernel can't run", sample(prose("a", "# A"), code("b", "x := 1\nfor i := 0; i < 1000000; i++ {\n}")), []string{"cell 2 (b): line 2: a loop of 1000000 rounds"}},
		{"such code in a cell that is meant to fail", sample(prose("a", "# A"), tagged(code("b", "for i := 0; i < 1000000; i++ {\n}"), TagRaises), tagged(code("c", "for i := 0; i < 1000000; i++ {\n}"), TagSkip)), nil},
		{"two things at once", change(func(nb *Notebook) { nb.NbformatMinor = 2; nb.Cells[1].ExecutionCount = &two }), []string{"nbformat 4.2", "number 2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := Lint(c.nb, "/no/such/clone")
			require.Len(t, found, len(c.want), "%q", found)
			for i, part := range c.want {
				assert.Contains(t, found[i], part)
			}
		})
	}
}

func TestALessonIsNotTooLong(t *testing.T) {
	for _, c := range []struct {
		name         string
		words, cells int
		want         string
	}{
		{"short", 10, 1, ""}, {"just right", 2899, 20, ""}, {"a word too many", 2900 + 200, 20, "takes 36 min, by its number of words, 3100, and of code cells, 20"}, {"a cell too many", 2900, 21, "takes 36 min,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells := []Cell{prose("a", strings.Repeat("word ", c.words))}
			for i := range c.cells {
				cells = append(cells, code(fmt.Sprint("c", i), "1"))
			}
			l := &linter{nb: sample(cells...)}
			l.length()
			if c.want == "" {
				assert.Empty(t, l.found)
			} else {
				assert.Contains(t, strings.Join(l.found, "\n"), c.want)
			}
		})
	}
}
