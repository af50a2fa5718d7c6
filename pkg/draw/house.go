package draw

// A course, or any program in layers, drawn as a house. It is the one picture here that
// comes from a list instead of a run, so nothing here keeps it true. Read svg.go first.

import (
	"fmt"
	"slices"
	"strings"
)

// Building is what House draws.
type Building struct {
	Title  string
	Ground string   // what the lowest floor stands on
	Floors []Floor  // from the ground up; each needs only those below it
	Roof   []string // lines of what isn't built yet; without any, the roof is flat
	Beside []Room   // what serves the house but carries no floor
}

// Floor is a part of a Building. One without rooms is drawn with its name alone.
type Floor struct {
	Name  string
	Rooms []Room // from the ground up
}

// Room is a part of a Floor.
type Room struct {
	Name string
	Asks string // the question that it answers
	Able string // what you can do after it; may be empty
}

// House draws b. The picture has the ground at its foot; the text begins with it, since
// text is read from the top. The same Building always gives the same bytes.
func House(b Building) *Picture {
	c, y := newCanvas(b.Title)
	y = drawRoof(c, y+textHigh, b.Roof)
	for i := len(b.Floors) - 1; i >= 0; i-- {
		y = b.Floors[i].draw(c, y)
	}
	c.line("", 0, y, width, y)
	c.text(width/2, y+textHigh+4, middle, "faint", b.Ground)
	y += textHigh + 16
	if len(b.Beside) > 0 {
		y += textHigh + 6
		c.text(margin, y, start, "strong", "Beside the house")
	}
	for _, room := range b.Beside {
		y += textHigh + 6
		c.text(houseLeft+16, y, start, "strong", room.Name)
		c.text(roomLeft, y, start, "", room.Asks)
	}
	return c.picture(b.Title, "A house of "+count(len(b.Floors), "floor"), b.words())
}

// Where the house and its rooms begin, in pixels from the left, and how high they are.
const (
	houseLeft  = 24
	houseRight = width - houseLeft
	roomLeft   = 160
	roomHigh   = 44
	roomLow    = 28 // of a room without Able
	ableLeft   = roomLeft + 16
)

// drawRoof draws the roof below y and returns where the uppermost floor begins.
func drawRoof(c *canvas, y int, lines []string) int {
	const eave, slope, above = 20, 90, 14 // how far it juts out and leans in, and the space above its words
	if len(lines) == 0 {
		return y + above
	}
	low := y + above + len(lines)*(textHigh+4) + 8
	fmt.Fprintf(&c.b, `<polygon class="box" points="%d,%d %d,%d %d,%d %d,%d"/>`+"\n",
		houseLeft-eave, low, houseLeft+slope, y+4, houseRight-slope, y+4, houseRight+eave, low)
	for i, line := range lines {
		c.text(width/2, y+above+(i+1)*(textHigh+4)-4, middle, "faint", line)
	}
	c.grow(low)
	return low
}

// draw draws the floor below y, its lowest room at its foot, and returns where
// the next one begins.
func (f Floor) draw(c *canvas, y int) int {
	high := 0
	for _, room := range f.Rooms {
		high += room.high()
	}
	high = max(high, roomLow) + 4
	c.rect("open", houseLeft, y, houseRight-houseLeft, high)
	c.line("life", roomLeft-14, y+8, roomLeft-14, y+high-8)
	c.text(houseLeft+16, y+high/2+4, start, "strong", f.Name)
	top := y + 2
	for _, room := range slices.Backward(f.Rooms) {
		fitted(c, roomLeft, top+19, "strong", room.Name)
		fitted(c, roomLeft+wideOf(room.Name+"  "), top+19, "", room.Asks)
		if room.Able != "" {
			fitted(c, ableLeft, top+37, "faint", room.Able)
		}
		top += room.high()
	}
	return y + high
}

func (r Room) high() int {
	if r.Able == "" {
		return roomLow
	}
	return roomHigh
}

// fitted writes as much of s as the house has room for from x on. The text has all of it.
func fitted(c *canvas, x, y int, class, s string) {
	c.text(x, y, start, class, shorten(s, (houseRight-x)/charWide))
}

// words returns the house as text.
func (b Building) words() string {
	names, rooms, beside := 0, 0, 0
	for _, f := range b.Floors {
		names = max(names, cells(f.Name))
		for _, room := range f.Rooms {
			rooms = max(rooms, cells(room.Name))
		}
	}
	for _, room := range b.Beside {
		beside = max(beside, cells(room.Name))
	}
	out := []string{b.Title, "", "From the ground up, which is " + b.Ground + ":", ""}
	for _, f := range b.Floors {
		out = append(out, f.words(names, rooms)...)
	}
	for i, line := range b.Roof {
		name := ""
		if i == 0 {
			name = "roof"
		}
		out = append(out, "  "+pad(name, names)+"  "+line)
	}
	if len(b.Beside) > 0 {
		out = append(out, "", "Beside the house:", "")
	}
	for _, room := range b.Beside {
		out = append(out, "  "+pad(room.Name, beside)+"  "+room.Asks)
	}
	return strings.Join(out, "\n") + "\n"
}

// words returns a floor as lines; names and rooms are the widths of the columns.
func (f Floor) words(names, rooms int) []string {
	if len(f.Rooms) == 0 {
		return []string{"  " + f.Name}
	}
	var out []string
	for i, room := range f.Rooms {
		name := ""
		if i == 0 {
			name = f.Name
		}
		out = append(out, strings.TrimRight("  "+pad(name, names)+"  "+pad(room.Name, rooms)+"  "+room.Asks, " "))
		if room.Able != "" {
			out = append(out, "  "+pad("", names)+"     "+room.Able)
		}
	}
	return out
}
