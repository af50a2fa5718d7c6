//go:build browser

// site_browser_test.go: the site as a reader sees it: opened from the disk, on a phone
// and on a desktop, in light and dark. It needs chromium, so it has a build tag, and
// runs in the browser stage of .ci/run:
//
//	go test -tags browser -run TestBrowser ./cmd/stepwise/internal/site
//
// With STEPWISE_SCREENSHOTS=DIR it saves a picture of every page there.

package site

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// long is how long a browser may take on a slow machine; nothing is timed by it.
const long = 10 * time.Minute

// views are the screens and themes to test the site with.
var views = []struct {
	name          string
	width, height int64
	dark          bool
}{
	{"phone light", 390, 844, false},
	{"phone dark", 390, 844, true},
	{"desk light", 1280, 900, false},
	{"desk dark", 1280, 900, true},
}

// beyond lists elements that stick out of the screen and can't be scrolled to.
const beyond = `(() => {
	const out = [], width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) out.push('the page: ' + document.documentElement.scrollWidth + ' > ' + width);
	for (const e of document.querySelectorAll('body *')) {
		const scroller = e.parentElement.closest('pre, .wide, .lessons');
		const box = e.getBoundingClientRect();
		if (box.width > 0 && !scroller && (box.right > width + 1 || box.left < -1)) out.push(e.tagName + '.' + e.className + ' ' + box.left + '…' + box.right);
	}
	return out;
})()`

// pale lists texts whose contrast to their background is less than 4.5 to 1, the level
// AA of WCAG.
const pale = `(() => {
	const parts = c => (c.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
	const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const ground = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
	const found = new Set();
	for (const e of document.querySelectorAll('body *')) {
		if (e.closest('svg, .anchor') || ![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
		const a = light(parts(getComputedStyle(e).color)), b = light(ground(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) found.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(1));
	}
	return [...found];
})()`

// TestBrowserShowsEveryPage opens each page in each view: nothing sticks out, everything
// can be read, the browser fetches nothing and reports no error.
func TestBrowserShowsEveryPage(t *testing.T) {
	dir, pages := course(t)
	for _, v := range views {
		t.Run(v.name, func(t *testing.T) {
			b := open(t)
			b.do(chromedp.EmulateViewport(v.width, v.height))
			b.theme(v.dark, "screen")
			for _, p := range pages {
				b.load(dir, p.Name)
				assert.Empty(t, ask[[]string](b, beyond), "%s sticks out", p.Name)
				assert.Empty(t, ask[[]string](b, pale), "%s can hardly be read", p.Name)
				brightness := ask[int](b, `Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0])`)
				assert.Equal(t, v.dark, brightness < 128, "the ground of %s", p.Name)
				b.picture(v.name + " " + strings.TrimSuffix(p.Name, ".html"))
			}
			b.quiet(dir)
		})
	}
}

// TestBrowserGoesFromLessonToLesson clicks through the site as a reader does.
func TestBrowserGoesFromLessonToLesson(t *testing.T) {
	dir, pages := course(t)
	b := open(t)
	b.do(chromedp.EmulateViewport(1280, 900))
	b.load(dir, pages[0].Name)
	for i, p := range pages {
		assert.True(t, strings.HasSuffix(ask[string](b, `location.pathname`), "/"+p.Name), "page %d", i)
		assert.Equal(t, ask[string](b, `document.querySelector('h1').innerText`), ask[string](b, `document.querySelector('[aria-current]').innerText`))
		if i < len(pages)-1 {
			b.follow(`header [rel="next"]`)
		}
	}
	assert.False(t, ask[bool](b, `!!document.querySelector('[rel="next"]')`), "the last page leads on")
	b.follow(`.home`)
	assert.True(t, strings.HasSuffix(ask[string](b, `location.pathname`), "/index.html"))
	b.quiet(dir)
}

