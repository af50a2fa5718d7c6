// refresh.go: what is written back after a run, so that a notebook's file
// changes where its outputs do and nowhere else. Read compare.go first.

package notebook

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
)

// volatile are the keys of a cell's metadata that tools leave behind.
var volatile = map[string]bool{
	"execution": true, "ExecuteTime": true, "collapsed": true, "scrolled": true, "jupyter": true,
	"trusted": true, "vscode": true, "pycharm": true, "outputId": true, "colab": true,
}

// Refreshed returns committed with the outputs of fresh, in the one form that
// the course commits. Where Compare sees no difference it keeps the committed
// outputs, all of them, unless always is set: a port that is another one today
// is no reason for a commit. All or none, since the cells of one run may quote
// each other's numbers.
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

// Normal returns nb in the course's form: nbformat 4.5, every cell with an id
// of its own, the course's metadata and no other. nb is left as it is.
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
		out.Cells = append(out.Cells, c)
	}
	return out
}

// newID makes an id from the cell's source, so that two people who refresh the
// same notebook get the same one.
func newID(c Cell, taken map[string]bool) string {
	text := c.Type + "\n" + c.Source
	for {
		sum := sha256.Sum256([]byte(text))
		id := hex.EncodeToString(sum[:4])
		if !taken[id] {
			return id
		}
		text += "\n"
	}
}

// normalOutputs joins what belongs together and drops what a run adds by chance.
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
