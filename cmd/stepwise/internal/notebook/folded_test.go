package notebook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const asking = "One write of five bytes.\n\n**Predict:** how many go out?"

func TestFolds(t *testing.T) {
	folded := func(c Cell, metadata map[string]any) Cell {
		for key, value := range metadata {
			c.Metadata[key] = value
		}
		return c
	}
	hidden := map[string]any{"collapsed": true, "jupyter": map[string]any{"outputs_hidden": true}}
	predict := func() Cell { return tagged(code("b", "1", stdout("1")), TagPredict) }
	cases := []struct {
		name  string
		cells []Cell
		want  []string
	}{
		{"a prediction", []Cell{prose("a", "# A\n\n"+asking), folded(predict(), hidden)}, nil},
		{"a solution", []Cell{prose("a", "# A"), folded(tagged(code("b", "1"), TagSolution), map[string]any{"jupyter": map[string]any{"source_hidden": true}})}, nil},
		{"an output that is open", []Cell{prose("a", "# A\n\n"+asking), predict()}, []string{"metadata.collapsed doesn't fold", "metadata.jupyter doesn't fold"}},
		{"a solution that is open", []Cell{prose("a", "# A"), tagged(code("b", "1"), TagSolution)}, []string{"metadata.jupyter doesn't fold"}},
		{"the wrong half is folded", []Cell{prose("a", "# A"), folded(tagged(code("b", "1"), TagSolution), hidden)}, []string{"metadata.jupyter doesn't fold", "metadata.collapsed changes from run to run"}},
		{"folded without a reason", []Cell{prose("a", "# A"), folded(tagged(code("b", "1"), "hard"), hidden)}, []string{"metadata.collapsed changes", "metadata.jupyter changes"}},
		{"nobody asked", []Cell{prose("a", "# A"), folded(predict(), hidden)}, []string{"the prose above doesn't end with a paragraph"}},
		{"code asked", []Cell{prose("a", "# A"), code("c", "1 // "+Predict+" what?"), folded(predict(), hidden)}, []string{"the prose above doesn't end"}},
		{"asked, and then talked on", []Cell{prose("a", "# A\n\n"+asking+"\n\nThink."), folded(predict(), hidden)}, []string{"the prose above doesn't end"}},
		{"told instead of asked", []Cell{prose("a", "# A\n\n"+Predict+" five."), folded(predict(), hidden)}, []string{"the prose above doesn't end"}},
		{"nothing to see", []Cell{prose("a", "# A\n\n"+asking), folded(tagged(code("b", "1"), TagPredict), hidden)}, []string{"shows nothing"}},
		{"asked, and the answer is open", []Cell{prose("a", "# A\n\n"+asking), code("b", "1", stdout("1"))}, []string{"tag the cell predict"}},
		{"asked at the end", []Cell{prose("a", "# A\n\n"+asking)}, []string{"no cell follows"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := Lint(sample(c.cells...))
			assert.Len(t, found, len(c.want), found)
			for _, want := range c.want {
				assert.Contains(t, strings.Join(found, "\n"), want)
			}
			if len(c.want) > 0 && c.name != "nobody asked" {
				return
			}
			again := Normal(sample(c.cells...))
			assert.Equal(t, c.cells[len(c.cells)-1].Metadata, again.Cells[len(c.cells)-1].Metadata, "refresh keeps it folded")
		})
	}
}

func TestNormalFoldsByTheTag(t *testing.T) {
	nb := Normal(sample(prose("a", "# A\n\n"+asking), tagged(code("b", "1", stdout("1")), TagPredict), tagged(code("c", "1"), TagSolution)))
	assert.Empty(t, Lint(nb))
	odd := Normal(sample(tagged(prose("d", "# A"), TagPredict)))
	assert.Equal(t, map[string]any{"tags": []any{TagPredict}}, odd.Cells[0].Metadata, "prose is never folded")
}
