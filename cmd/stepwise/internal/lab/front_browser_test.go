//go:build browser

// front_browser_test.go: Jupyter Notebook 6 as a reader sees it: a real browser, the
// real server, the real kernel. It takes minutes and needs chromium, so it has a build
// tag and a stage of .ci/run of its own:
//
//	go test -tags browser -run TestBrowser ./cmd/stepwise/internal/lab
//
// With STEPWISE_SCREENSHOTS=DIR it saves a picture of every notebook there.
// session_browser_test.go has the helpers.

package lab

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// TestBrowserRunsALesson does what a reader does first: clear, run all, look. The screen
// and the file must then have the committed outputs.
func TestBrowserRunsALesson(t *testing.T) {
	s := open(t, "09-send.ipynb")
	committed, err := notebook.Read(filepath.Join(s.dir, "09-send.ipynb"))
	require.NoError(t, err)

	s.menu("#kernellink", "#restart_clear_output")
	s.do(chromedp.Click(chromedp.CSS(`.modal-dialog .btn-danger`), chromedp.NodeVisible))
	s.until(`document.querySelectorAll('.modal-backdrop, .output_area').length == 0`)
	s.until(idle)
	require.Zero(t, s.count(`.output_area`), "an output from before would look like one of this run")
	require.Zero(t, ask[int](s, ran), "a cell has run already")

	s.menu("#celllink", "#run_all_cells")
	s.until(ran + ` == document.querySelectorAll('.code_cell').length`)
	s.until(idle)
	shown := s.text(`.output_area`)
	assert.Contains(t, shown, "lesson 09, send: 10 of 10 cases pass")
	assert.Contains(t, shown, "in the middle of the first message: true")
	assert.Zero(t, s.count(`.output_error`))

	s.picture("ran")
	s.menu("#filelink", "#save_checkpoint")
	s.until(`!Jupyter.notebook.dirty`)
	saved, err := notebook.Read(filepath.Join(s.dir, "09-send.ipynb"))
	require.NoError(t, err)
	for _, difference := range notebook.Compare(committed, saved) {
		t.Error(difference)
	}
}

// TestBrowserInterruptsACell runs an endless loop, the first mishap in a course about
// loops. The menu must stop the cell, and nothing may be lost.
func TestBrowserInterruptsACell(t *testing.T) {
	const failed = `.output_error` // an error ends the cell
	cases := []struct{ name, cell, told, after, shows string }{
		{"an endless loop", "kept := 41\nfor {\n\tkept++\n}", failed, "kept > 41", "true"},
		{"a channel that nobody sends to", "import \"fmt\"\nword := \"still here\"\nnever := make(chan int)\n<-never", failed, "fmt.Println(word)", "still here"},
		// Run returns the error, and the cell may go on with it.
		{"the course's own loop, which waits for a timer", "import (\n\t\"time\"\n\t\"stepwise/pkg/loop\"\n)\nl, err := loop.New(loop.Options{})\nfired := 7\nl.CallLater(time.Hour, func() { fired = 0 })\nl.Run()", `.output_stderr`, "fired * 6", "42"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, "00-start-here.ipynb")
			s.append(c.cell)
			s.until(`document.querySelector('#kernel_indicator_icon').classList.contains('kernel_busy_icon')`)
			s.menu("#kernellink", "#int_kernel")
			s.until("document.querySelectorAll('" + c.told + "').length == 1")
			s.until(idle)
			assert.Contains(t, s.text(c.told), "interrupted")
			s.append(c.after)
			s.until(idle)
			assert.Contains(t, s.text(`.output_area`), c.shows)
			assert.Equal(t, 1, s.count(c.told))
			s.picture("interrupt " + c.name)
		})
	}
}

