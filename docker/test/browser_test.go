package test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNotices checks that a learner sees what the container has to say.
func TestNotices(t *testing.T) {
	c := serve(t, slices.Concat(hardened, []string{"--env", "STEPWISE_NOTICES=A line for you.\nAnd one more."})...)
	c.write("x.ipynb", "1")
	b := open(t, c)
	b.notebook(t, "x.ipynb")
	b.wait(t, "both lines show", `['A line for you.', 'And one more.'].every(line => document.body.innerText.includes(line))`)
	b.picture(t, "notices")
}

// TestBrowser does in a real browser what learners do in their first hour. It
// needs Chromium or Chrome on PATH.
func TestBrowser(t *testing.T) {
	c := serve(t, hardened...)
	// Lab puts only visible cells into the page; the test needs all of them.
	status, raw := c.call("PUT", "/lab/api/settings/@jupyterlab/notebook-extension:tracker", map[string]string{"raw": `{"windowingMode": "none"}`}, nil)
	require.Equal(t, 204, status, raw)
	b := open(t, c)

	t.Run("log in, open lesson 09, run all, see the picture", func(t *testing.T) {
		b.notebook(t, "notebooks/09-send.ipynb")
		b.menu(t, "Edit", "editmenu:clear-all")
		b.wait(t, "the committed outputs are cleared", `document.querySelectorAll('.jp-Notebook .jp-OutputArea-output').length == 0`)
		b.menu(t, "Run", "runmenu:run-all")
		b.wait(t, "every cell has run", ranAll)
		lesson := committed(t, "notebooks/09-send.ipynb")
		assert.Equal(t, fmt.Sprint(lesson.code), b.ask(t, `String(document.querySelectorAll('.jp-Notebook .jp-CodeCell').length)`))
		assert.Equal(t, "0", b.ask(t, failed), "cells failed")
		assert.Equal(t, fmt.Sprint(lesson.withOutput), b.ask(t, `String([...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(x => x.querySelector('.jp-OutputArea-output')).length)`))
		b.wait(t, "as many pictures show, each with alternative text, as are committed", fmt.Sprintf(`[...document.querySelectorAll('.jp-Notebook img.stepwise[alt]:not([alt=""])')].filter(x => x.getBoundingClientRect().height > 20).length == %d`, lesson.pictures))
		b.picture(t, "lesson-09")
	})

	if t.Failed() {
		return
	}
	t.Run("Tab completes a name, Shift-Tab says what it is", func(t *testing.T) {
		c.write("help.ipynb", "import \"stepwise/pkg/sock\"", "sock.Send", "sock.ReadA")
		b.notebook(t, "help.ipynb")
		b.menu(t, "Run", "runmenu:run-all")
		b.wait(t, "the package is imported", `/^\[1\]:$/.test(document.querySelector('.jp-Notebook .jp-CodeCell .jp-InputPrompt').innerText.trim())`)
		inCell := func(n int, key string, modifiers ...input.Modifier) {
			b.press(t, fmt.Sprintf(`document.querySelectorAll('.jp-Notebook .jp-Cell')[%d].querySelector('.cm-content')`, n))
			b.do(t, chromedp.KeyEvent(kb.End), chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
		}
		inCell(2, kb.Tab)
		b.wait(t, "a name is offered", `document.querySelector('.jp-Completer').innerText.trim() == 'ReadAll'`)
		b.do(t, chromedp.KeyEvent(kb.Enter))
		b.wait(t, "the name is completed", `document.querySelectorAll('.jp-Notebook .jp-Cell')[2].innerText.includes('sock.ReadAll')`)
		inCell(1, kb.Tab, input.ModifierShift)
		b.wait(t, "the comment of Send shows", `/func Send\([\s\S]*sends all of data/.test(document.querySelector('.jp-Tooltip').innerText)`)
		b.picture(t, "shift-tab")
	})

	if t.Failed() {
		return
	}
	t.Run("interrupt an endless cell by the menu, and go on", func(t *testing.T) {
		c.write("endless.ipynb", "import \"fmt\"\nx := 42", "fmt.Println(\"spinning\")\nfor {}", "fmt.Println(\"still\", x)")
		b.notebook(t, "endless.ipynb")
		b.menu(t, "Run", "runmenu:run-all")
		b.wait(t, "the cell spins", `document.querySelector('.jp-Notebook').innerText.includes('spinning\n')`)
		b.menu(t, "Kernel", "kernelmenu:interrupt")
		b.wait(t, "the cell was interrupted", failed+` == '1'`)
		b.press(t, `document.querySelectorAll('.jp-Notebook .jp-Cell')[2].querySelector('.cm-content')`)
		b.do(t, chromedp.KeyEvent("\r", chromedp.KeyModifiers(input.ModifierShift)))
		b.wait(t, "the third cell knows x", `document.querySelector('.jp-Notebook').innerText.includes('still 42')`)
		b.picture(t, "interrupted")
	})

	if t.Failed() {
		return
	}
	t.Run("open a terminal and run the tests of the lesson", func(t *testing.T) {
		b.do(t, chromedp.Navigate(c.url+"/lab?reset"))
		b.click(t, `.jp-LauncherCard[title="Start a new terminal session"]`)
		b.wait(t, "the terminal is there", `document.querySelector('.jp-Terminal .xterm-helper-textarea') != null`)
		b.click(t, `.jp-Terminal .xterm-screen`)
		until(t, "the shell answers", func() bool {
			b.press(t, `document.querySelector('.jp-Terminal .xterm-screen')`)
			b.typed(t, "touch /tmp/shell")
			return c.run("test -e /tmp/shell").status == 0
		})
		b.typed(t, "go test -v -run Lesson09 . | tee /tmp/lesson09; stepwise --help | head -n 3; touch /tmp/tested")
		until(t, "the tests have run", func() bool { return c.run("test -e /tmp/tested").status == 0 })
		assert.Contains(t, c.must("cat /tmp/lesson09"), "--- PASS: TestLesson09Send")
		b.picture(t, "terminal")
	})
}

const (
	ranAll = `(() => { const p = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].filter(x => x.offsetParent && x.innerText.trim()); // a folded solution's is empty
		return p.length > 0 && p.every(x => /^\[\d+\]:$/.test(x.innerText.trim())) &&
		document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]') != null })()`
	failed = `String(document.querySelectorAll('.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"]').length)`
)

// A browser is a page of a container's Lab.
type browser struct {
	c   *container
	ctx context.Context
}

// open starts a browser and logs in.
func open(t *testing.T, c *container) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	require.NotEmpty(t, path, "no browser is on PATH: apt-get install chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1400, 1000),
		chromedp.WSURLReadTimeout(patience))
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, close := chromedp.NewContext(ctx)
	t.Cleanup(close)
	b := &browser{c: c, ctx: ctx}
	// Lab asks before it leaves a page with unsaved changes. Without an answer, the
	// question blocks everything.
	chromedp.ListenTarget(ctx, func(event any) {
		if _, asked := event.(*page.EventJavascriptDialogOpening); asked {
			go func() { _ = chromedp.Run(ctx, page.HandleJavaScriptDialog(true)) }()
		}
	})
	require.NoError(t, chromedp.Run(ctx)) // the browser lives as long as this context, so it gets no limit
	b.do(t, chromedp.Navigate(c.url+"/login"), chromedp.WaitVisible("input[name=password]"),
		chromedp.SendKeys("input[name=password]", c.token), chromedp.Click("button#login_submit"))
	b.wait(t, "the learner is logged in", `!location.pathname.startsWith('/login')`)
	return b
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.picture(t, "failed")
		require.NoError(t, err)
	}
}

