package cell

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/display"
	_ "stepwise/cmd/kernel/tables"
)

// newSession is a session, without Jupyter.
func newSession(t testing.TB) *Session {
	t.Helper()
	s, err := New()
	require.NoError(t, err)
	return s
}

// runs wants a cell to run, and returns its value.
func runs(t testing.TB, s *Session, code string) display.Data {
	t.Helper()
	result := s.Run(code, 1)
	if result.Failure != nil {
		require.Fail(t, result.Failure.String(), code)
	}
	return result.Value
}

func TestPicture(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("display"; "fmt"; "image")`)
	runs(t, s, "type circle struct{ r int }\nfunc (c circle) SVG() string { return fmt.Sprintf(`<svg><circle r=\"%d\"/></svg>`, c.r) }")
	runs(t, s, "type page struct{ title string }\nfunc (p *page) HTML() string { return `<h1>` + p.title + `</h1>` }\nfunc (p *page) Markdown() string { return `# ` + p.title }")
	runs(t, s, "type dot struct{}\nfunc (d dot) PNG() []byte { return []byte{1, 2} }")
	cases := []struct {
		name, code string
		want       map[string]any // beside the text
	}{
		{"an interpreted value", `circle{3}`, map[string]any{display.MIMETypeSVG: `<svg><circle r="3"/></svg>`}},
		{"a pointer to one", `&circle{4}`, map[string]any{display.MIMETypeSVG: `<svg><circle r="4"/></svg>`}},
		{"two forms, by a pointer's methods", `&page{"a"}`, map[string]any{display.MIMETypeHTML: "<h1>a</h1>", display.MIMETypeMarkdown: "# a"}},
		{"a value whose pointer has the methods", `page{"a"}`, map[string]any{display.MIMETypeHTML: "<h1>a</h1>", display.MIMETypeMarkdown: "# a"}},
		{"bytes", `dot{}`, map[string]any{display.MIMETypePNG: []byte{1, 2}}},
		{"a variable", "c := circle{5}\nc", map[string]any{display.MIMETypeSVG: `<svg><circle r="5"/></svg>`}},
		{"a value and an error that is nil", "func draw() (circle, error) { return circle{6}, nil }\ndraw()", map[string]any{display.MIMETypeSVG: `<svg><circle r="6"/></svg>`}},
		{"in an interface", "var shape interface{} = display.SVG(`<svg/>`)\nshape", map[string]any{display.MIMETypeSVG: `<svg/>`}},
		{"a compiled function", `display.Math("x")`, map[string]any{display.MIMETypeLatex: "$$x$$"}},
		{"text alone", `42`, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := runs(t, s, c.code).Data
			assert.NotEmpty(t, data[display.MIMETypeText])
			delete(data, display.MIMETypeText)
			for mimeType, want := range c.want {
				assert.Equal(t, want, data[mimeType])
			}
			assert.Len(t, data, len(c.want))
		})
	}
	t.Run("a compiled picture", func(t *testing.T) {
		data := runs(t, s, `image.NewGray(image.Rect(0, 0, 2, 3))`)
		assert.Contains(t, data.Data, display.MIMETypePNG)
		assert.Equal(t, map[string]any{"width": 2, "height": 3}, data.Metadata[display.MIMETypePNG])
	})
}
