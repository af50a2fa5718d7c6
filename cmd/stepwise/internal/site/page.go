// page.go: a lesson as a page: its cells, with links to the other lessons around them.
// Read site.go first.

package site

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"stepwise/cmd/stepwise/internal/notebook"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var style string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// lesson is a notebook that becomes a page.
type lesson struct {
	notebook *notebook.Notebook
	name     string   // of its page
	title    string   // of its first heading
	file     string   // of the notebook, below root
	root     *os.Root // the notebooks' folder; pictures come from nowhere else
	left     []string // left out of the page, because it isn't allowed there
	taken    ids      // of the page
	sections []section
}

// section is a heading of the second level, which the reader can go to.
type section struct{ ID, Text string }

func newLesson(nb *notebook.Notebook, file string, root *os.Root) *lesson {
	l := &lesson{notebook: nb, name: pageOf(file), title: nb.Name(), file: file, root: root, taken: ids{}}
	for i := range nb.Cells {
		if heading, ok := strings.CutPrefix(nb.Cells[i].FirstLine(), "# "); ok && nb.Cells[i].Type == "markdown" {
			l.title = plainText(heading)
			break
		}
	}
	return l
}

// entry is a lesson in the list of lessons.
type entry struct {
	Link, Title string
	Name        string // the title up to its question: "09 · send"
	Here        bool
	Sections    []section // only of the page's own lesson
}

// page renders the lesson all[i].
func (l *lesson) page(all []*lesson, i int) ([]byte, error) {
	body, err := l.body()
	if err != nil {
		return nil, err
	}
	data := struct {
		Lang, Title, Site, Home string
		Style                   template.CSS
		Body                    template.HTML
		Previous, Next          *entry
		Lessons                 []entry
	}{Lang: "en", Title: l.title, Site: "Stepwise", Style: template.CSS(style), Body: template.HTML(body)}
	folder := path.Dir(l.name)
	if folder != "." {
		data.Lang = path.Base(folder)
	}
	for at, other := range all {
		if path.Dir(other.name) != folder {
			continue
		}
		name, _, _ := strings.Cut(other.title, ":")
		e := entry{Link: path.Base(other.name), Title: other.title, Name: name}
		if data.Home == "" {
			data.Home = e.Link
		}
		switch {
		case at == i:
			e.Here, e.Sections = true, l.sections
		case at < i:
			data.Previous = &e
		case data.Next == nil:
			data.Next = &e
		}
		data.Lessons = append(data.Lessons, e)
	}
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, data); err != nil {
		return nil, err
	}
	return page.Bytes(), nil
}

// body renders the cells.
func (l *lesson) body() (string, error) {
	var b strings.Builder
	number := 0
	for i := range l.notebook.Cells {
		c := &l.notebook.Cells[i]
		switch c.Type {
		case "markdown":
			text, err := l.markdown(c)
			if err != nil {
				return "", fmt.Errorf("cell %d (%s): %w", i+1, c.ID, err)
			}
			fmt.Fprintf(&b, "<section class=\"prose\">\n%s</section>\n", l.clean(text))
		case "code":
			number++
			source, shown := codeOf(c, number), l.clean(l.outputs(c))
			switch {
			case c.Has(notebook.TagPredict):
				shown = folded("What it shows", shown)
			case c.Has(notebook.TagSolution):
				source = folded("A solution", source)
			}
			fmt.Fprintf(&b, "<section class=\"cell\" id=\"%s\">\n%s%s</section>\n", escape(l.taken.use(c.ID)), source, shown)
		default:
			fmt.Fprintf(&b, "<pre class=\"raw\"%s>%s</pre>\n", reach(c.Source), escape(c.Source))
		}
	}
	return b.String(), nil
}

// clean returns the part of a cell's HTML that is allowed on the page.
func (l *lesson) clean(fragment string) string {
	safe, left := clean(fragment)
	for _, what := range left {
		if !slices.Contains(l.left, what) {
			l.left = append(l.left, what)
		}
	}
	return safe
}

// folded returns content below a summary that opens it. Paper has no button: there it is
// open, by the style.
func folded(summary, content string) string {
	return "<details class=\"fold\"><summary>" + summary + "</summary>\n" + content + "</details>\n"
}

// codeOf renders a code cell's source; number counts the code cells of the page.
func codeOf(c *notebook.Cell, number int) string {
	source := strings.TrimRight(c.Source, "\n")
	return fmt.Sprintf("<pre class=\"code\"%s role=\"group\" aria-label=\"Code cell %d\"><code>%s</code></pre>\n", reach(source), number, highlight(source))
}

// columns is how many letters of code fit beside each other on a desktop.
const columns = 80

// reach returns the attribute that lets readers without a mouse go to a block of text
// and scroll it. A block that fits needs none: each would be one more stop of the Tab
// key on the way through the lesson.
func reach(text string) string {
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    ")) > columns {
			return " tabindex=\"0\""
		}
	}
	return ""
}

func escape(s string) string { return template.HTMLEscapeString(s) }

// ids are the ids of a page; each occurs once.
type ids map[string]bool

// use takes and returns an id that is free: id itself if possible.
func (t ids) use(id string) string {
	unique := id
	for n := 2; t[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", id, n)
	}
	t[unique] = true
	return unique
}
