package site

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

func TestOutputs(t *testing.T) {
	const svg = `<?xml version="1.0"?><svg class="stepwise"><title>T</title></svg>`
	cases := []struct {
		name     string
		output   notebook.Output
		element  string // what is looked for
		class    string
		text     string // of the first
		elements int
	}{
		{"standard output", stream("stdout", "a <b>\n"), "pre", "stdout", "a <b>", 1},
		{"standard error is named", stream("stderr", "oh\n"), "p", "label", "Standard error:", 1},
		{"nothing but blank lines", stream("stdout", "\n\n"), "pre", "said", "", 0},
		{"a failure", notebook.Output{Type: "error", Traceback: []string{"1:2: \x1b[31mno\x1b[0m", "more"}}, "pre", "error", "1:2: no\nmore", 1},
		{"a failure is named", notebook.Output{Type: "error", Traceback: []string{"no"}}, "p", "label", "The cell failed:", 1},
		{"a value", value(map[string]any{"text/plain": "42"}), "pre", "value", "42", 1},
		{"HTML before text", value(map[string]any{"text/html": "<b>x</b>", "text/markdown": "*x*", "text/plain": "x"}), "b", "", "x", 1},
		{"an SVG before HTML", value(map[string]any{"text/html": "<b>x</b>", "image/svg+xml": svg, "text/plain": "T"}), "svg", "stepwise", "T", 1},
		{"Markdown", value(map[string]any{"text/markdown": "*x*", "text/plain": "y"}), "em", "", "x", 1},
		{"an SVG, as it is", value(map[string]any{"image/svg+xml": svg, "text/plain": "T\nmore"}), "svg", "stepwise", "T", 1},
		{"its twin in words", value(map[string]any{"image/svg+xml": svg, "text/plain": "T\nmore"}), "details", "twin", "This picture in words\nT\nmore\n", 1},
		{"no twin for one line", value(map[string]any{"image/svg+xml": svg, "text/plain": "T"}), "details", "", "", 0},
		{"JSON", value(map[string]any{"application/json": map[string]any{"b": 1.0, "a": true}, "text/plain": "x"}), "pre", "json", "{\n  \"a\": true,\n  \"b\": 1\n}", 1},
		{"a program is not run", value(map[string]any{"application/javascript": "alert(1)", "text/plain": "x"}), "pre", "value", "x", 1},
		{"no program is there", value(map[string]any{"application/javascript": "alert(1)", "text/plain": "x"}), "script", "", "", 0},
		{"a formula as it is written", value(map[string]any{"text/latex": "$x$", "text/plain": "x"}), "pre", "value", "x", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := find(bodyOf(t, code("x", c.output)), c.element, c.class)
			require.Len(t, found, c.elements)
			if c.elements > 0 {
				assert.Equal(t, c.text, textOf(found[0]))
			}
		})
	}
}

func TestOutputPNG(t *testing.T) {
	o := value(map[string]any{"image/png": "aGVs\nbG8=\n", "text/plain": "two bars\nlong \"and\" short"})
	o.Metadata = map[string]any{"image/png": map[string]any{"width": 20.0, "height": 10.0}}
	images := find(bodyOf(t, code("x", o)), "img", "")
	require.Len(t, images, 1)
	for key, want := range map[string]string{"src": "data:image/png;base64,aGVsbG8=", "alt": "two bars", "width": "20", "height": "10"} {
		assert.Equal(t, want, attribute(images[0], key), key)
	}
}

// TestOutputsNameThemselves checks that a name can't end an attribute.
func TestOutputsNameThemselves(t *testing.T) {
	found := find(bodyOf(t, code("x", stream(`a"b`, "text"))), "pre", "said")
	require.Len(t, found, 1)
	assert.Equal(t, `said a"b`, attribute(found[0], "class"))
	images := find(bodyOf(t, code("x", value(map[string]any{"image/png": `aa"alt="forged`, "text/plain": "words"}))), "img", "")
	require.Len(t, images, 1)
	assert.Equal(t, "words", attribute(images[0], "alt"))
	assert.Empty(t, attribute(images[0], "src"), "what is not a picture must not be shown as one")
}

func TestANSI(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"none", "a & b", "a &amp; b"},
		{"a color", "\x1b[31mred\x1b[0m.", `<span class="a1">red</span>.`},
		{"a bright one", "\x1b[92mg\x1b[m", `<span class="a2">g</span>`},
		{"weight and color", "\x1b[1;34mx\x1b[22my\x1b[39mz", `<span class="b a4">x</span><span class="a4">y</span>z`},
		{"one in another", "\x1b[3ma\x1b[4mb\x1b[23mc\x1b[24md", `<span class="i">a</span><span class="i u">b</span><span class="u">c</span>d`},
		{"of 256 and of all: left out, and nothing else with it", "\x1b[38;5;31;1mx\x1b[0m\x1b[48;2;1;2;3;4my", `<span class="b">x</span><span class="u">y</span>`},
		{"other orders", "\x1b[2Ja\x1b]0;title\x07b\x1b[1Ac\x1bM", "abc"},
		{"escaped inside", "\x1b[1m<b>\x1b[0m", `<span class="b">&lt;b&gt;</span>`},
		{"a line that starts again", "10%\r50%\r100%\nnext\r\n", "100%\nnext\n"},
		{"cut off", "a\x1b[3", "a\x1b[3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, ansiHTML(c.in)) })
	}
}
