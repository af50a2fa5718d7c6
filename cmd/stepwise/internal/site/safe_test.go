package site

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/net/html"
)

// TestCleanKeeps checks that harmless HTML stays as it is.
func TestCleanKeeps(t *testing.T) {
	for _, fragment := range []string{
		`<p>a <b>b</b> &amp; <code>c</code></p>`,
		`<details open=""><summary>Why?</summary><p>So.</p></details>`,
		`<table><thead><tr><th colspan="2" scope="col">x</th></tr></thead><tbody><tr><td align="right">1</td><td>2</td></tr></tbody></table>`,
		`<a href="10-read.html#Your-turn">x</a><a href="#a">y</a><a href="HTTPS://go.dev/">z</a><a href=" https://go.dev/">z</a><a href="mailto:a@b.org">m</a><a href="../ru/a.html">r</a>`,
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
		{"a drawing of another file", `<svg><use href="https://x.org/a.svg#b"></use></svg>`, "<svg><use></use></svg>", []string{`<use href="https://x.org/a.svg#b">`}},
		{"HTML in a drawing's title", `<svg><title>a<b>b</b></title></svg>`, "<svg><title>ab</title></svg>", nil},
		{"a formula, with its text", `<math><mi>x</mi></math>`, "x", []string{"<math>", "<mi>"}},
		{"one in the other", `<q1><q2><q3><q4><q5><q6 onclick="f()">a<script>b</script>`, "a", []string{"<q1>", "<q2>", "<q3>", "<q4>", "<q5>", "<q6>", "<script>"}},
		{"what reads otherwise when something is left out", `<p>a<button><p>b</p></button></p>`, "<p>a</p><p>b</p><p></p>", []string{"<button>"}},
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

// TestAddress tests the second check, after the lists of attributes.
func TestAddress(t *testing.T) {
	const picture = "data:image/png;base64,aGVsbG8="
	cases := []struct {
		namespace, element, name, value string
		want                            bool
	}{
		{"", "a", "href", "x.html", true},
		{"", "a", "href", "a/b:c", true},
		{"", "a", "href", "#a:b", true},
		{"", "a", "href", "?a:b", true},
		{"", "a", "href", "mailto:a@b.org", true},
		{"", "a", "href", picture, false},
		{"", "a", "href", "ftp://x.org/", false},
		{"", "a", "href", "\x01javascript:f()", false},
		{"", "a", "href", "java\nscript:f()", false},
		{"", "a", "onclick", "x", false},
		{"", "a", "ping", "x", false},
		{"", "img", "src", picture, true},
		{"", "img", "src", "https://x.org/", true}, // Check reports it
		{"", "img", "src", "data:text/html;base64,aGVsbG8=", false},
		{"", "img", "src", "data:image/png;base64,x\" y", false},
		{"", "img", "src", "mailto:a@b.org", false},
		{"", "img", "srcset", "x", false},
		{"svg", "use", "href", "#a", true},
		{"svg", "use", "xlink:href", "x.svg#a", false},
	}
	for _, c := range cases {
		n := &html.Node{Type: html.ElementNode, Namespace: c.namespace, Data: c.element}
		assert.Equal(t, c.want, address(n, c.name, c.value), "%v", c)
	}
}
