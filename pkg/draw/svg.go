package draw

import (
	"fmt"
	"strings"
	"unicode"
)

// The smallest SVG writer that suffices. It writes whole numbers, in the order of the
// calls, so that the same recording always gives the same bytes. Nothing has an id: a
// notebook puts many pictures into one page, where ids would collide.

const (
	width    = 900 // of each picture, in pixels: the width of a notebook's cell
	margin   = 12
	charWide = 8 // the widest that a letter gets at fontSize, in a font of fixed width
	fontSize = 13
	textHigh = 16  // a line of text with its descenders
	widest   = 100 // letters of a line; the rest is room for what wideOf adds
)

// canvas collects shapes; classes are those of style.
type canvas struct {
	b      strings.Builder
	height int
}

// newCanvas returns a canvas with its title, and the y of that.
func newCanvas(title string) (c *canvas, y int) {
	c, y = &canvas{}, margin+textHigh
	c.text(margin, y, start, "strong", title)
	return c, y
}

// anchor says which end of a text is at its x.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

// text writes s with its baseline at y, moved so that it stays inside the picture. If it
// is too wide for that it is shortened, and its tooltip has all of it.
func (c *canvas) text(x, y int, a anchor, class, s string) {
	s = clean(s)
	shown := shorten(s, widest)
	x = inside(x, a, shown)
	c.b.WriteString(fmt.Sprintf(`<text class="%s" x="%d" y="%d" text-anchor="%s">`, class, x, y, a))
	if shown != s {
		c.b.WriteString("<title>" + escape(s) + "</title>")
	}
	c.b.WriteString(escape(shown) + "</text>\n")
	c.grow(y + textHigh - fontSize)
}

// inside returns x, moved so that s stays within the margins.
func inside(x int, a anchor, s string) int {
	wide := wideOf(s)
	left := x
	switch a {
	case middle:
		left = x - wide/2
	case end:
		left = x - wide
	}
	moved := max(margin, min(left, width-margin-wide))
	return x + moved - left
}

func (c *canvas) line(class string, x1, y1, x2, y2 int) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", class, x1, y1, x2, y2)
	c.grow(max(y1, y2))
}

func (c *canvas) rect(class string, x, y, w, h int) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="3"/>`+"\n", class, x, y, w, h)
	c.grow(y + h)
}

func (c *canvas) dot(class string, x, y, r int) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%d" cy="%d" r="%d"/>`+"\n", class, x, y, r)
	c.grow(y + r)
}

// arrow is a line with a head at x2: a solid one, or an open one on a dashed line.
func (c *canvas) arrow(class string, x1, x2, y int) {
	back := 8 // the head points to the right: its ends lie to the left
	if x2 < x1 {
		back = -8
	}
	c.line(class, x1, y, x2, y)
	fmt.Fprintf(&c.b, `<polyline class="%s head" points="%d,%d %d,%d %d,%d"/>`+"\n", class, x2-back, y-4, x2, y, x2-back, y+4)
}

// lines writes lines below y and returns where they end.
func (c *canvas) lines(y int, lines []string) int {
	for _, line := range lines {
		y += textHigh + 4
		c.text(margin, y, start, "", line)
	}
	return y
}

func (c *canvas) grow(y int) { c.height = max(c.height, y) }

// points writes a list below y, and returns where it ends.
func (c *canvas) points(y int, lines []string) int {
	for _, line := range lines {
		y += textHigh + 4
		c.dot("dot", margin+6, y-4, 3)
		c.text(margin+18, y, start, "", line)
	}
	return y
}

// picture returns the whole picture and its twin in text. title and desc are for screen
// readers.
func (c *canvas) picture(title, desc, text string) *Picture {
	high := c.height + margin
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="stepwise" role="img" width="%d" height="%d" viewBox="0 0 %d %d" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d" style="max-width:100%%;height:auto">
<title>%s</title>
<desc>%s</desc>
<style>%s</style>
<rect class="paper" width="%d" height="%d"/>
%s</svg>
`, width, high, width, high, fontSize, escape(clean(title)), escape(clean(desc+". The text beside this picture says the same.")), escape(style), width, high, c.b.String())
	return &Picture{svg, clean(title) + ". " + clean(desc) + ".", text}
}

// clean makes s one line that XML may contain: characters that can't be seen become
// U+FFFD.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsGraphic(r) || unicode.In(r, unicode.Mn, unicode.Me) || r == 0xFFFE || r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, s)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(s) }