// ask evaluates an expression in the page and returns its value as text.
func (b *browser) ask(t *testing.T, expression string) string {
	t.Helper()
	var raw []byte
	b.do(t, chromedp.Evaluate(expression, &raw))
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// wait waits until an expression is true in the page.
func (b *browser) wait(t *testing.T, what, expression string) {
	t.Helper()
	end := time.Now().Add(patience)
	for {
		var is bool
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Run(ctx, chromedp.Evaluate(`Boolean((() => { try { return `+expression+` } catch { return false } })())`, &is))
		cancel()
		if err == nil && is {
			return
		}
		if time.Now().After(end) {
			b.picture(t, "waiting")
			t.Fatalf("gave up after %v, before %s (%v)", patience, what, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (b *browser) click(t *testing.T, selector string) {
	t.Helper()
	b.do(t, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// typed types a line into a terminal, all at once. If it were typed key by key, the
// terminal would see each letter twice, as a key and as its text.
func (b *browser) typed(t *testing.T, line string) {
	t.Helper()
	b.do(t, input.InsertText(line), chromedp.KeyEvent("\r"))
}

// menu clicks an entry of one of Lab's menus. As with a real mouse, the pointer
// chooses the entry by moving over it, and the button presses it. A menu that is
// still moving into place misses both, so menu repeats this until it has closed.
func (b *browser) menu(t *testing.T, name, command string) {
	t.Helper()
	entry := fmt.Sprintf(`.lm-Menu li[data-command=%q]`, command)
	b.press(t, fmt.Sprintf(`[...document.querySelectorAll('.lm-MenuBar-item')].find(x => x.innerText.trim() == %q)`, name))
	b.wait(t, "the menu "+name+" is open", `document.querySelector('`+entry+`') != null`)
	until(t, "the menu "+name+" has closed", func() bool {
		b.press(t, `document.querySelector('`+entry+`')`)
		return b.ask(t, `String(document.querySelector('.lm-Menu') == null)`) == "true"
	})
}

// press moves the pointer over what an expression finds and clicks there.
func (b *browser) press(t *testing.T, expression string) {
	t.Helper()
	var at []float64
	b.do(t, chromedp.Evaluate(`(() => { const x = `+expression+`; if (!x) return []; const r = x.getBoundingClientRect();
		return [r.x + Math.min(r.width / 2, 60), r.y + r.height / 2] })()`, &at))
	if len(at) == 2 {
		b.do(t, chromedp.MouseEvent(input.MouseMoved, at[0]-1, at[1]), chromedp.MouseEvent(input.MouseMoved, at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
	}
}

// notebook opens a notebook and waits for its kernel.
func (b *browser) notebook(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.c.url+"/lab/tree/"+path+"?reset"))
	// The notebook's own indicator says idle before it has a kernel at all.
	b.wait(t, "the kernel of "+path+" is idle", fmt.Sprintf(`location.pathname.endsWith(%q) && document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)') != null &&
		document.querySelector('#jp-main-statusbar').innerText.includes('| Idle')`, path))
}

// picture saves a picture of the page in the folder that STEPWISE_PICTURES names.
func (b *browser) picture(t *testing.T, name string) {
	dir := os.Getenv("STEPWISE_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	ctx, cancel := context.WithTimeout(b.ctx, patience/10)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		t.Logf("no picture of the page: %v", err)
		return
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}
