package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func conceptsOf(t *testing.T, text string) ([]concept, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "concepts.txt")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return readConcepts(path)
}

func TestLevel(t *testing.T) {
	concepts, err := conceptsOf(t, "# words\n\n03  selector, busy loop\n05  Future\n12  framing, kept alive\n")
	require.NoError(t, err)
	cases := []struct{ name, prose, want string }{ // in lesson 04
		{"a word of an earlier lesson", "The selector sleeps.", ""},
		{"a word of a later one", "Its framing is wrong.", `"framing" belongs to lesson 12`},
		{"announced by later", "Framing comes later.", ""},
		{"announced in another sentence", "That comes later. Framing is hard.", `"framing"`},
		{"announced by its number", "Lesson 12 is about framing.", ""},
		{"announced by another number", "Lesson 11 is about framing.", `"framing"`},
		{"announced among others", "Lessons 05 and 12 are about framing.", ""},
		{"announced in a range", "Framing is in lessons 05 to 13.", ""},
		{"outside of the range", "Framing is in lessons 05 to 11.", `"framing"`},
		{"a capital that counts", "In the future it works.", ""},
		{"a capital that counts, and is there", "A Future holds it.", `"Future"`},
		{"a plural", "Two Futures hold it.", `"Future"`},
		{"a part of a word", "Reframing, or framings-to-be.", ""},
		{"words on two lines", "It is kept\nalive.", `"kept alive"`},
		{"in code", "`framing`", ""},
		{"in a block of code", "```\nframing\n```", ""},
		{"in a heading", "## Framing\n\nlater", `"framing"`},
		{"two items of a list", "- later\n- framing", `"framing"`},
		{"where to read on", "## Where to read on\n\n- framing", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			nb := sample(prose("a", "# Callbacks"), prose("b", c.prose))
			nb.Path = "04-callbacks.ipynb"
			l := &linter{nb: nb}
			l.level(concepts)
			if c.want == "" {
				require.Empty(t, l.found)
				return
			}
			require.Len(t, l.found, 1)
			assert.Contains(t, l.found[0], c.want)
		})
	}
	l := &linter{nb: sample(prose("a", "framing"))}
	l.nb.Path = "00-start-here.ipynb"
	l.level(concepts)
	require.Empty(t, l.found, "lesson 00 is the map")
}

func TestConcepts(t *testing.T) {
	for name, text := range map[string]string{
		"no number": "selector", "a short number": "3 selector", "no word": "03", "an empty word": "03 a,,b", "a word twice": "03 a\n04 a",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := conceptsOf(t, text)
			require.ErrorContains(t, err, "concepts.txt:")
		})
	}
}
