package site

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"stepwise/cmd/stepwise/internal/notebook"
)

// TestCourse renders the real notebooks. site_browser_test.go has the checks that need a
// browser.
func TestCourse(t *testing.T) {
	pages, err := Render(t.Context(), notebooks)
	require.NoError(t, err)
	again, err := Render(t.Context(), notebooks)
	require.NoError(t, err)
	assert.Equal(t, pages, again, "the same notebooks are the same bytes")
	assert.Equal(t, "index.html", pages[0].Name)
	paths, err := notebook.Find(notebooks)
	require.NoError(t, err)
	require.Len(t, pages, len(paths))
	for i, p := range pages {
		t.Run(p.Name, func(t *testing.T) {
			nb, err := notebook.Read(paths[i])
			require.NoError(t, err)
			checkPage(t, nb, parse(t, string(p.Content)))
		})
	}
}

// checkPage compares a page with its notebook: nothing may be lost.
func checkPage(t *testing.T, nb *notebook.Notebook, page *html.Node) {
	assert.Len(t, find(page, "h1", ""), 1)
	assert.Len(t, find(page, "script", ""), 0)
	assert.Equal(t, 1, len(find(page, "a", "home")))
	ids := map[string]bool{}
	for n := range page.Descendants() {
		if id := attribute(n, "id"); id != "" {
			assert.False(t, ids[id], "the id %s occurs twice", id)
			assert.NotContains(t, id, " ")
			ids[id] = true
		}
	}
	codes := find(page, "pre", "code")
	var at, pictures, said int
	for _, c := range nb.Cells {
		if c.IsCode() {
			require.Less(t, at, len(codes))
			assert.Equal(t, strings.TrimRight(c.Source, "\n"), textOf(codes[at]))
			at++
		}
		for _, o := range c.Outputs {
			if _, ok := o.Data["image/svg+xml"]; ok {
				pictures++
			}
			if o.Type == "stream" {
				said++
				assert.True(t, strings.Contains(textOf(page), strings.TrimRight(o.Text, "\n")), "%s is not on the page", o.Text)
			}
		}
	}
	assert.Len(t, codes, at)
	assert.Len(t, find(page, "svg", "stepwise"), pictures)
	assert.Len(t, find(page, "details", "twin"), pictures, "each picture has its words")
}

// TestCourseLinks follows all links of the real site.
func TestCourseLinks(t *testing.T) {
	pages, err := Render(t.Context(), notebooks)
	require.NoError(t, err)
	links, err := Check(pages)
	require.NoError(t, err)
	for _, l := range links.Broken {
		t.Errorf("%s: %s: %s", l.Page, l.Target, l.Why)
	}
	assert.Greater(t, links.Inside, 10*len(pages))
}

