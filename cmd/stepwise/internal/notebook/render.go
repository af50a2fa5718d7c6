// render.go: a cell's outputs as one text, which is what the comparer compares
// and what its diffs show. Read notebook.go first.

package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// render writes outputs as text: a line in brackets for each kind of output,
// then what it holds. Two lists that a reader sees as the same are the same
// text: how a stream was cut into messages is lost, and so is which of two
// streams of one stretch came first, since they come through two pipes.
func render(outputs []Output) string {
	var b strings.Builder
	for len(outputs) > 0 {
		n := streams(outputs)
		if n == 0 {
			renderOne(&b, outputs[0])
			n = 1
		} else {
			for _, s := range merge(outputs[:n]) {
				block(&b, s.Name, s.Text)
			}
		}
		outputs = outputs[n:]
	}
	return b.String()
}

// streams counts the outputs of type stream at the start of the list.
func streams(outputs []Output) int {
	n := slices.IndexFunc(outputs, func(o Output) bool { return o.Type != "stream" })
	if n < 0 {
		return len(outputs)
	}
	return n
}

// merge joins a stretch of stream outputs to at most one of each name, stdout first.
func merge(stretch []Output) []Output {
	texts := make(map[string]string)
	for _, o := range stretch {
		texts[o.Name] += o.Text
	}
	var merged []Output
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(texts))) {
		merged = append(merged, Output{Type: "stream", Name: name, Text: texts[name]})
	}
	return merged
}

func renderOne(b *strings.Builder, o Output) {
	if o.Type == "error" {
		block(b, "error", o.EName+": "+o.EValue)
		block(b, "traceback", strings.Join(o.Traceback, "\n"))
		return
	}
	fmt.Fprintf(b, "[%s]\n", o.Type)
	for _, mime := range slices.Sorted(maps.Keys(o.Data)) {
		block(b, mime, asText(o.Data[mime]))
	}
	if len(o.Metadata) > 0 {
		block(b, "metadata", asText(o.Metadata))
	}
}

func block(b *strings.Builder, title, body string) {
	fmt.Fprintf(b, "[%s]\n", title)
	if body = strings.TrimRight(body, "\n"); body != "" {
		b.WriteString(body + "\n")
	}
}

func asText(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
