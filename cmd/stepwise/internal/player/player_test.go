package player

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

func prose(source string) notebook.Cell { return notebook.Cell{Type: "markdown", Source: source} }

func code(source string, tags ...any) notebook.Cell {
	return notebook.Cell{ID: "x", Type: "code", Source: source, Metadata: map[string]any{"tags": tags}}
}

func sample(cells ...notebook.Cell) *notebook.Notebook {
	return &notebook.Notebook{Path: "09-send.ipynb", Cells: cells}
}

// one returns a cell's outputs as lines: the type, then the content.
func one(c notebook.Cell) string {
	var lines []string
	for _, o := range c.Outputs {
		line := o.Type + " " + o.Name + o.Text + o.EName
		for _, mime := range []string{"text/plain", "text/markdown", "image/svg+xml", "image/png", "application/json"} {
			if content, ok := o.Data[mime].(string); ok {
				line += mime + "=" + content + " "
			}
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "|")
}

const imports = `import ("fmt"; "os"; "display")`

func TestRecord(t *testing.T) {
	cases := []struct {
		name string
		cell string
		want string
	}{
		{"nothing", `x := 1`, ""},
		{"what is printed", `fmt.Println("one"); fmt.Fprint(os.Stderr, "two")`, "stream stdoutone|stream stderrtwo"},
		{"a value", `6 * 7`, "execute_resulttext/plain=42"},
		{"a picture, with its text beside it", `display.SVG("<svg/>")`, "execute_result text/plain=<svg/> image/svg+xml=<svg/>"},
		{"bytes, as a notebook holds them", `display.PNG([]byte{1, 2, 3})`, "execute_result text/plain=image/png, 3 bytes image/png=AQID"},
		{"shown between two prints", `fmt.Print("a"); display.Show(display.Markdown("*b*")); fmt.Print("c")`,
			"stream stdouta|display_data text/plain=*b* text/markdown=*b*|stream stdoutc"},
		{"shown, and changed in its place", `u, err := display.NewUpdatable(display.Markdown("1")); fmt.Print("a"); err = u.Update(display.Markdown("2"))`,
			"display_data text/plain=2 text/markdown=2|stream stdouta"},
		{"a program's output", "$ echo from outside", "stream stdoutfrom outside"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fresh, err := record(sample(code(imports), prose("# A"), code(c.cell)))
			require.NoError(t, err)
			got := one(fresh.Cells[2])
			assert.Equal(t, strings.ReplaceAll(c.want, " ", ""), strings.NewReplacer(" ", "", "\n", "").Replace(got))
		})
	}
}

func TestRecordTakesMoreThanAPipeHolds(t *testing.T) {
	fresh, err := record(sample(code(imports), code(`n, err := os.Stdout.Write(make([]byte, 1000000))`)))
	require.NoError(t, err)
	require.Len(t, fresh.Cells[1].Outputs, 1)
	assert.Len(t, fresh.Cells[1].Outputs[0].Text, 1000000)
}

func TestRecordStopsWhereACellDoes(t *testing.T) {
	cases := []struct {
		name  string
		cells []notebook.Cell
		err   error
		where int
	}{
		{"a cell that panics", []notebook.Cell{prose("# A"), code(`panic("no")`), code(`1`)}, notebook.ErrRaised, 2},
		{"a cell that does not compile", []notebook.Cell{code(`nothing + 1`)}, notebook.ErrRaised, 1},
		{"a cell that is meant to fail", []notebook.Cell{code(`panic("no")`, notebook.TagRaises), code(`1`)}, nil, 0},
		{"a cell that is meant to fail and does not", []notebook.Cell{code(`1`, notebook.TagRaises)}, notebook.ErrNoRaise, 1},
		{"a cell that is not run", []notebook.Cell{code(`panic("no")`, notebook.TagSkip)}, nil, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out, err := os.Stdout, error(nil)
			_, err = record(sample(c.cells...))
			assert.Equal(t, out, os.Stdout, "what it has taken it gives back")
			if c.err == nil {
				require.NoError(t, err)
				return
			}
			var where *notebook.CellError
			require.ErrorIs(t, err, c.err)
			require.ErrorAs(t, err, &where)
			assert.Equal(t, c.where, where.Number)
		})
	}
}