// TestBrowserPrints checks what goes to the printer, even from a dark screen: dark on
// light, without links that paper can't follow, and with the hidden answers.
func TestBrowserPrints(t *testing.T) {
	dir, pages := course(t)
	b := open(t)
	b.do(chromedp.EmulateViewport(800, 1100))
	b.theme(true, "print")
	for _, p := range pages {
		b.load(dir, p.Name)
		assert.Equal(t, "rgb(255, 255, 255)", ask[string](b, `getComputedStyle(document.body).backgroundColor`), p.Name)
		assert.Empty(t, ask[[]string](b, `[...document.querySelectorAll('.top, .lessons, .turn, .twin')].filter(e => e.offsetParent).map(e => e.className)`), p.Name)
		assert.Empty(t, ask[[]string](b, `[...document.querySelectorAll('main details:not(.twin)')].filter(e => ![...e.children].slice(1).some(c => c.checkVisibility({contentVisibilityAuto: true}))).map(e => e.innerText)`), "%s: hidden on paper", p.Name)
		assert.Empty(t, ask[[]string](b, `[...document.querySelectorAll('pre, .wide, svg')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.tagName != 'svg' || e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 100))`), "%s: cut off on paper", p.Name)
		b.picture("print " + strings.TrimSuffix(p.Name, ".html"))
	}
	paper, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(paper), "%PDF-"))
	b.quiet(dir)
}

// course writes the site of the real notebooks into a folder of its own.
func course(t *testing.T) (dir string, pages []Page) {
	t.Helper()
	pages, err := Render(t.Context(), notebooks)
	require.NoError(t, err)
	dir = t.TempDir()
	require.NoError(t, Write(dir, pages))
	return dir, pages
}

// reader is a browser that notes what it fetches and the errors that it reports.
type reader struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	fetched  []string
	troubles []string
}

func open(t *testing.T) *reader {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true))
	allocator, end := chromedp.NewExecAllocator(t.Context(), flags...)
	ctx, cancel := chromedp.NewContext(allocator)
	limited, stop := context.WithTimeout(ctx, long)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser to end
		stop()
		cancel()
		end()
	})
	b := &reader{t: t, ctx: limited}
	require.NoError(t, chromedp.Listen(limited, b.note), "starting chromium: apt-get install chromium")
	_, err := chromedp.Call(limited, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	return b
}

func (b *reader) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.fetched = append(b.fetched, e.Request.URL)
	case *log.EventEntryAdded:
		b.troubles = append(b.troubles, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.troubles = append(b.troubles, fmt.Sprintf("%v", e.Args))
	case *runtime.EventExceptionThrown:
		b.troubles = append(b.troubles, e.ExceptionDetails.Text)
	}
}

// quiet checks the notes: only pages of dir were opened, and there were no errors.
func (b *reader) quiet(dir string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.Empty(b.t, b.troubles, "the browser complains")
	assert.NotEmpty(b.t, b.fetched)
	for _, address := range b.fetched {
		if !strings.HasPrefix(address, "data:") {
			assert.True(b.t, strings.HasPrefix(address, fileURL(dir)+"/") && strings.HasSuffix(address, ".html"), "fetched %s", address)
		}
	}
}

func (b *reader) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

func (b *reader) load(dir, name string) {
	b.t.Helper()
	b.do(chromedp.Navigate(fileURL(dir) + "/" + name))
}

// follow clicks on a link and waits for the page that it leads to.
func (b *reader) follow(selector string) {
	b.t.Helper()
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	require.NoError(b.t, err, selector)
}

// theme sets the theme that the reader's system prefers, and the medium.
func (b *reader) theme(dark bool, medium string) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	require.NoError(b.t, err)
}

// ask evaluates a JavaScript expression in the page.
func ask[T any](b *reader, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err, expression)
	return value
}

// picture saves a picture of the whole page, if somebody asked for pictures.
func (b *reader) picture(name string) {
	dir := os.Getenv("STEPWISE_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Log("taking a picture:", err)
	}
}

func fileURL(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}
