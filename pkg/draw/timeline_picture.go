package draw

import (
	"slices"
	"time"

	"stepwise/pkg/trace"
)

// How a timeline looks, and what it says in words about a lane. Read timeline.go first.

const (
	columnWide = 2
	laneHigh   = 46
	trackLeft  = width - margin - columns*columnWide
)

func (t *timeline) picture() *Picture {
	title, asleep := "Timeline of "+lasted(t.lasts), "select sleeps"
	if t.inOrder {
		title = "Timeline, in order"
	}
	if len(t.loops) > 1 {
		asleep = "all loops sleep"
	}
	legend := "thick: runs · outlined: could run, waits for its turn · thin: waits · shaded: " + asleep
	c, y := newCanvas(title)
	y += textHigh + 4
	c.text(margin, y, start, "faint", legend)
	y += 12
	t.shade(c, y, len(t.tracks)*laneHigh)
	text := title + "\n# runs   + could run, waits for its turn   - waits   = select sleeps\n"
	for _, l := range t.tracks {
		words := l.name + ": " + l.words()
		c.text(margin, y+14, start, "over", words)
		l.draw(c, y+20)
		y += laneHigh
		text += clean(words) + "\n  |" + l.letters() + "|\n"
	}
	if folded := foldedHere(t.folded, "task"); folded != "" {
		c.rect("fold", margin, y+4, width-2*margin, 24)
		c.text(width/2, y+20, middle, "faint", folded)
		y += 32
		text += "..... " + folded + "\n"
	}
	c.grow(c.lines(y, t.below))
	return c.picture(title, "A lane for each loop and one for each of its tasks, from left to right in time. "+legend, text+lines(t.below))
}

// shade shades the time in which everything waits, behind all lanes: no loop is awake.
func (t *timeline) shade(c *canvas, y, high int) {
	var loops [columns]activity
	for _, l := range t.tracks {
		for i, what := range l.cells {
			if what == awake {
				what = runs
			}
			if l.ofLoop {
				loops[i] = max(loops[i], what)
			}
		}
	}
	each(loops, func(from, to int, what activity) {
		if what == sleeps {
			c.rect("night", trackLeft+from*columnWide, y, (to-from)*columnWide, high)
		}
	})
}

// draw draws what a lane does; the more it does, the thicker.
func (l *track) draw(c *canvas, y int) {
	each(l.cells, func(from, to int, what activity) {
		x, wide := trackLeft+from*columnWide, (to-from)*columnWide
		switch what {
		case runs, awake:
			c.rect("runs", x, y, wide, 18)
		case due:
			c.rect("due", x+1, y+4, max(2, wide-2), 10)
		case waits, sleeps:
			c.rect("waits", x, y+8, wide, 3)
		}
	})
}

// each calls fn for each stretch of equal cells.
func each(cells [columns]activity, fn func(from, to int, what activity)) {
	from := 0
	for i := 1; i <= columns; i++ {
		if i == columns || cells[i] != cells[from] {
			fn(from, i, cells[from])
			from = i
		}
	}
}

// letters returns what a lane does, in the text twin.
func (l *track) letters() (all string) {
	for stretch := range slices.Chunk(l.cells[:], letter) {
		all += letters[slices.Max(stretch)]
	}
	return all
}

// words returns a lane's line of words.
func (l *track) words() string {
	if l.ofLoop {
		slept, awake := "never slept", ""
		if l.steps > 0 {
			slept = "slept " + times(l.steps) + l.lasted(l.waited)
		}
		if !l.t.inOrder {
			awake = "awake" + l.lasted(l.ran)
		}
		return parts(slept, awake)
	}
	waited := orElse(shortList(l.why), "waited"+l.lasted(l.waited)+" for ", "")
	return parts("ran "+times(l.steps)+l.lasted(l.ran), waited, l.end)
}

// lasted returns d if the picture shows time, nothing if it shows only the order.
func (l *track) lasted(d time.Duration) string {
	if l.t.inOrder {
		return ""
	}
	return " " + lasted(d)
}

// reason returns what a Yielded waits for; empty if it only gives others a turn.
func reason(f facts, e trace.Event) string {
	if e.Future == 0 {
		return ""
	}
	return f.waitsFor(e.Future)
}
