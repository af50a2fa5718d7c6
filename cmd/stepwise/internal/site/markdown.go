// markdown.go: prose as Jupyter shows it: GitHub's tables, harmless raw HTML, and an
// id for every heading, of the form that links in a notebook expect. The site adds
// something: links lead to pages instead of notebooks, pictures are inside the page,
// wide blocks can be scrolled, and Go is in colors. Read page.go first.

package site

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/regular"
)

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	// HTML in the prose is on purpose; safe.go says which of it may stay.
	goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(nodes{}, 1))),
)

// markdown renders a cell of prose.
func (l *lesson) markdown(c *notebook.Cell) (string, error) {
	rendered, err := l.prose(c.Source, c.Attachments)
	if what, ok := c.Metadata["quote"].(string); ok && err == nil {
		file, symbol, _ := strings.Cut(what, "#")
		rendered += fmt.Sprintf("<p class=\"source\">From <code>%s</code>: <code>%s</code></p>\n", escape(file), escape(symbol))
	}
	return rendered, err
}

// prose renders Markdown; attachments are the pictures in the cell.
func (l *lesson) prose(source string, attachments map[string]any) (string, error) {
	content := []byte(source)
	document := markdown.Parser().Parse(text.NewReader(content))
	err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			l.heading(n, wordsOf(n, content))
		case *ast.Link:
			n.Destination = []byte(toPage(string(n.Destination)))
		case *ast.Image:
			inside, err := l.picture(string(n.Destination), attachments)
			n.Destination = []byte(inside)
			return ast.WalkContinue, err
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = markdown.Renderer().Render(&b, content, document)
	return b.String(), err
}

// heading gives n its id, as Jupyter does: its words, with - for blanks.
func (l *lesson) heading(n *ast.Heading, words string) {
	id := l.taken.use(strings.ReplaceAll(words, " ", "-"))
	n.SetAttributeString("id", id)
	if n.Level == 2 {
		l.sections = append(l.sections, section{id, words})
	}
}

// wordsOf returns the text of a node without its markup.
func wordsOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// plainText returns a line of Markdown without its markup.
func plainText(line string) string {
	return wordsOf(markdown.Parser().Parse(text.NewReader([]byte(line))), []byte(line))
}

// toPage turns a link to a notebook into a link to its page. It leaves other links
// alone.
func toPage(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || path.Ext(u.Path) != ".ipynb" {
		return target
	}
	u.Path, u.RawPath = pageOf(u.Path), ""
	return u.String()
}

// picture turns the address of a picture, in the cell or in a file beside the
// notebook, into the picture itself.
func (l *lesson) picture(target string, attachments map[string]any) (string, error) {
	if name, ok := strings.CutPrefix(target, "attachment:"); ok {
		forms, _ := attachments[name].(map[string]any)
		for _, kind := range []string{"image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"} {
			if content, ok := forms[kind].(string); ok {
				return "data:" + kind + ";base64," + strings.Join(strings.Fields(content), ""), nil
			}
		}
		return "", fmt.Errorf("the picture %s is not attached to the cell", name)
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return target, nil // Check reports it
	}
	kind, ok := pictures[strings.ToLower(path.Ext(u.Path))]
	if !ok {
		return "", fmt.Errorf("the picture %s: want a name that ends in .png, .jpg, .jpeg, .gif, .webp or .svg", target)
	}
	content, err := regular.ReadIn(l.root, filepath.FromSlash(path.Join(path.Dir(l.file), u.Path)))
	if err != nil {
		return "", fmt.Errorf("the picture %s: %w: a picture is a file in the notebooks' folder", target, err)
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(content), nil
}

// pictures has the types of picture files, by extension.
var pictures = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml"}

// nodes renders the nodes that goldmark's own HTML renders differently.
type nodes struct{}

// RegisterFuncs tells goldmark which nodes these are.
func (nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, renderHeading)
	r.Register(ast.KindFencedCodeBlock, renderBlock)
	r.Register(ast.KindCodeBlock, renderBlock)
	r.Register(tables.KindTable, renderTable)
}

func renderHeading(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	value, _ := n.AttributeString("id")
	id, _ := value.(string)
	switch {
	case entering:
		fmt.Fprintf(w, "<h%d id=\"%s\">", n.Level, escape(id))
	case n.Level == 1:
		fmt.Fprintf(w, "</h%d>\n", n.Level)
	default:
		link := url.URL{Fragment: id}
		fmt.Fprintf(w, "<a class=\"anchor\" href=\"%s\" aria-label=\"Link to: %s\">#</a></h%d>\n", escape(link.String()), escape(wordsOf(n, source)), n.Level)
	}
	return ast.WalkContinue, nil
}

func renderBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	code := strings.TrimRight(string(n.Lines().Value(source)), "\n")
	shown := escape(code)
	if block, ok := n.(*ast.FencedCodeBlock); ok && string(block.Language(source)) == "go" {
		shown = highlight(code)
	}
	fmt.Fprintf(w, "<pre%s><code>%s</code></pre>\n", reach(code), shown)
	return ast.WalkSkipChildren, nil
}

func renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>\n")
	} else {
		_, _ = w.WriteString("</table>\n</div>\n")
	}
	return ast.WalkContinue, nil
}
