// safe.go: what is allowed on a page. Anybody may have sent the reader a notebook. So
// its HTML and pictures are read as a browser reads them, and only what allowed.go
// lists is written again: no program, no form, no frame, no address that isn't a plain
// link. Read page.go first.
//
// It is tempting to use a sanitizer that works on single tags. But such sanitizers
// don't know SVG with a style, which every picture of the course has, and can't tell
// that <style> contains text in HTML and elements in SVG; a script can hide in that
// difference. Hence the last rule: what is written must read back as the same.

package site

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// clean returns the part of fragment that is allowed on a page, with every element
// closed, and a list of what it left out.
func clean(fragment string) (safe string, left []string) {
	c := &cleaner{}
	for range 4 {
		written, err := c.rewrite(fragment)
		if err != nil {
			break
		}
		if written == fragment {
			return fragment, c.left
		}
		fragment = written
	}
	// It is nested too deep, or reads differently each time it is written.
	c.leave("markup that can't be read")
	return "<pre>" + escape(strings.ReplaceAll(fragment, "\x00", "")) + "</pre>\n", c.left
}

// cleaner notes what it leaves out.
type cleaner struct{ left []string }

func (c *cleaner) leave(what string) {
	if !slices.Contains(c.left, what) {
		c.left = append(c.left, what)
	}
}

// rewrite reads a fragment, leaves out what may not stay, and writes the rest.
func (c *cleaner) rewrite(fragment string) (string, error) {
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return "", err
	}
	top := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		top.AppendChild(n)
	}
	c.children(top)
	var b strings.Builder
	for n := range top.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// children cleans the content of parent.
func (c *cleaner) children(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		switch {
		case n.Type == html.TextNode:
		case n.Type != html.ElementNode: // a comment
			parent.RemoveChild(n)
		case dropped[n.Data]:
			c.leave("<" + n.Data + ">")
			parent.RemoveChild(n)
		case !elements[n.Namespace][n.Data]:
			c.leave("<" + n.Data + ">")
			if n.FirstChild != nil {
				next = n.FirstChild // its content takes its place, and is cleaned next
			}
			for child := n.FirstChild; child != nil; child = n.FirstChild {
				n.RemoveChild(child)
				parent.InsertBefore(child, n)
			}
			parent.RemoveChild(n)
		default:
			c.attributes(n)
			if n.Namespace == "svg" && onlyText[n.Data] {
				flatten(n)
			}
			c.children(n)
		}
		n = next
	}
}

// flatten reduces a node to its text. In SVG, HTML may begin again inside a title, a
// description or a style.
func flatten(n *html.Node) {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
	}
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	if text.Len() > 0 {
		n.AppendChild(&html.Node{Type: html.TextNode, Data: text.String()})
	}
}

// attributes removes the attributes of n that aren't listed or whose value isn't
// allowed. It notes active ones; merely unknown ones show nothing, so it removes them
// without a note.
func (c *cleaner) attributes(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		name := a.Key
		if a.Namespace != "" {
			name = a.Namespace + ":" + a.Key
		}
		active := strings.HasPrefix(strings.ToLower(a.Key), "on") || loads[a.Key]
		fine := permitted(n, name) && (!active || address(n, name, a.Val))
		if fine && n.Namespace == "svg" && fetches(a.Val) {
			fine, active = false, true
		}
		if !fine && active {
			c.leave("<" + n.Data + " " + name + "=\"" + a.Val + "\">")
		}
		return !fine
	})
}

// permitted reports whether n may have an attribute called name.
func permitted(n *html.Node, name string) bool {
	if everywhere.MatchString(name) {
		return true
	}
	if n.Namespace == "svg" {
		return drawing.MatchString(name) || (n.Data == "use" || n.Data == "a") && (name == "href" || name == "xlink:href")
	}
	return slices.Contains(strings.Fields(own[n.Data]), name)
}

// address reports whether an attribute with an address may have this value: a link may
// lead to a page, and a picture must be inside the page, or else be one that Check
// reports.
func address(n *html.Node, name, value string) bool {
	if name != "href" && name != "xlink:href" && name != "src" {
		return false
	}
	if n.Namespace == "svg" && n.Data == "use" {
		return strings.HasPrefix(value, "#")
	}
	switch scheme := schemeOf(value); scheme {
	case "", "http", "https":
		return true
	case "mailto":
		return n.Data == "a"
	case "data":
		return n.Data == "img" && embedded.MatchString(value)
	}
	return false
}

// schemeOf returns the scheme of an address, or "" if it has none. A browser ignores
// tabs, line ends and control characters in it; here they make a scheme that isn't
// allowed.
func schemeOf(address string) string {
	before, _, found := strings.Cut(strings.TrimSpace(address), ":")
	if !found || strings.ContainsAny(before, "/?#") {
		return ""
	}
	return strings.ToLower(before)
}

// fetches reports whether a value in SVG, such as a fill, names a file.
func fetches(value string) bool {
	for _, match := range needs.FindAllStringSubmatch(value, -1) {
		if target := match[1] + match[2]; !strings.HasPrefix(target, "#") {
			return true
		}
	}
	return false
}

// embedded matches the address of a picture that is inside the page.
var embedded = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*$`)