func TestProse(t *testing.T) {
	cases := []struct{ name, source, plain string }{
		{"a heading", "# Send it", "# Send it"},
		{"code in a line", "call `send` now", "`send`"},
		{"a link to another lesson", "see [lesson 08](08-connect.ipynb).", "see lesson 08."},
		{"a link to elsewhere", "see [Go](https://go.dev)", "https://go.dev"},
		{"a list", "- one\n- two", "• one\n  • two"},
		{"a table", "| a | b |\n|---|---|\n| 1 | 2 |", "1"},
		{"a line that is too long", strings.Repeat("word ", 40), "word\n  word"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var plain, colored strings.Builder
			(&Player{Out: &plain, Width: 60}).prose(c.source)
			assert.Contains(t, plain.String(), c.plain)
			assert.NotContains(t, plain.String(), "\x1b", "no terminal, no colors")
			for line := range strings.Lines(plain.String()) {
				assert.LessOrEqual(t, len([]rune(line)), 61)
			}
			(&Player{Out: &colored, Width: 60, Color: true}).prose(c.source)
			assert.True(t, strings.HasSuffix(strings.TrimSpace(colored.String()), "\x1b[0m"), "a color must not run on")
		})
	}
}

func TestCodeKeepsItsLines(t *testing.T) {
	source := "func f() {\n\ts := `" + "```" + "`\n\treturn " + strings.Repeat("x+", 60) + "x\n}"
	for _, color := range []bool{false, true} {
		var out strings.Builder
		(&Player{Out: &out, Width: 40, Color: color}).code("In [1]", source)
		assert.Equal(t, 5, strings.Count(strings.TrimSpace(out.String()), "\n")+1, out.String())
	}
	var fenced strings.Builder
	(&Player{Out: &fenced, Width: 40}).code("In [1]", "s := `\n```\n# no heading\n`")
	assert.Equal(t, "In [1]:\n    s := `\n    ```\n    # no heading\n    `\n", fenced.String())
	var plain strings.Builder
	(&Player{Out: &plain, Width: 40}).code("In [1]", "a := 1\n\nb := 2\n")
	assert.Equal(t, "In [1]:\n    a := 1\n\n    b := 2\n", plain.String())
}

func TestFoldedWaitsForTheReader(t *testing.T) {
	questions := prose("Two questions.\n\n<details><summary>Does <code>send</code>\nwait?</summary>\n\nIt *may*.\n\n</details>\n\n<details><summary>And read?</summary>\n\nToo.\n\n</details>\n\nThe end.")
	for _, c := range []struct {
		name  string
		cells []notebook.Cell
		keys  string
		want  []string // in this order
		never string
	}{
		{"an answer", []notebook.Cell{questions}, "\n\n", []string{"Two questions.", "Does `send` wait?", "Enter shows the answer", "It *may*.", "And read?", "Enter shows the answer", "Too.", "The end."}, "summary"},
		{"the reader leaves before the answer", []notebook.Cell{questions}, "q\n", []string{"Does `send` wait?", "Enter shows the answer"}, "It *may*"},
		{"all answers at once", []notebook.Cell{questions}, "a\n", []string{"Enter shows the answer", "It *may*.", "And read?", "Too.", "The end."}, "And read?\n\nEnter"},
		{"a solution", []notebook.Cell{code(`x := "the solution"`, notebook.TagSolution)}, "\n\n", []string{"The next cell is a solution. Enter shows it", `x := "the solution"`, "Enter runs it"}, "What do you expect"},
		{"the reader leaves before the solution", []notebook.Cell{code(`x := "the solution"`, notebook.TagSolution)}, "q\n", []string{"Enter shows it"}, "the solution\""},
		{"a prediction", []notebook.Cell{code(`x := 1`, notebook.TagPredict)}, "\n", []string{"x := 1", "What do you expect? Enter runs it"}, "solution"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			p := &Player{In: strings.NewReader(c.keys), Out: &out, Width: 80}
			require.NoError(t, p.Play(sample(c.cells...)))
			rest := out.String()
			for _, want := range c.want {
				_, after, found := strings.Cut(rest, want)
				require.True(t, found, "%q is not where it belongs in:\n%s", want, out.String())
				rest = after
			}
			assert.NotContains(t, out.String(), c.never)
		})
	}
}
