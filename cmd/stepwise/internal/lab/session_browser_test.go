//go:build browser

package lab

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/setup"
)

// long is how long anything may take on a slow machine; nothing is timed by it.
const long = 5 * time.Minute

// width is the width of the browser's window.
const width = 1000

// Conditions of the page, in JavaScript. A cell gets its number when its reply comes.
// Its outputs come another way and may come later, so idle checks whether the page
// still waits for anything from a cell.
const (
	idle = `Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && !Jupyter.notebook.kernel_busy &&
		document.querySelector('#kernel_indicator_icon').classList.contains('kernel_idle_icon') &&
		Jupyter.notebook.get_cells().every(c => c.cell_type != 'code' ||
			c.element.find('.input_prompt').text().indexOf('*') < 0 &&
			(run => !run || run.shell_done && run.iopub_done)(Jupyter.notebook.kernel._msg_callbacks[c.last_msg_id]))`
	ran = `Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code' && /\[\d+\]/.test(c.element.find('.input_prompt').text())).length`
)

// session is a browser with one notebook open, on a server of its own.
type session struct {
	t   *testing.T
	ctx context.Context
	dir string // of the notebooks: a copy, because Jupyter may save them at any time
}

func course(t *testing.T) setup.Course {
	t.Helper()
	found, err := setup.Find(".")
	require.NoError(t, err)
	return found
}

// open starts Jupyter and a browser, as stepwise lab does, and opens a notebook: one of
// the course, or a new one of the given cells. Both are gone when the test ends.
func open(t *testing.T, name string, cells ...notebook.Cell) *session {
	t.Helper()
	home := course(t)
	jupyter := home.Jupyter()
	require.NoError(t, setup.Prepare(t.Context(), io.Discard, jupyter.Step(), home.Kernel()))
	if !jupyter.Classic() {
		t.Skipf("NOT TESTED: this is %s, whose menus are others; Lab is tested in the image", jupyter)
	}
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(home.Notebooks())))
	if len(cells) > 0 {
		require.NoError(t, notebook.Normal(&notebook.Notebook{Cells: cells}).Write(filepath.Join(dir, name)))
	}
	port, err := ChoosePort(0)
	require.NoError(t, err)
	server := Server{Jupyter: jupyter, Env: home.Environment(), Dir: dir, File: name, Port: port, Token: NewToken(), Out: io.Discard}
	running, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- server.Run(running, func(url string) { ready <- url }) }()
	t.Cleanup(func() { stop(); <-ended })
	s := &session{t: t, ctx: browser(t), dir: dir}
	select {
	case url := <-ready:
		s.do(chromedp.EmulateViewport(width, 800), chromedp.Navigate(url))
	case err := <-ended:
		require.NoError(t, err)
		require.FailNow(t, "Jupyter has ended")
	}
	s.until(`typeof Jupyter == 'object' && Jupyter.notebook && Jupyter.notebook._fully_loaded`)
	s.until(idle)
	return s
}

// browser starts chromium. An error of the page's own code fails the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true))
	allocator, end := chromedp.NewExecAllocator(t.Context(), flags...)
	ctx, cancel := chromedp.NewContext(allocator)
	limited, stop := context.WithTimeout(ctx, 3*long)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser to end
		stop()
		cancel()
		end()
	})
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		if thrown, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page failed: %+v", thrown.ExceptionDetails)
		}
	}), "starting chromium: apt-get install chromium")
	return limited
}

func (s *session) do(actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, actions...); err != nil {
		s.picture("failed")
		require.NoError(s.t, err)
	}
}

// ask evaluates a JavaScript expression in the page.
func ask[T any](s *session, expression string) T {
	s.t.Helper()
	value, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](expression))
	require.NoError(s.t, err, expression)
	return value
}

// until waits for a condition of the page, which polls it as it repaints.
func (s *session) until(condition string) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingTimeout(long))); err != nil {
		s.picture("failed")
		require.NoError(s.t, err, "waiting for %s", condition)
	}
}

// count returns the number of elements that the selector finds.
func (s *session) count(selector string) int {
	s.t.Helper()
	return ask[int](s, "document.querySelectorAll(`"+selector+"`).length")
}

// text returns the text of all the elements.
func (s *session) text(selector string) string {
	s.t.Helper()
	return ask[string](s, "Array.from(document.querySelectorAll(`"+selector+"`)).map(e => e.innerText).join('\\n')")
}

// menu opens a menu and chooses an item with the mouse.
func (s *session) menu(menu, item string) {
	s.t.Helper()
	s.do(chromedp.Click(chromedp.CSS(menu), chromedp.NodeVisible), chromedp.Click(chromedp.CSS(item+" a"), chromedp.NodeVisible))
}

// append writes a cell at the end of the notebook and runs it, by the menus.
func (s *session) append(code string) {
	s.t.Helper()
	s.write(code)
	s.do(chromedp.Evaluate[chromedp.Void](`window.asked = Jupyter.notebook.get_selected_cell(); undefined`))
	s.menu("#celllink", "#run_cell")
	s.until(`/\[(\d+|\*)\]/.test(window.asked.element.find('.input_prompt').text())`)
}

// write writes a cell at the end of the notebook, and leaves the cursor after its last
// character.
func (s *session) write(code string) {
	s.t.Helper()
	cells := ask[int](s, `Jupyter.notebook.ncells()`)
	s.do(chromedp.Evaluate[chromedp.Void](`Jupyter.notebook.select(Jupyter.notebook.ncells() - 1); undefined`))
	s.menu("#insertlink", "#insert_cell_below")
	s.until(`Jupyter.notebook.ncells() == ` + strconv.Itoa(cells+1))
	s.do(chromedp.Click(chromedp.CSS(`.cell.selected .CodeMirror`), chromedp.NodeVisible))
	_, err := chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: code})
	require.NoError(s.t, err)
	s.until(`Jupyter.notebook.get_selected_cell().get_text().length > 0`)
}

// picture saves a picture of the whole notebook, if somebody asked for pictures.
func (s *session) picture(name string) {
	dir := os.Getenv("STEPWISE_SCREENSHOTS")
	if dir == "" {
		return
	}
	height, err := chromedp.Run(s.ctx, chromedp.Evaluate[int64](`document.querySelector('#notebook-container').scrollHeight + 260`))
	if err == nil {
		err = chromedp.Do(s.ctx, chromedp.EmulateViewport(width, height))
	}
	var png []byte
	if err == nil {
		png, err = chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	}
	if err == nil {
		file := strings.NewReplacer("/", "-", " ", "-").Replace(s.t.Name()+" "+name) + ".png"
		err = os.WriteFile(filepath.Join(dir, file), png, 0o644)
	}
	if err == nil {
		err = chromedp.Do(s.ctx, chromedp.EmulateViewport(width, 800))
	}
	if err != nil {
		s.t.Log("taking a picture:", err)
	}
}
