// links.go: checking where the links of the site lead. It fetches nothing: it lists
// links to other sites, for you to try. Read site.go first.

package site

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Link is a link on a page.
type Link struct {
	Page   string
	Target string // as it is on the page
	Why    string // the fault of the link; "" if none is known
}

// Links is what Check found.
type Links struct {
	Inside int    // number of links to places on the site
	Out    []Link // lead to other sites
	Broken []Link // lead nowhere, would make the reader's browser fetch something, or were left out
}

// Check follows every link of the pages, in order, and looks for anything that a
// browser would fetch by itself.
func Check(pages []Page) (Links, error) {
	places := map[string]map[string]bool{} // by page: its ids
	documents := make([]*html.Node, len(pages))
	for i, p := range pages {
		document, err := html.Parse(bytes.NewReader(p.Content))
		if err != nil {
			return Links{}, fmt.Errorf("checking the links of %s: %w", p.Name, err)
		}
		documents[i] = document
		places[p.Name] = map[string]bool{}
		for n := range document.Descendants() {
			if id := attribute(n, "id"); id != "" {
				places[p.Name][id] = true
			}
		}
	}
	var found Links
	for i, p := range pages {
		for _, what := range p.Left {
			found.broken(p.Name, what, "it is not allowed on a page and was left out")
		}
		for n := range documents[i].Descendants() {
			found.node(p.Name, n, places)
		}
	}
	return found, nil
}

// node notes what the element n of a page links to or needs.
func (l *Links) node(page string, n *html.Node, places map[string]map[string]bool) {
	if n.Type == html.TextNode && n.Parent != nil && n.Parent.Data == "style" {
		l.styled(page, n.Data)
	}
	if n.Type != html.ElementNode {
		return
	}
	if n.Data == "script" {
		l.broken(page, "<script>", "the pages run no programs")
	}
	for _, a := range n.Attr {
		switch {
		case (n.Data == "a" || n.Data == "area") && a.Key == "href":
			l.follow(page, a.Val, places)
		case n.Data == "a" || n.Data == "area":
		case a.Key == "style":
			l.styled(page, a.Val)
		case loads[a.Key] && !strings.HasPrefix(a.Val, "data:") && !strings.HasPrefix(a.Val, "#"):
			l.broken(page, a.Val, "the browser would fetch it, but pages contain everything that they show")
		}
	}
}

// loads are attributes with which an element that isn't a link names what it needs.
var loads = map[string]bool{"href": true, "src": true, "srcset": true, "poster": true, "data": true, "background": true, "action": true, "formaction": true, "manifest": true, "ping": true}

// needs matches what a style fetches.
var needs = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)`)

func (l *Links) styled(page, style string) {
	for _, match := range needs.FindAllStringSubmatch(style, -1) {
		if target := match[1] + match[2]; !strings.HasPrefix(target, "data:") && !strings.HasPrefix(target, "#") {
			l.broken(page, target, "a style would fetch it, but pages contain everything that they show")
		}
	}
}

// follow finds out where a link leads.
func (l *Links) follow(page, target string, places map[string]map[string]bool) {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		l.broken(page, target, "it is not an address")
		return
	case u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto":
		l.Out = append(l.Out, Link{Page: page, Target: target})
		return
	case u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "/"):
		l.broken(page, target, "it leads neither to a place on the site nor to another site")
		return
	}
	to := page
	if u.Path != "" {
		to = path.Join(path.Dir(page), u.Path)
	}
	ids, there := places[to]
	switch {
	case !there:
		l.broken(page, target, "there is no such page")
	case u.Fragment != "" && !ids[u.Fragment]:
		l.broken(page, target, "nothing on "+to+" has that name")
	default:
		l.Inside++
	}
}

func (l *Links) broken(page, target, why string) {
	l.Broken = append(l.Broken, Link{page, target, why})
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
