package draw

import (
	"strings"
)

// Sequence shows who called whom, from top to bottom: the loop runs a task's step, the
// step resumes the coroutine, calls lead down to the function that yields. What is
// yielded comes all the way up to the step, and the loop sleeps in select until
// something is possible. Solid arrows are calls, dashed ones lead back. A long run is
// folded in the middle.
func (r *Recording) Sequence() *Picture {
	s := tell(r.Events).fit()
	title := "Sequence: who called whom"
	p := sequence{story: s, title: title, current: -1, below: r.remarks()}
	return p.picture()
}

type sequence struct {
	story
	title   string
	current int      // the row that is marked; -1 for none
	below   []string // lines under the rows
	x       map[string]int
}

const (
	arrowHigh = 32
	noteHigh  = 24
	sleepHigh = 50
	foldHigh  = 34
	headHigh  = 26
	mostPitch = 150 // between lanes

	headsApart = 480 // how far the names of the lanes stand from each other, or a little more
	headsNeed  = 4   // so many rows stand below them, or they only cut the last ones off
)

func (r row) high() int {
	switch r.kind {
	case sleep:
		return sleepHigh
	case fold:
		return foldHigh
	case note:
		return noteHigh
	}
	if r.from == r.to {
		return noteHigh
	}
	return arrowHigh
}

func (p *sequence) picture() *Picture {
	c, y := newCanvas(p.title)
	top := p.head(c, y+12)
	rows, heads, bottom := p.layout(top + 8)
	for _, l := range p.lanes {
		c.line("life", p.x[l.key], top, p.x[l.key], bottom+6)
	}
	for _, y := range heads {
		bottom = max(bottom, p.head(c, y))
	}
	for i, r := range p.rows {
		if i == p.current {
			c.rect("here", 2, rows[i], width-4, r.high())
		}
		p.row(c, r, rows[i])
	}
	c.grow(c.lines(bottom, p.below))
	return c.picture(p.title, "Taking part, from left to right: "+strings.Join(p.names(), ", ")+". "+count(len(p.rows), "row")+", from top to bottom", p.text())
}

// layout places the rows below y, and the heads again wherever the last ones are about
// to leave a phone's screen. It returns the y of each, and that of the end.
func (p *sequence) layout(y int) (rows, heads []int, bottom int) {
	last := y
	for i, r := range p.rows {
		if y-last > headsApart && len(p.rows)-i >= headsNeed {
			heads = append(heads, y+6)
			y += p.headsHigh() + 14
			last = y
		}
		rows = append(rows, y)
		y += r.high()
	}
	if y-last > headsApart/2 {
		heads = append(heads, y+6)
	}
	return rows, heads, y
}

func (p *sequence) names() (names []string) {
	for _, l := range p.lanes {
		names = append(names, l.name)
	}
	return names
}

// head draws the names of the lanes, in two lines in turn if one line is too short, and
// returns where they end.
func (p *sequence) head(c *canvas, y int) int {
	pitch, lines := p.place(p.names()), p.headLines()
	for i, l := range p.lanes {
		x := p.x[l.key]
		room := 2 * min(x, width-x) // to the nearer edge, on both sides
		if lines == 2 {
			room = min(room, 2*pitch)
		}
		name := shorten(clean(l.name), (room-8-16)/charWide)
		top := y + i%lines*(headHigh+4)
		wide := boxWide(name)
		c.rect("box", x-wide/2, top, wide, headHigh-4)
		c.text(x, top+16, middle, "", name)
	}
	return y + p.headsHigh()
}

func (p *sequence) headsHigh() int { return p.headLines() * (headHigh + 4) }

func (p *sequence) headLines() int {
	names := p.names()
	pitch := p.place(names)
	for i := 1; i < len(names); i++ {
		if (boxWide(names[i-1])+boxWide(names[i]))/2+8 > pitch {
			return 2
		}
	}
	return 1
}

func boxWide(name string) int { return wideOf(clean(name)) + 16 }

// place gives each lane its x, and returns the distance between lanes.
func (p *sequence) place(names []string) int {
	n := len(p.lanes)
	first, last := min(boxWide(names[0]), 160), min(boxWide(names[n-1]), 160)
	pitch := mostPitch
	if n > 1 {
		pitch = min(mostPitch, (width-2*margin-first/2-last/2)/(n-1))
	}
	p.x = map[string]int{}
	for i, l := range p.lanes {
		p.x[l.key] = margin + first/2 + i*pitch
	}
	return pitch
}

func (p *sequence) row(c *canvas, r row, y int) {
	from, to := p.x[r.from], p.x[r.to]
	switch {
	case r.kind == sleep:
		c.rect("sleep", margin, y+4, width-2*margin, sleepHigh-10)
		c.text(width/2, y+20, middle, "strong", r.label)
		c.text(width/2, y+37, middle, "", r.after)
	case r.kind == fold:
		c.rect("fold", margin, y+4, width-2*margin, foldHigh-10)
		c.text(width/2, y+20, middle, "faint over", r.label)
	case from == to:
		c.dot("dot", from, y+12, 3)
		p.beside(c, from, y+16, r.label)
	case r.kind == back:
		c.arrow("back", from, to, y+22)
		c.text((from+to)/2, y+15, middle, "over", r.label)
	default:
		c.arrow("call", from, to, y+22)
		c.text((from+to)/2, y+15, middle, "over", r.label)
	}
}

// beside writes to the right of a lifeline, or to its left if there is more room there.
func (p *sequence) beside(c *canvas, x, y int, label string) {
	const gap = 9
	if wide := wideOf(clean(label)); x+gap+wide > width-margin && x > width/2 {
		c.text(x-gap, y, end, "over", label)
		return
	}
	c.text(x+gap, y, start, "over", label)
}

// text returns the picture in words: who, to whom, what, indented by depth.
func (p *sequence) text() string {
	var b strings.Builder
	b.WriteString(p.title + "\n")
	deep, name := map[string]int{}, map[string]string{}
	for _, l := range p.lanes {
		name[l.key] = clean(l.name)
		if !l.floor {
			deep[l.key] = l.depth + 1
		}
	}
	for i, row := range p.rows {
		mark := ""
		if i == p.current {
			mark = "» "
		}
		speaker := row.from
		if row.kind == back {
			speaker = row.to
		}
		b.WriteString(mark + strings.Repeat("   ", deep[speaker]))
		switch {
		case row.kind == sleep:
			b.WriteString("===== " + row.label + "\n===== " + row.after)
		case row.kind == fold:
			b.WriteString("..... " + row.label)
		case row.from == row.to:
			b.WriteString(name[row.from] + ": " + clean(row.label))
		case row.kind == back:
			b.WriteString(name[row.to] + " <- " + name[row.from] + ": " + clean(row.label))
		default:
			b.WriteString(name[row.from] + " -> " + name[row.to] + ": " + clean(row.label))
		}
		b.WriteByte('\n')
	}
	return b.String() + lines(p.below)
}