func TestRenderNavigation(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"00-start-here.ipynb": "# Start\n\nSee [send](09-send.ipynb#The-code).", "08-connect.ipynb": "# 08 · `connect` & more",
		"09-send.ipynb": "# 09 · send\n\n## The code\n\n## What else?", "ru/00-start-here.ipynb": "# Начало", "ru/09-send.ipynb": "# Девять",
	})
	pages, err := Render(t.Context(), dir)
	require.NoError(t, err)
	var names []string
	byName := map[string]*html.Node{}
	for _, p := range pages {
		names = append(names, p.Name)
		byName[p.Name] = parse(t, string(p.Content))
	}
	assert.Equal(t, []string{"index.html", "08-connect.html", "09-send.html", "ru/index.html", "ru/09-send.html"}, names)

	cases := []struct{ page, lang, title, previous, next, list string }{
		{"index.html", "en", "Start · Stepwise", "", "08-connect.html", "index.html 08-connect.html 09-send.html"},
		{"08-connect.html", "en", "08 · connect & more · Stepwise", "index.html", "09-send.html", "index.html 08-connect.html 09-send.html"},
		{"09-send.html", "en", "09 · send · Stepwise", "08-connect.html", "", "index.html 08-connect.html 09-send.html #The-code #What-else%3f"},
		{"ru/index.html", "ru", "Начало · Stepwise", "", "09-send.html", "index.html 09-send.html"},
		{"ru/09-send.html", "ru", "Девять · Stepwise", "index.html", "", "index.html 09-send.html"},
	}
	for _, c := range cases {
		t.Run(c.page, func(t *testing.T) {
			page := byName[c.page]
			assert.Equal(t, c.lang, attribute(find(page, "html", "")[0], "lang"))
			assert.Equal(t, c.title, textOf(find(page, "title", "")[0]))
			for _, rel := range []struct{ name, want string }{{"prev", c.previous}, {"next", c.next}} {
				var targets []string
				for _, a := range find(page, "a", "") {
					if attribute(a, "rel") == rel.name {
						targets = append(targets, attribute(a, "href"))
					}
				}
				if rel.want == "" {
					assert.Empty(t, targets, rel.name)
				} else {
					assert.Equal(t, []string{rel.want, rel.want}, targets, "%s, above and below", rel.name)
				}
			}
			var list []string
			for _, a := range find(find(page, "nav", "lessons")[0], "a", "") {
				list = append(list, attribute(a, "href"))
				assert.Equal(t, attribute(a, "href") == c.page[strings.LastIndex(c.page, "/")+1:], attribute(a, "aria-current") == "page")
			}
			assert.Equal(t, c.list, strings.Join(list, " "))
		})
	}
	links, err := Check(pages)
	require.NoError(t, err)
	assert.Empty(t, links.Broken)
}

func TestRenderFails(t *testing.T) {
	_, err := Render(t.Context(), t.TempDir())
	assert.ErrorContains(t, err, "no notebooks in")
	_, err = Render(t.Context(), folderOf(t, map[string]string{"09-send.ipynb": "# Send\n\n![a graph](graph.png)"}))
	assert.ErrorContains(t, err, "09-send.ipynb: cell 1 (a): the picture graph.png")
}

func TestIDs(t *testing.T) {
	taken := ids{}
	var got []string
	for _, id := range []string{"a", "a", "a-2", "a"} {
		got = append(got, taken.use(id))
	}
	assert.Equal(t, []string{"a", "a-2", "a-2-2", "a-3"}, got)
}

func TestHighlightLosesNothing(t *testing.T) {
	sources := []string{
		"", "x", "x := `a\n<b>` // c & d", "for i := range n {\n\tfmt.Println('x', 1.5, 0x1F)\n}\n", "/* open", `"open`, "'", "$ ls it's\n%test 09\n\nreturn 1",
		"func 日本() { \"ж\" }", "a\x00b", "%test 09", "\"stepwise/pkg/lesson\"\n\nlesson.Map()", "x\n\n\n", "if a < b && c > d { return }",
	}
	for i, source := range sources {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			got := textOf(parse(t, "<pre><code>"+highlight(source)+"</code></pre>"))
			assert.Equal(t, strings.ReplaceAll(source, "\x00", "\uFFFD"), got)
		})
	}
}

func TestHighlightColours(t *testing.T) {
	cases := []struct{ name, source, want string }{
		{"a keyword", "return x", `<span class="k">return</span> x`},
		{"a string", `f("a<b")`, `f(<span class="s">&#34;a&lt;b&#34;</span>)`},
		{"a character", "'x'", `<span class="s">&#39;x&#39;</span>`},
		{"a raw string of two lines", "`a\nb`", "<span class=\"s\">`a\nb`</span>"},
		{"a number", "x[1]", `x[<span class="n">1</span>]`},
		{"a comment", "x // y", `x <span class="c">// y</span>`},
		{"a line for the kernel", "%test for 09\nfor {", "%test for 09\n<span class=\"k\">for</span> {"},
		{"what HTML would take for its own", "f(x<b>y, 1)", `f(x&lt;b&gt;y, <span class="n">1</span>)`},
		{"a name that holds a keyword", "format", "format"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, highlight(c.source)) })
	}
}
