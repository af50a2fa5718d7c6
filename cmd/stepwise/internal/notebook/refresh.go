// refresh.go: what is written back after a run, so that a notebook's file changes
// only where its outputs do. Read compare.go first.

package notebook

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"strings"
)

// volatile are keys that tools leave behind in a cell's metadata. Two of them fold a
// cell; the course's own cells have these by their tags alone.
var volatile = map[string]bool{
	"execution": true, "ExecuteTime": true, "collapsed": true, "scrolled": true, "jupyter": true,
	"trusted": true, "vscode": true, "pycharm": true, "outputId": true, "colab": true,
}

// Refreshed returns committed with the outputs of fresh, in the form that the course
// commits. If Compare finds no difference, it keeps all the committed outputs, unless
// always is set: another port is no reason for a commit. It keeps all of them or
// none, because the cells of a run may quote each other's numbers.
func Refreshed(committed, fresh *Notebook, always bool) *Notebook {
	if !always && len(Compare(committed, fresh)) == 0 {
		fresh = committed
	}
	out := Normal(committed)
	count := 0
	for i := range out.Cells {
		c := &out.Cells[i]
		if !c.IsCode() || c.Has(TagSkip) || i >= len(fresh.Cells) {
			continue
		}
		c.ExecutionCount = nil
		if strings.TrimSpace(c.Source) != "" {
			count++
			n := count
			c.ExecutionCount = &n
		}
		c.Outputs = normalOutputs(fresh.Cells[i].Outputs, c.ExecutionCount)
	}
	return out
}

// Normal returns a copy of nb in the course's form: nbformat 4.5, an id of its own for
// every cell, and only the course's metadata.
func Normal(nb *Notebook) *Notebook {
	out := &Notebook{Path: nb.Path, Metadata: metadata(), Nbformat: 4, NbformatMinor: 5}
	taken := make(map[string]bool)
	for _, c := range nb.Cells {
		if !cellID.MatchString(c.ID) || taken[c.ID] {
			c.ID = newID(c, taken)
		}
		taken[c.ID] = true
		c.Metadata = maps.Clone(c.Metadata)
		maps.DeleteFunc(c.Metadata, func(key string, _ any) bool { return volatile[key] })
		maps.Copy(c.Metadata, c.folding())
		out.Cells = append(out.Cells, c)
	}
	return out
}

// newID makes an id from the cell's source, so that two people who refresh the same
// notebook get the same id.
func newID(c Cell, taken map[string]bool) string {
	text := c.Type + "\n" + c.Source
	for {
		id := fmt.Sprintf("%.4x", sha256.Sum256([]byte(text)))
		if !taken[id] {
			return id
		}
		text += "\n"
	}
}

// normalOutputs joins outputs that belong together, and drops what a run adds by
// chance.
func normalOutputs(outputs []Output, count *int) []Output {
	var out []Output
	for len(outputs) > 0 {
		if n := streams(outputs); n > 0 {
			out = append(out, merge(outputs[:n])...)
			outputs = outputs[n:]
			continue
		}
		o := outputs[0]
		if o.Type == "execute_result" {
			o.ExecutionCount = count
		}
		out = append(out, o)
		outputs = outputs[1:]
	}
	return out
}
