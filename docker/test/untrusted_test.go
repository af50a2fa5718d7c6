package test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mode is a button that visibly turns Lab's page into one for a single document,
// and terminal is a button that starts a shell. A real attack would start a kernel
// and run its own code.
const (
	mode     = `<button data-commandlinker-command="application:set-mode" data-commandlinker-args='{"mode": "single-document"}'>Show the answer</button>`
	terminal = `<button data-commandlinker-command="terminal:create-new">Show more</button>`
	// A link from the attacker's notebook that Lab itself turns into a command.
	link = `<a href="other.ipynb">the other lesson</a>`
	// A button inside such a link, so that it may be mistaken for Lab's own.
	inLink = `<a href="third.ipynb">` + terminal + `</a>`
)

// TestUntrustedButtons opens files that somebody sent, untrusted and never run, and
// clicks on every button. Nothing may happen, but links between notebooks must
// still work.
func TestUntrustedButtons(t *testing.T) {
	c := serve(t, hardened...)
	c.write("other.ipynb", "// another lesson")
	c.save("sent.ipynb", []map[string]any{
		{"cell_type": "markdown", "id": "text", "metadata": map[string]any{}, "source": mode + " " + terminal + "\n\n" + link + " " + inLink},
		{"cell_type": "code", "id": "html", "metadata": map[string]any{}, "source": "1", "execution_count": 1,
			"outputs": []any{map[string]any{"output_type": "display_data", "metadata": map[string]any{},
				"data": map[string]any{"text/html": mode + terminal + inLink + link}}}},
		{"cell_type": "code", "id": "markdown", "metadata": map[string]any{}, "source": "2", "execution_count": 2,
			"outputs": []any{map[string]any{"output_type": "display_data", "metadata": map[string]any{},
				"data": map[string]any{"text/markdown": mode + " " + terminal}}}},
	})
	c.must(`cat >sent.md <<'END'
` + mode + "\n\n" + terminal + "\n\n" + `[the other lesson](other.ipynb)
END`)
	status, raw := c.call("PUT", "/lab/api/settings/@jupyterlab/docmanager-extension:plugin", map[string]string{"raw": `{"defaultViewers": {"markdown": "Markdown Preview"}}`}, nil)
	require.Equal(t, 204, status, raw)
	b := open(t, c)

	// Lab listens at the body; the window gets a click after that.
	const watch = `(() => { window.inert = 0; window.addEventListener('click', event => { if (event.defaultPrevented) window.inert++ }); return 'ready' })()`
	for _, from := range []struct {
		name, path, inside string
		buttons            int
	}{
		{"a notebook's text and saved outputs", "sent.ipynb", ".jp-Notebook", 8},
		{"the preview of a Markdown file", "sent.md", ".jp-MarkdownViewer", 2},
	} {
		t.Run(from.name, func(t *testing.T) {
			b.document(t, from.path, from.inside, from.buttons)
			b.ask(t, watch)
			for i := range from.buttons {
				button := fmt.Sprintf(`[...document.querySelectorAll('%s button')].filter(x => x.innerText.startsWith('Show '))[%d]`, from.inside, i)
				b.ask(t, `(() => { const x = `+button+`; x.scrollIntoView(); return 'ready' })()`)
				b.press(t, button)
				require.Equal(t, "multiple-document", b.ask(t, `document.querySelector('#main').dataset.shellMode`), "button %d has run a command", i)
			}
			b.wait(t, "every button was really clicked, and led nowhere", fmt.Sprintf("window.inert == %d", from.buttons))

			// If a button had started something, it would be there before this link opens.
			other := fmt.Sprintf(`[...document.querySelectorAll('%s a')].find(x => x.innerText == 'the other lesson')`, from.inside)
			b.ask(t, `(() => { `+other+`.scrollIntoView(); return 'ready' })()`)
			b.press(t, other)
			b.wait(t, "the link leads to the other notebook", `[...document.querySelectorAll('.lm-TabBar-tabLabel')].some(x => x.innerText == 'other.ipynb')`)
			status, raw := c.call("GET", "/api/terminals", nil, nil)
			require.Equal(t, 200, status, raw)
			assert.Equal(t, "[]", raw, "a button has started a shell")
			b.picture(t, "untrusted-"+from.path)
		})
	}
}

// document opens a document, and waits for its buttons.
func (b *browser) document(t *testing.T, path, inside string, buttons int) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.c.url+"/lab/tree/"+path+"?reset"))
	b.wait(t, path+" shows its buttons", fmt.Sprintf(`[...document.querySelectorAll('%s button')].filter(x => x.innerText.startsWith('Show ') && x.offsetParent).length == %d`, inside, buttons))
}