// TestBrowserHelps presses Shift-Tab and Tab in a cell that is being written.
func TestBrowserHelps(t *testing.T) {
	s := open(t, "00-start-here.ipynb")
	s.append("import (\n\t\"fmt\"\n\t\"stepwise/pkg/loop\"\n)\n// twice is n and n.\nfunc twice(n int) int { return 2 * n }\nl, err := loop.New(loop.Options{})")
	s.until(idle)
	require.Zero(t, s.count(`.output_error`), s.text(`.output_error`))
	docs := []struct{ name, cell, signature, doc string }{
		{"a function of the standard library", "fmt.Println(", "func Println(a ...any) (n int, err error)", "Spaces are always added"},
		{"a method of ours", "l.CallSoon", "func (l *Loop) CallSoon(", "CallSoon"},
		{"a function of the notebook", "twice(", "func twice(n int) int", "twice is n and n."},
	}
	for _, d := range docs {
		t.Run("Shift-Tab at "+d.name, func(t *testing.T) {
			s.write(d.cell)
			s.do(chromedp.KeyEvent("\t", chromedp.KeyModifiers(chromedp.ModifierShift)))
			s.until(`document.querySelector('#tooltip').offsetParent && document.querySelector('#tooltip .tooltiptext').innerText.length > 0`)
			shown := s.text(`#tooltip .tooltiptext`)
			assert.Contains(t, shown, d.signature)
			assert.Contains(t, shown, d.doc)
			s.picture("tooltip " + d.name)
			s.do(chromedp.KeyEvent(kb.Escape))
			s.until(`!document.querySelector('#tooltip').offsetParent`)
		})
	}
	t.Run("Tab offers what may follow a dot", func(t *testing.T) {
		s.write("l.Call")
		s.do(chromedp.KeyEvent("\t"))
		s.until(`document.querySelectorAll('.completions option').length > 0`)
		shown := s.text(`.completions option`)
		for _, name := range []string{"CallLater", "CallSoon", "CallSoonThreadsafe"} {
			assert.Contains(t, shown, name)
		}
		s.do(chromedp.KeyEvent(kb.Escape))
		s.until(`document.querySelectorAll('.completions').length == 0`)
	})
	t.Run("Tab writes the only name that fits", func(t *testing.T) {
		s.write("twi")
		s.do(chromedp.KeyEvent("\t"))
		s.until(`Jupyter.notebook.get_selected_cell().get_text() == 'twice'`)
	})
}

// TestBrowserShowsEveryLesson opens the notebooks as they are committed. A program can
// check only a little: the page works, and all the text is there.
func TestBrowserShowsEveryLesson(t *testing.T) {
	paths, err := notebook.Find(course(t).Notebooks())
	require.NoError(t, err)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			nb, err := notebook.Read(path)
			require.NoError(t, err)
			s := open(t, filepath.Base(path))
			assert.Equal(t, len(nb.Cells), s.count(`.cell`))
			assert.Equal(t, 1, s.count(`h1`))
			assert.Equal(t, tagged(nb, notebook.TagRaises), s.count(`.output_error`))
			assert.Equal(t, tagged(nb, notebook.TagPredict), ask[int](s, `Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code' && c.output_area.collapsed && !c.element.find('.output').is(':visible')).length`), "folded outputs")
			assert.Equal(t, tagged(nb, notebook.TagSolution), ask[int](s, `Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code' && !c.element.find('.input_area').is(':visible')).length`), "folded solutions")
			assert.Zero(t, ask[int](s, `[...document.querySelectorAll('.output')].filter(e => e.querySelector('.stepwise') && e.scrollHeight > e.clientHeight + 1).length`), "pictures in a box that scrolls")
			s.picture(nb.Name())
		})
	}
}

// tagged counts the cells with the tag.
func tagged(nb *notebook.Notebook, tag string) (n int) {
	for i := range nb.Cells {
		if nb.Cells[i].Has(tag) {
			n++
		}
	}
	return n
}

// TestBrowserOpensASolution presses the button that Notebook 6 lacks.
func TestBrowserOpensASolution(t *testing.T) {
	const shown = `Jupyter.notebook.get_cells().filter(c => c.element.find('.input_area').is(':visible')).length`
	s := open(t, "sample.ipynb", notebook.Cell{Type: "markdown", Source: "# Send\n\nTry it before you open the next cell."},
		notebook.Cell{Type: "code", Source: "answer := 42", Metadata: map[string]any{"tags": []any{notebook.TagSolution}}})
	require.Equal(t, 0, ask[int](s, shown))
	s.do(chromedp.Click(chromedp.CSS(`.stepwise-fold`), chromedp.NodeVisible))
	require.Equal(t, 1, ask[int](s, shown))
	assert.Equal(t, "true", ask[string](s, `document.querySelector('.stepwise-fold').getAttribute('aria-expanded')`))
	s.menu("#celllink", "#run_all_cells")
	s.until(idle)
	s.do(chromedp.Click(chromedp.CSS(`.stepwise-fold`), chromedp.NodeVisible))
	assert.Equal(t, "false", ask[string](s, `document.querySelector('.stepwise-fold').getAttribute('aria-expanded')`), "folded again")
}
