package site

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

func TestProse(t *testing.T) {
	page := bodyOf(t,
		prose("# Title\n\nSee [lesson 10](10-read.ipynb), [its turn](10-read.ipynb#Your-turn), [the start](00-start-here.ipynb) and [Go](https://go.dev/x.ipynb)."),
		prose("## The `code` & more\n\n```go\nreturn \"a\"\n```\n\n    plain <b>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
		prose("## The `code` & more\n\n<details><summary>Why?</summary>\n\nBecause *so*.\n\n</details>\n\n```python\nfor x in y\n```"),
		notebook.Cell{ID: "q", Type: "markdown", Source: "Quoted:\n\n```go\nfunc Send() {}\n```", Metadata: map[string]any{"quote": "pkg/sock/send.go#Send"}},
		notebook.Cell{ID: "r", Type: "raw", Source: "<raw>"},
	)
	var targets []string
	for _, a := range find(page, "a", "") {
		targets = append(targets, attribute(a, "href"))
	}
	assert.Equal(t, []string{"10-read.html", "10-read.html#Your-turn", "index.html", "https://go.dev/x.ipynb", "#The-code-&-more", "#The-code-&-more-2"}, targets)

	headings := find(page, "h2", "")
	require.Len(t, headings, 2)
	assert.Equal(t, "The-code-&-more", attribute(headings[0], "id"), "as Jupyter names it")
	assert.Equal(t, "The-code-&-more-2", attribute(headings[1], "id"), "no id occurs twice")

	blocks := find(page, "pre", "")
	require.Len(t, blocks, 5)
	assert.Len(t, find(blocks[0], "span", "k"), 1, "Go has colors")
	assert.Equal(t, "plain <b>", textOf(blocks[1]))
	assert.Empty(t, find(blocks[2], "span", ""), "only Go has")
	assert.Equal(t, "<raw>", textOf(blocks[4]))

	tables := find(page, "table", "")
	require.Len(t, tables, 1)
	assert.Equal(t, "wide", attribute(tables[0].Parent, "class"), "it scrolls within itself")
	assert.Len(t, find(tables[0], "th", ""), 2)

	answers := find(page, "details", "")
	require.Len(t, answers, 1)
	assert.Equal(t, "Why?", textOf(find(answers[0], "summary", "")[0]))
	assert.Len(t, find(answers[0], "em", ""), 1, "an answer is Markdown too")
	assert.Equal(t, "From pkg/sock/send.go: Send", textOf(find(page, "p", "source")[0]))
}

func TestPicturesOfProse(t *testing.T) {
	dot := base64.StdEncoding.EncodeToString([]byte("dot"))
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a b.png"), []byte("dot"), 0o644))
	cases := []struct{ name, source, src, err string }{
		{"attached", "![a dot](attachment:dot.png)", "data:image/png;base64," + dot, ""},
		{"in a file beside the notebook", "![a dot](<a b.png>)", "data:image/png;base64," + dot, ""},
		{"elsewhere: the links' check says so", "![a dot](https://go.dev/x.png)", "https://go.dev/x.png", ""},
		{"attached to no cell", "![a dot](attachment:no.png)", "", "no.png is not attached"},
		{"in no file", "![a dot](no.png)", "", "the picture no.png"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLesson(&notebook.Notebook{Path: "x.ipynb"}, "x.ipynb", rootOf(t, dir))
			text, err := l.prose(c.source, map[string]any{"dot.png": map[string]any{"image/png": dot + "\n"}})
			if c.err != "" {
				assert.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			images := find(parse(t, text), "img", "")
			require.Len(t, images, 1)
			assert.Equal(t, c.src, attribute(images[0], "src"))
			assert.Equal(t, "a dot", attribute(images[0], "alt"))
		})
	}
}

func TestToPage(t *testing.T) {
	cases := []struct{ name, link, want string }{
		{"a lesson", "09-send.ipynb", "09-send.html"},
		{"a place in it", "09-send.ipynb#The-code", "09-send.html#The-code"},
		{"the first", "./00-start-here.ipynb", "./index.html"},
		{"in another language", "../ru/00-start-here.ipynb#a", "../ru/index.html#a"},
		{"a place on the page", "#a", "#a"},
		{"another site", "https://x.org/a.ipynb", "https://x.org/a.ipynb"},
		{"not a notebook", "README.md", "README.md"},
		{"no address", "%zz", "%zz"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, toPage(c.link)) })
	}
}

func TestReachWhatIsWide(t *testing.T) {
	fits, wide := strings.Repeat("x", 80), strings.Repeat("x", 81)
	tabs := strings.Repeat("\t", 20) + "x"
	for _, c := range []struct {
		name string
		text string
		stop string // its tabindex
	}{
		{"nothing", "", ""}, {"a line that fits", fits, ""}, {"a line that is wide", "short\n" + wide + "\n", "0"},
		{"letters, not bytes", strings.Repeat("é", 80), ""}, {"a tab is four columns", tabs, "0"}, {"many short lines", strings.Repeat(fits+"\n", 9), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := bodyOf(t, code(c.text, stream("stdout", c.text)), prose("```\n"+c.text+"\n```"), notebook.Cell{ID: "r", Type: "raw", Source: c.text})
			for i, block := range find(page, "pre", "") {
				assert.Equal(t, c.stop, attribute(block, "tabindex"), "block %d", i)
			}
		})
	}
}

func TestFolded(t *testing.T) {
	as := func(c notebook.Cell, tag string) notebook.Cell {
		c.Metadata = map[string]any{"tags": []any{tag}}
		return c
	}
	cell := func() notebook.Cell { return code("x := 1", stream("stdout", "one")) }
	for _, c := range []struct {
		name, summary, inside, outside string
		cell                           notebook.Cell
	}{
		{"an output to predict", "What it shows", "one", "x := 1", as(cell(), notebook.TagPredict)},
		{"a solution", "A solution", "x := 1", "one", as(cell(), notebook.TagSolution)},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := bodyOf(t, c.cell)
			folds := find(page, "details", "fold")
			require.Len(t, folds, 1)
			assert.Equal(t, c.summary, textOf(find(folds[0], "summary", "")[0]))
			assert.Contains(t, textOf(folds[0]), c.inside)
			assert.NotContains(t, textOf(folds[0]), c.outside)
			assert.Contains(t, textOf(page), c.outside)
			assert.Empty(t, attribute(folds[0], "open"))
		})
	}
	assert.Empty(t, find(bodyOf(t, cell()), "details", ""))
}
