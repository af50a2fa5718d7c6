// folded.go: what a reader opens after a try of their own: an output that they are to
// predict, and the solution of an exercise. An author sets a tag; refresh writes the
// metadata by which Jupyter's front ends fold the cell. Read refresh.go first.

package notebook

import (
	"reflect"
	"strings"
)

// Predict begins the last paragraph of the prose above a cell that is tagged
// TagPredict. The paragraph asks what the cell will print.
const Predict = "**Predict:**"

// folding is the metadata that folds c, by the names of nbformat, and nil for a cell
// that is open. Notebook 6 knows collapsed, JupyterLab and Notebook 7 know jupyter.
func (c *Cell) folding() map[string]any {
	switch {
	case !c.IsCode():
		return nil
	case c.Has(TagPredict):
		return map[string]any{"collapsed": true, "jupyter": map[string]any{"outputs_hidden": true}}
	case c.Has(TagSolution):
		return map[string]any{"jupyter": map[string]any{"source_hidden": true}}
	}
	return nil
}

// folds finds cells that aren't folded as their tags say, and predictions without a
// question or without an answer.
func (l *linter) folds() {
	for i := range l.nb.Cells {
		c := &l.nb.Cells[i]
		for key, want := range c.folding() {
			if !reflect.DeepEqual(c.Metadata[key], want) {
				l.add(i, "metadata.%s doesn't fold the cell as its tag says: stepwise refresh does", key)
			}
		}
		switch asked := i > 0 && asksToPredict(&l.nb.Cells[i-1]); {
		case c.Has(TagPredict) && !asked:
			l.add(i, "is tagged %s, but the prose above doesn't end with a paragraph that begins with %s and asks", TagPredict, Predict)
		case c.Has(TagPredict) && len(c.Outputs) == 0:
			l.add(i, "is tagged %s, but shows nothing", TagPredict)
		case asked && !c.Has(TagPredict):
			l.add(i, "the prose above asks for a prediction: tag the cell %s", TagPredict)
		}
		if asksToPredict(c) && i == len(l.nb.Cells)-1 {
			l.add(i, "asks for a prediction, and no cell follows")
		}
	}
}

// asksToPredict reports whether c is prose that ends with the question for a
// prediction.
func asksToPredict(c *Cell) bool {
	source := strings.TrimSpace(c.Source)
	last := source[strings.LastIndex(source, "\n\n")+1:]
	return c.Type == "markdown" && strings.HasPrefix(strings.TrimSpace(last), Predict) && strings.Contains(last, "?")
}
