package site

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/sys/unix"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/regular"
)

// dangers lists everything on a page that could run, send or load something, with
// scripts switched on and off. It doesn't use the lists in allowed.go.
func dangers(t *testing.T, page string) (found []string) {
	t.Helper()
	for _, scripting := range []bool{true, false} {
		document, err := html.ParseWithOptions(strings.NewReader(page), html.ParseOptionEnableScripting(scripting))
		require.NoError(t, err)
		for n := range document.Descendants() {
			if n.Type == html.ElementNode {
				found = append(found, dangersOf(n)...)
			}
		}
	}
	return found
}

func dangersOf(n *html.Node) (found []string) {
	inHead := n.Parent != nil && n.Parent.Data == "head"
	switch strings.ToLower(n.Data) {
	case "script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "textarea", "select", "base", "math",
		"foreignobject", "animate", "animatetransform", "animatemotion", "set", "template", "noscript", "video", "audio":
		found = append(found, "<"+n.Data+">")
	case "meta", "link", "title", "style":
		if !inHead && n.Namespace != "svg" {
			found = append(found, "<"+n.Data+">")
		}
	}
	for _, a := range n.Attr {
		key := strings.ToLower(a.Key)
		value := strings.ToLower(strings.Map(func(r rune) rune {
			if r <= ' ' {
				return -1
			}
			return r
		}, a.Val))
		active := strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "vbscript:") || strings.HasPrefix(value, "data:text") || strings.HasPrefix(value, "file:")
		if strings.HasPrefix(key, "on") || key == "srcdoc" || key == "action" || key == "formaction" || key == "http-equiv" && !inHead ||
			active && (key == "href" || key == "src" || key == "from" || key == "to" || key == "values") {
			found = append(found, n.Data+" "+key+"="+a.Val)
		}
	}
	return found
}

// attacks are pieces of HTML that have been a way in somewhere.
var attacks = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.org/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`, `<img/src=x/onerror=alert(1)>`, `<p onclick="alert(1)">x</p>`, `<details open ontoggle=alert(1)>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
	`<svg><animate attributeName=href values=javascript:alert(1)>`, `<svg><set attributeName=onmouseover to=alert(1)>`,
	`<svg><use href="data:image/svg+xml;base64,PHN2Zy8+#x"/></svg>`, `<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>`,
	`<svg><style><img src=x onerror=alert(1)></style></svg>`, `<svg><title><style><img src=x onerror=alert(1)></style></title></svg>`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<xmp><p title="</xmp><script>alert(1)</script>">`,
	`<textarea><img title="</textarea><script>alert(1)</script>">`, `<title><img title="</title><script>alert(1)</script>">`,
	`<template><script>alert(1)</script></template>`, `<plaintext><script>alert(1)</script>`, `<select><style></select><script>alert(1)</script>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" JaVaScRiPt:alert(1)">x</a>`, "<a href=\"java\tscr\nipt:alert(1)\">x</a>",
	`<a href="&#106;avascript&colon;alert(1)">x</a>`, `<a href="&#1;javascript:alert(1)">x</a>`, `<a href="vbscript:x">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="file:///etc/passwd">x</a>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="data:text/html,x"></object>`, `<embed src="x.swf">`,
	`<form action="https://x.org/"><input name=token><button formaction="javascript:alert(1)">go</button></form>`,
	`<meta http-equiv="refresh" content="0;url=https://x.org/">`, `<base href="https://x.org/">`, `<link rel=stylesheet href="https://x.org/x.css">`,
	`</section></main><script>alert(1)</script>`, `--><script>alert(1)</script>`, `"><script>alert(1)</script>`, `<!--><script>alert(1)</script>-->`,
	`<p style="x" onmouseover='alert(1)' x="`, "<p\x00 on\x00click=alert(1)>", `<b><p></b><script>alert(1)</script>`,
}

