package site

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCleanKeeps: what is harmless comes through as it is.
func TestCleanKeeps(t *testing.T) {
	for _, fragment := range []string{
		`<p>a <b>b</b> &amp; <code>c</code></p>`,
		`<details open=""><summary>Why?</summary><p>So.</p></details>`,
		`<table><thead><tr><th colspan="2" scope="col">x</th></tr></thead><tbody><tr><td align="right">1</td><td>2</td></tr></tbody></table>`,
		`<a href="10-read.html#Your-turn">x</a><a href="#a">y</a><a href="https://go.dev/">z</a><a href="mailto:a@b.org">m</a><a href="../ru/a.html">r</a>`,
		`<img src="data:image/png;base64,aGVsbG8=" alt="a dot" width="20"/>`,
		`<svg xmlns="http://www.w3.org/2000/svg" class="stepwise" role="img" viewBox="0 0 1 1" style="max-width:100%"><title>T</title><style>.a&gt;b{fill:#fff}</style><linearGradient id="g"><stop offset="1" stop-color="red"></stop></linearGradient><text text-anchor="middle" x="1"><tspan dx="2">x</tspan></text><use href="#g" fill="url(#g)"></use></svg>`,
		"<pre tabindex=\"0\">\n\nx\n</pre>",
	} {
		safe, left := clean(fragment)
		assert.Equal(t, fragment, safe)
		assert.Empty(t, left)
	}
}

func TestCleanSaysWhatItLeavesOut(t *testing.T) {
	cases := []struct {
		name, fragment, safe string
		left                 []string
	}{
		{"a program, with its text", `a<script>x</script>b`, "ab", []string{"<script>"}},
		{"a form, without its text", `<form>a<button>b</button></form>`, "ab", []string{"<form>", "<button>"}},
		{"a handler", `<p onclick="f()">x</p>`, "<p>x</p>", []string{`<p onclick="f()">`}},
		{"an address", `<a href="javascript:f()">x</a>`, "<a>x</a>", []string{`<a href="javascript:f()">`}},
		{"what a drawing would fetch", `<svg><rect fill="url(https://x.org/a)"></rect></svg>`, "<svg><rect></rect></svg>", []string{`<rect fill="url(https://x.org/a)">`}},
		{"a comment, in silence", `a<!-- b -->c`, "ac", nil},
		{"an unknown attribute, in silence", `<p data-x="1">a</p>`, "<p>a</p>", nil},
		{"what isn't closed", `<section><b>a`, "<section><b>a</b></section>", nil},
		{"what was never opened", `a</section></main>b`, "ab", nil},
		{"each once", `<script></script><script></script>`, "", []string{"<script>"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			safe, left := clean(c.fragment)
			assert.Equal(t, c.safe, safe)
			assert.Equal(t, c.left, left)
		})
	}
	t.Run("too deep to be read", func(t *testing.T) {
		safe, left := clean(strings.Repeat("<b>", 600) + "<script>")
		assert.Empty(t, find(parse(t, safe), "script", ""))
		assert.Equal(t, []string{"markup that can't be read"}, left)
	})
}
