// render.go: a cell's outputs as one text. Comparisons use it, and diffs show it. Read
// notebook.go first.

package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// render returns outputs as text: a line in brackets for each kind of output, then its
// content. Two lists that look the same to a reader give the same text. So the text
// doesn't show how a stream was cut into messages, nor which of two neighboring
// streams came first, since they come through two pipes.
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

// merge joins neighboring stream outputs into at most one for each name, stdout
// first.
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
	_, drawn := o.Data["image/svg+xml"]
	for _, mime := range slices.Sorted(maps.Keys(o.Data)) {
		if mime == "text/html" && drawn {
			continue // it contains the same SVG, encoded, so no mask fits it
		}
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