// TestAttacks puts each attack into every place of a notebook that reaches a page.
func TestAttacks(t *testing.T) {
	places := map[string]func(attack string) notebook.Cell{
		"in the prose":            func(attack string) notebook.Cell { return prose("# x\n\n" + attack) },
		"in the middle of a line": func(attack string) notebook.Cell { return prose("x " + attack + " y") },
		"as a heading":            func(attack string) notebook.Cell { return prose("## " + attack) },
		"as a raw cell":           func(attack string) notebook.Cell { return notebook.Cell{ID: "r", Type: "raw", Source: attack} },
		"as a cell's type":        func(attack string) notebook.Cell { return notebook.Cell{ID: "r", Type: attack, Source: "x"} },
		"as a cell's id":          func(attack string) notebook.Cell { return notebook.Cell{ID: attack, Type: "code", Source: "x"} },
		"in code":                 func(attack string) notebook.Cell { return code(attack) },
		"in Go of the prose":      func(attack string) notebook.Cell { return prose("```go\n" + attack + "\n```") },
		"as a block's language":   func(attack string) notebook.Cell { return prose("```" + attack + "\nx\n```") },
		"printed":                 func(attack string) notebook.Cell { return code("x", stream("stdout", attack)) },
		"as the name of a stream": func(attack string) notebook.Cell { return code("x", stream(attack, "x")) },
		"as a failure": func(attack string) notebook.Cell {
			return code("x", notebook.Output{Type: "error", Traceback: []string{attack}})
		},
		"as a value's HTML":     func(attack string) notebook.Cell { return code("x", value(map[string]any{"text/html": attack})) },
		"as a value's Markdown": func(attack string) notebook.Cell { return code("x", value(map[string]any{"text/markdown": attack})) },
		"as a value's SVG":      func(attack string) notebook.Cell { return code("x", value(map[string]any{"image/svg+xml": attack})) },
		"in an SVG": func(attack string) notebook.Cell {
			return code("x", value(map[string]any{"image/svg+xml": "<svg>" + attack + "</svg>"}))
		},
		"in a style of an SVG": func(attack string) notebook.Cell {
			return code("x", value(map[string]any{"image/svg+xml": "<svg><style>" + attack + "</style></svg>"}))
		},
		"as a PNG": func(attack string) notebook.Cell { return code("x", value(map[string]any{"image/png": attack})) },
		"as a picture's words": func(attack string) notebook.Cell {
			return code("x", value(map[string]any{"image/png": "aa", "text/plain": attack}))
		},
		"as JSON": func(attack string) notebook.Cell { return code("x", value(map[string]any{"application/json": attack})) },
		"as what is quoted": func(attack string) notebook.Cell {
			return notebook.Cell{ID: "q", Type: "markdown", Metadata: map[string]any{"quote": attack + "#" + attack}}
		},
		"as an attached picture": func(attack string) notebook.Cell {
			return notebook.Cell{ID: "p", Type: "markdown", Source: "![x](attachment:a.png)", Attachments: map[string]any{"a.png": map[string]any{"image/png": attack}}}
		},
		"as the target of a link": func(attack string) notebook.Cell { return prose("[x](<" + strings.ReplaceAll(attack, "\n", "") + ">)") },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			for _, attack := range attacks {
				l := newLesson(&notebook.Notebook{Path: "x.ipynb", Cells: []notebook.Cell{prose("# " + attack), place(attack), prose("the end")}}, "x.ipynb", rootOf(t, t.TempDir()))
				page, err := l.page([]*lesson{l}, 0)
				require.NoError(t, err)
				assert.Empty(t, dangers(t, string(page)), "%s", attack)
				document := parse(t, string(page))
				require.Len(t, find(document, "main", ""), 1)
				require.NotEmpty(t, find(find(document, "main", "")[0], "nav", "turn"), "%s breaks out of its cell", attack)
			}
		})
	}
}

// TestAttacksByLinks tries links to programs in prose without HTML.
func TestAttacksByLinks(t *testing.T) {
	for _, source := range []string{
		"[x](javascript:alert(1))", "[x](JAVASCRIPT:alert(1))", "[x](<java\tscript:alert(1)>)", "<javascript:alert(1)>", "[x][y]\n\n[y]: javascript:alert(1)",
		"![x](javascript:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](file:///etc/passwd)", "[x](&#106;avascript:alert(1))",
	} {
		t.Run(source, func(t *testing.T) {
			l := newLesson(&notebook.Notebook{Path: "x.ipynb", Cells: []notebook.Cell{prose(source)}}, "x.ipynb", rootOf(t, t.TempDir()))
			page, err := l.page([]*lesson{l}, 0)
			require.NoError(t, err)
			assert.Empty(t, dangers(t, string(page)))
			if strings.Contains(source, "\t") {
				return // Markdown doesn't take it for a link
			}
			links, err := Check([]Page{{Name: "x.html", Content: page, Left: l.left}})
			require.NoError(t, err)
			require.Len(t, links.Broken, 1, "it isn't said that something was left out")
			assert.Equal(t, "it is not allowed on a page and was left out", links.Broken[0].Why)
		})
	}
}

