package draw

// A flame graph: which calls made how many of something. It needs no recording, so that
// code can be counted by its stacks. Read svg.go first.

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	flameHigh  = 24 // of a bar
	mostFlames = 60 // bars and lines: more can't be read
)

// flame is a bar: a function, and the bars of those that it calls.
type flame struct {
	name  string
	n     int
	calls map[string]*flame
}

// Flame draws a flame graph. counts holds how many there are of something, by the way to
// it: the functions from the outermost to the innermost, with ";" between them, the form
// that probe.Folded and other tools give. Each function is a bar that stands on the one
// that called it, and is as wide as the sum of all that it leads to. The innermost ones
// are marked. Counts below 1 are left out. The same counts always give the same bytes.
func Flame(title string, counts map[string]int) *Picture {
	root := &flame{calls: map[string]*flame{}}
	for _, way := range slices.Sorted(maps.Keys(counts)) {
		if counts[way] > 0 {
			root.add(strings.Split(way, ";"), counts[way])
		}
	}
	c, y := newCanvas(title)
	y += 12 + root.high()*flameHigh
	left := mostFlames
	text := root.draw(c, 0, margin, y, width-2*margin, &left)
	words := []string{}
	switch over := root.size() - 1 - mostFlames; {
	case root.n == 0:
		words = append(words, "nothing was counted")
	case over > 0:
		words = append(words, foldedHere(over, "bar"))
	}
	c.lines(y, words)
	return c.picture(title, "A flame graph of "+count(root.n, "count")+", each bar on the one that called it",
		clean(title)+"\n"+text+lines(words))
}

func (f *flame) add(way []string, n int) {
	f.n += n
	if len(way) == 0 {
		return
	}
	next := f.calls[way[0]]
	if next == nil {
		next = &flame{name: way[0], calls: map[string]*flame{}}
		f.calls[way[0]] = next
	}
	next.add(way[1:], n)
}

// high is how many bars stand on each other above f.
func (f *flame) high() (n int) {
	for _, next := range f.calls {
		n = max(n, 1+next.high())
	}
	return n
}

// size is how many bars there are, with f.
func (f *flame) size() int {
	n := 1
	for _, next := range f.calls {
		n += next.size()
	}
	return n
}

// draw draws the bars on f, which is wide from x on, and whose upper edge is y, and returns
// them in words. left is how many more bars there may be.
func (f *flame) draw(c *canvas, depth, x, y, wide int, left *int) (words string) {
	done := 0
	for _, name := range slices.Sorted(maps.Keys(f.calls)) {
		if *left == 0 {
			return words
		}
		*left--
		next := f.calls[name]
		from, to := x+wide*done/f.n, x+wide*(done+next.n)/f.n
		done += next.n
		says := clean(next.name) + ": " + strconv.Itoa(next.n)
		c.flame(next, says, from, y-flameHigh, max(1, to-from-2))
		words += strings.Repeat("  ", depth) + says + "\n" + next.draw(c, depth+1, from, y-flameHigh, to-from, left)
	}
	return words
}

// flame draws one bar, with as much of its words as it has room for.
func (c *canvas) flame(f *flame, says string, x, y, wide int) {
	class := "box"
	if len(f.calls) == 0 {
		class = "here"
	}
	c.rect(class, x, y, wide, flameHigh-2)
	if room := (wide - 8) / charWide; room > 2 {
		c.text(x+4, y+flameHigh-8, start, "", shorten(says, room))
	}
}
