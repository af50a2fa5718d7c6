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
		e := entry{Link: path.Base(other.name), Title: other.title}
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
			fmt.Fprintf(&b, "<section class=\"cell\" id=\"%s\">\n%s%s</section>\n", escape(l.taken.use(c.ID)), codeOf(c, number), l.clean(l.outputs(c)))
		default:
			fmt.Fprintf(&b, "<pre class=\"raw\" tabindex=\"0\">%s</pre>\n", escape(c.Source))
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

// codeOf renders a code cell's source; number counts the code cells of the page.
func codeOf(c *notebook.Cell, number int) string {
	return fmt.Sprintf("<pre class=\"code\" tabindex=\"0\" role=\"group\" aria-label=\"Code cell %d\"><code>%s</code></pre>\n", number, highlight(strings.TrimRight(c.Source, "\n")))
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