// TestThePolicy checks that the policy names what default-src doesn't cover; everything
// else that it doesn't name is forbidden.
func TestThePolicy(t *testing.T) {
	pages, err := Render(t.Context(), folderOf(t, map[string]string{"a.ipynb": "# A"}))
	require.NoError(t, err)
	metas := find(parse(t, string(pages[0].Content)), "meta", "")
	var policy string
	for _, m := range metas {
		if attribute(m, "http-equiv") == "Content-Security-Policy" {
			policy = attribute(m, "content")
		}
	}
	assert.Equal(t, "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'", policy)
}

// TestPicturesComeFromTheNotebooksFolder checks that they also come only from regular
// files in it.
func TestPicturesComeFromTheNotebooksFolder(t *testing.T) {
	dot := base64.StdEncoding.EncodeToString([]byte("dot"))
	outside := t.TempDir()
	put(t, outside, "secret.png", "secret")
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "ru"), 0o755))
	put(t, dir, "dot.png", "dot")
	put(t, dir, "DOT.PNG", "dot")
	put(t, dir, "notes.txt", "secret")
	put(t, dir, "notes", "secret")
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.png"), filepath.Join(dir, "link.png")))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "out")))
	require.NoError(t, os.Symlink("dot.png", filepath.Join(dir, "inside.png")))
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "pipe.png"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.png"), 0o755))
	cases := []struct {
		name, target, err string
	}{
		{"beside the notebook's folder", "../dot.png", ""},
		{"a link to one", "../inside.png", ""},
		{"with its ending in capitals", "../DOT.PNG", ""},
		{"a file of the system", "../../../../../../../etc/passwd", "want a name that ends in .png"},
		{"a picture outside", "../../" + filepath.Base(outside) + "/secret.png", "escapes"},
		{"by an absolute path", filepath.Join(outside, "secret.png"), "no such file"},
		{"in percent signs", "..%2f..%2f" + filepath.Base(outside) + "%2fsecret.png", "escapes"},
		{"a link that leads out", "../link.png", "escapes"},
		{"a folder that leads out", "../out/secret.png", "escapes"},
		{"a file that is not a picture", "../notes.txt", "want a name that ends in .png"},
		{"a file without an ending", "../notes", "want a name that ends in .png"},
		{"a pipe", "../pipe.png", regular.ErrNotRegular.Error()},
		{"a folder", "../folder.png", regular.ErrNotRegular.Error()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLesson(&notebook.Notebook{Path: "x.ipynb"}, "ru/x.ipynb", rootOf(t, dir))
			text, err := l.prose("![x](<"+c.target+">)", nil)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				assert.ErrorContains(t, err, "the picture "+c.target)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "data:image/png;base64,"+dot, attribute(find(parse(t, text), "img", "")[0], "src"))
		})
	}
}

// TestNotebooksThatAreNone tries a pipe, a link that leads out, and a name that could
// forge a line of the record.
func TestNotebooksThatAreNone(t *testing.T) {
	outside := folderOf(t, map[string]string{"secret.ipynb": "# Secret"})
	cases := []struct {
		name string
		make func(dir string) error
		says string
	}{
		{"a pipe", func(dir string) error { return unix.Mkfifo(filepath.Join(dir, "b.ipynb"), 0o644) }, regular.ErrNotRegular.Error()},
		{"a link that leads out", func(dir string) error {
			return os.Symlink(filepath.Join(outside, "secret.ipynb"), filepath.Join(dir, "b.ipynb"))
		}, "escapes"},
		{"a name of two lines", func(dir string) error {
			return os.Rename(filepath.Join(dir, "a.ipynb"), filepath.Join(dir, "a\nb.ipynb"))
		}, "can't be the name of a page"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := folderOf(t, map[string]string{"a.ipynb": "# A"})
			require.NoError(t, c.make(dir))
			_, err := Render(t.Context(), dir)
			assert.ErrorContains(t, err, c.says)
		})
	}
}
