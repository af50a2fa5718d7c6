// output.go: the outputs of a cell, in the best form that a page without programs can
// show. Read page.go first.

package site

import (
	"encoding/json"
	"fmt"
	"strings"

	"stepwise/cmd/stepwise/internal/notebook"
)

// outputs renders the outputs of c.
func (l *lesson) outputs(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		switch o.Type {
		case "stream":
			b.WriteString(said(o.Name, o.Text))
		case "error":
			b.WriteString(said("error", strings.Join(o.Traceback, "\n")))
		default:
			b.WriteString(l.shown(o))
		}
	}
	return b.String()
}

// said renders text that a cell printed. It labels text that isn't standard output,
// because its color alone is not enough.
func said(how, text string) string {
	text = strings.TrimRight(text, "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	label := ""
	switch how {
	case "stderr":
		label = "<p class=\"label\">Standard error:</p>\n"
	case "error":
		label = "<p class=\"label\">The cell failed:</p>\n"
	}
	return fmt.Sprintf("%s<pre class=\"said %s\"%s role=\"group\" aria-label=\"Output\">%s</pre>\n", label, escape(how), reach(text), ansiHTML(text))
}

// shown renders a value in the best of its forms. The HTML beside an SVG is for programs
// that show an SVG without its title. It shows a script, or a formula that needs one, as
// text.
func (l *lesson) shown(o notebook.Output) string {
	plain, _ := o.Data["text/plain"].(string)
	for _, kind := range []string{"image/svg+xml", "text/html", "text/markdown", "image/png", "image/jpeg", "image/gif", "application/json"} {
		value, there := o.Data[kind]
		if !there {
			continue
		}
		content, _ := value.(string)
		switch kind {
		case "text/html":
			return "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Output\">\n" + content + "\n</div>\n"
		case "text/markdown":
			if text, err := l.prose(content, nil); err == nil {
				return "<div class=\"prose\">\n" + text + "</div>\n"
			}
		case "image/svg+xml":
			return figure(content[max(0, strings.Index(content, "<svg")):], plain)
		case "application/json":
			if text, err := json.MarshalIndent(value, "", "  "); err == nil {
				return said("json", string(text))
			}
		default:
			return figure(picture(kind, content, plain, o.Metadata[kind]), plain)
		}
	}
	return said("value", plain)
}

// picture returns an <img> that contains the picture. Its alt text is the first line
// of the text beside it.
func picture(kind, content, plain string, metadata any) string {
	alt, _, _ := strings.Cut(strings.TrimSpace(plain), "\n")
	size := ""
	given, _ := metadata.(map[string]any)
	for _, side := range []string{"width", "height"} {
		if n, ok := given[side].(float64); ok && n > 0 {
			size += fmt.Sprintf(" %s=\"%d\"", side, int(n))
		}
	}
	return fmt.Sprintf("<img src=\"data:%s;base64,%s\" alt=\"%s\"%s>", kind, escape(strings.Join(strings.Fields(content), "")), escape(alt), size)
}

// figure returns a picture, which can be scrolled if it is wider than the screen, with
// its text if that has more than one line.
func figure(content, plain string) string {
	twin := ""
	if strings.Contains(strings.TrimSpace(plain), "\n") {
		twin = fmt.Sprintf("<details class=\"twin\"><summary>This picture in words</summary>\n%s</details>\n", said("value", plain))
	}
	return "<div class=\"wide picture\" tabindex=\"0\" role=\"group\" aria-label=\"Picture\">\n" + content + "\n</div>\n" + twin
}
