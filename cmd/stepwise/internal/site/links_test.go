package site

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	cases := []struct {
		name, html string
		broken     string // what is said; "" if all is well
	}{
		{"a page", `<a href="b.html">`, ""},
		{"a place on it", `<a href="b.html#here">`, ""},
		{"a place with blanks and signs", `<a href="b.html#what%3F-%C3%A9">`, ""},
		{"a place on the page itself", `<p id="x"><a href="#x">`, ""},
		{"the top", `<a href="#">`, ""},
		{"a page in a folder", `<a href="ru/c.html">`, ""},
		{"another site", `<a href="https://go.dev">`, ""},
		{"somebody's mail", `<a href="mailto:a@b.c">`, ""},
		{"a picture that is there", `<img src="data:image/png;base64,x">`, ""},
		{"no such page", `<a href="d.html">`, "there is no such page"},
		{"no such place", `<a href="b.html#there">`, "nothing on b.html has that name"},
		{"no such place on the page itself", `<a href="#y">`, "nothing on a.html has that name"},
		{"a notebook", `<a href="b.ipynb">`, "there is no such page"},
		{"above the site", `<a href="../b.html">`, "there is no such page"},
		{"the disk's root", `<a href="/b.html">`, "it leads neither to a place on the site nor to another site"},
		{"another site without its scheme", `<a href="//go.dev">`, "it leads neither to a place on the site nor to another site"},
		{"a file of one machine", `<a href="file:///b.html">`, "it leads neither to a place on the site nor to another site"},
		{"a program", `<a href="javascript:x()">`, "it leads neither to a place on the site nor to another site"},
		{"no address", `<a href="%zz">`, "it is not an address"},
		{"a link in a picture", `<svg><a href="d.html"></a></svg>`, "there is no such page"},
		{"a script", `<script>x()</script>`, "the pages run no programs"},
		{"a picture elsewhere", `<img src="https://go.dev/x.png" alt="x">`, "the browser would fetch it, but pages contain everything that they show"},
		{"one of a set", `<img srcset="x.png 2x" alt="x">`, "the browser would fetch it, but pages contain everything that they show"},
		{"a style elsewhere", `<link rel="stylesheet" href="x.css">`, "the browser would fetch it, but pages contain everything that they show"},
		{"a frame", `<iframe src="b.html"></iframe>`, "the browser would fetch it, but pages contain everything that they show"},
		{"a shape elsewhere", `<svg><use href="x.svg#a"/></svg>`, "the browser would fetch it, but pages contain everything that they show"},
		{"a shape that is there", `<svg><use href="#a"/></svg>`, ""},
		{"a font", `<style>@font-face{src:url(https://x.org/f.woff)}</style>`, "a style would fetch it, but pages contain everything that they show"},
		{"an import", `<svg><style>@import "x.css";</style></svg>`, "a style would fetch it, but pages contain everything that they show"},
		{"the ground of an element", `<p style="background:url('x.png')">`, "a style would fetch it, but pages contain everything that they show"},
	}
	others := []Page{{Name: "b.html", Content: []byte(`<h2 id="here">x</h2><h2 id="what?-é">`)}, {Name: "ru/c.html", Content: []byte(`<a href="../b.html#here">`)}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			links, err := Check(append([]Page{{Name: "a.html", Content: []byte(c.html)}}, others...))
			require.NoError(t, err)
			if c.broken == "" {
				assert.Empty(t, links.Broken)
				return
			}
			require.Len(t, links.Broken, 1)
			assert.Equal(t, "a.html", links.Broken[0].Page)
			assert.Equal(t, c.broken, links.Broken[0].Why)
			assert.Equal(t, 1, links.Inside, "that of ru/c.html")
		})
	}
}

func TestCheckListsWhatLeadsOut(t *testing.T) {
	links, err := Check([]Page{{Name: "a.html", Content: []byte(`<a href="https://go.dev/"><a href="http://x.org">`)}})
	require.NoError(t, err)
	assert.Equal(t, []Link{{"a.html", "https://go.dev/", ""}, {"a.html", "http://x.org", ""}}, links.Out)
	assert.Zero(t, links.Inside)
}
