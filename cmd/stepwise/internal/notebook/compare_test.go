package notebook

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func compareOutputs(want, got []Output) []Difference {
	return Compare(sample(prose("a", "# A"), code("b", "run()\nmore()", want...)),
		sample(prose("a", "# A"), code("b", "run()\nmore()", got...)))
}

// Each pair is the same run on another day, or with its streams cut differently.
func TestCompareForgives(t *testing.T) {
	cases := []struct {
		name      string
		want, got []Output
	}{
		{"a stream in pieces", []Output{stdout("one\ntwo\n")}, []Output{stdout("one\n"), stdout("tw"), stdout("o\n")}},
		{"a trailing newline", []Output{stdout("one\n")}, []Output{stdout("one")}},
		{"the order of two streams", []Output{stdout("a\n"), stderr("b\n")}, []Output{stderr("b\n"), stdout("a\n")}},
		{"two streams, interleaved", []Output{stdout("a\n"), stderr("b\n"), stdout("c\n")}, []Output{stdout("a\nc\n"), stderr("b\n")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Empty(t, compareOutputs(c.want, c.got))
			assert.Empty(t, compareOutputs(c.got, c.want))
		})
	}
}

// Each pair differs in a way that matters to a lesson.
func TestCompareFinds(t *testing.T) {
	result := func(s string) Output { return Output{Type: "execute_result", Data: map[string]any{"text/plain": s}} }
	cases := []struct {
		name      string
		want, got []Output
	}{
		{"nothing came", []Output{stdout("one\n")}, nil},
		{"something came", nil, []Output{stdout("one\n")}},
		{"a line less", []Output{stdout("one\ntwo\n")}, []Output{stdout("one\n")}},
		{"lines in another order", []Output{stdout("one\ntwo\n")}, []Output{stdout("two\none\n")}},
		{"an empty line in the middle", []Output{stdout("one\n\ntwo\n")}, []Output{stdout("one\ntwo\n")}},
		{"indentation", []Output{stdout("  one\n")}, []Output{stdout("one\n")}},
		{"the other stream", []Output{stdout("one\n")}, []Output{stderr("one\n")}},
		{"a result instead of a print", []Output{stdout("one\n")}, []Output{result("one")}},
		{"a picture instead of a result", []Output{result("one")}, []Output{display("text/plain", "one")}},
		{"another type of picture", []Output{display("image/svg+xml", "x")}, []Output{display("text/plain", "x")}},
		{"another picture", []Output{display("image/png", "AAAA")}, []Output{display("image/png", "AAAB")}},
		{"a picture twice", []Output{display("text/plain", "x")}, []Output{display("text/plain", "x"), display("text/plain", "x")}},
		{"the order of a print and a picture", []Output{stdout("a"), display("text/plain", "x")}, []Output{display("text/plain", "x"), stdout("a")}},
		{"another error", []Output{failure("ERROR", "refused")}, []Output{failure("ERROR", "reset")}},
		{"another error under one name", []Output{{Type: "error", EName: "panic", EValue: "refused"}}, []Output{{Type: "error", EName: "panic", EValue: "reset"}}},
		{"an error that is gone", []Output{failure("ERROR", "refused")}, nil},
		{"JSON", []Output{{Type: "display_data", Data: map[string]any{"application/json": map[string]any{"n": 1.0}}}},
			[]Output{{Type: "display_data", Data: map[string]any{"application/json": map[string]any{"n": 2.0}}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := compareOutputs(c.want, c.got)
			require.Len(t, found, 1)
			assert.Equal(t, 2, found[0].Number)
			assert.Len(t, compareOutputs(c.got, c.want), 1, "the other way round")
		})
	}
}

// TestTheHTMLOfADrawing looks at a value that has an SVG also in its HTML, encoded.
func TestTheHTMLOfADrawing(t *testing.T) {
	drawing := func(svg, html string) []Output {
		return []Output{{Type: "display_data", Data: map[string]any{"image/svg+xml": svg, "text/html": html}}}
	}
	assert.Empty(t, compareOutputs(drawing("took 1.2ms", "AAAA"), drawing("took 3ms", "BBBB")), "no mask fits what is encoded")
	assert.Len(t, compareOutputs(drawing("3 bars", "AAAA"), drawing("2 bars", "BBBB")), 1)
	assert.Len(t, compareOutputs([]Output{display("text/html", "AAAA")}, []Output{display("text/html", "BBBB")}), 1, "HTML without a drawing")
}

func TestADifferenceNamesItsCellAndShowsTheDiff(t *testing.T) {
	found := compareOutputs([]Output{stdout("sent 65536 of 5000000 bytes in 1.2ms\n")}, []Output{stdout("sent 5000000 of 5000000 bytes in 3ms\n")})
	require.Len(t, found, 1)
	assert.Equal(t, `09-send.ipynb: cell 2 (b) shows something else: run()
    --- committed
    +++ now
    @@ -1,2 +1,2 @@
     [stdout]
    -sent 65536 of 5000000 bytes in⟨time⟩
    +sent 5000000 of 5000000 bytes in⟨time⟩`, found[0].String())
}

func TestCompareFindsCellsThatAreNotTheSame(t *testing.T) {
	one := sample(prose("a", "# A"), code("b", "run()"))
	cases := []struct {
		name  string
		other *Notebook
	}{
		{"another source", sample(prose("a", "# A"), code("b", "run(2)"))},
		{"a cell less", sample(prose("a", "# A"))},
		{"a cell more", sample(prose("a", "# A"), code("b", "run()"), prose("c", "end"))},
		{"code that became prose", sample(prose("a", "# A"), prose("b", "run()"))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Len(t, Compare(one, c.other), 1)
			assert.Len(t, Compare(c.other, one), 1)
		})
	}
}

func TestACellsOwnMasks(t *testing.T) {
	with := func(text string, patterns ...any) *Notebook {
		return sample(masked(code("b", "spin()", stdout(text)), patterns...))
	}
	pattern := `\d+ failed reads`
	assert.Empty(t, Compare(with("1042 failed reads, then 5 bytes", pattern), with("987 failed reads, then 5 bytes", pattern)))
	assert.Len(t, Compare(with("1042 failed reads, then 5 bytes", pattern), with("987 failed reads, then 6 bytes", pattern)), 1)
	assert.Len(t, Compare(with("1042 failed reads", pattern), with("none", pattern)), 1)

	broken := Compare(with("x", "("), with("x", "("))
	require.Len(t, broken, 1, "a broken mask is not passed over")
	assert.Contains(t, broken[0].Diff, "metadata.mask")
}
