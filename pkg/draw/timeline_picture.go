package draw

import (
	"slices"
	"strings"
)

const (
	columnWide = 2
	laneHigh   = 46
	trackLeft  = width - margin - columns*columnWide
)

func (t *timeline) picture() *Picture { return &Picture{svg: t.svg(), text: t.text()} }

func (t *timeline) title() string {
	if t.inOrder {
		return "Timeline, in order"
	}
	return "Timeline of " + lasted(t.lasts)
}

func (t *timeline) fold() string {
	if t.folded == 0 {
		return ""
	}
	return foldedHere(t.folded, "task")
}

func (t *timeline) legend() string {
	asleep := "select sleeps"
	if len(t.loops) > 1 {
		asleep = "all loops sleep"
	}
	return "thick: runs · outlined: could run, waits for its turn · thin: waits · shaded: " + asleep
}

func (t *timeline) svg() string {
	c := &canvas{}
	y := margin + textHigh
	c.text(margin, y, start, "strong", t.title())
	y += textHigh + 4
	c.text(margin, y, start, "faint", t.legend())
	y += 12
	t.shade(c, y, len(t.lanes)*laneHigh)
	for _, key := range t.lanes {
		c.text(margin, y+14, start, "over", t.names[key]+": "+t.words(key))
		t.track(c, key, y+20)
		y += laneHigh
	}
	if folded := t.fold(); folded != "" {
		c.rect("fold", margin, y+4, width-2*margin, 24)
		c.text(width/2, y+20, middle, "faint", folded)
		y += 32
	}
	c.grow(c.lines(y, t.below))
	return c.svg(t.title(), "A lane for each loop and one for each of its tasks, from left to right in time. "+t.legend()+". The text beside this picture says the same.")
}

// shade shades the time in which everything waits, behind all lanes: no loop is awake.
func (t *timeline) shade(c *canvas, y, high int) {
	var loops [columns]activity
	for _, key := range t.loops {
		for i, what := range t.cells(key) {
			if what == awake {
				what = runs
			}
			loops[i] = max(loops[i], what)
		}
	}
	each(loops, func(from, to int, what activity) {
		if what == sleeps {
			c.rect("night", trackLeft+from*columnWide, y, (to-from)*columnWide, high)
		}
	})
}

// track draws what a lane does; the more it does, the thicker.
func (t *timeline) track(c *canvas, key string, y int) {
	each(t.cells(key), func(from, to int, what activity) {
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

func (t *timeline) text() string {
	var b strings.Builder
	b.WriteString(t.title() + "\n# runs   + could run, waits for its turn   - waits   = select sleeps\n")
	for _, key := range t.lanes {
		b.WriteString(clean(t.names[key]+": "+t.words(key)) + "\n  |")
		cells := t.cells(key)
		for i := 0; i < columns; i += letter {
			b.WriteString(letters[slices.Max(cells[i:i+letter])])
		}
		b.WriteString("|\n")
	}
	if folded := t.fold(); folded != "" {
		b.WriteString("..... " + folded + "\n")
	}
	return b.String() + lines(t.below)
}
