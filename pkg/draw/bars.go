package draw

// The simplest pictures: what took how long, and how many there are. They need no
// recording, so that a lesson can use them before there is a loop. Read svg.go first.

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Span is something that took a while. It was wanted at time 0, began at From and ended
// at To.
//
// Invariant: 0 ≤ From ≤ To; other values are drawn as the nearest ones that keep it.
type Span struct {
	Name     string
	From, To time.Duration
}

const (
	mostBars    = 24 // any further ones are folded: nobody compares a hundred bars
	barHigh     = 44
	barWide     = width - 2*margin
	longestName = 60 // letters, which leaves room for the times beside it
	textWide    = 72 // letters that the longest bar takes in the text twin
)

const (
	barLegend  = "thick: it goes on · outlined: it waits for its turn"
	textLegend = "# it goes on   + waits for its turn\n"
)

// Amount is how many there are of something, such as the threads of a program. A negative N
// has the bar of none.
type Amount struct {
	Name string
	N    int
}

// Bars draws spans one below the other, on one scale: outlined from time 0 to From, while
// a span waits for its turn, and thick from there to To. The same spans always give the
// same bytes. Without any, the picture says so.
func Bars(title string, spans []Span) *Picture {
	b := bars{title: title, says: tookAndOver, scale: "on one scale from left to right in time. " + barLegend,
		legend: barLegend, textLegend: textLegend}
	return b.picture(spans)
}

// Amounts draws amounts one below the other, each a bar that begins at 0, on one scale,
// and at least a line wide, so that each can be seen.
// The same amounts always give the same bytes. Without any, the picture says so.
func Amounts(title string, amounts []Amount) *Picture {
	b := bars{title: title, says: amountOf, scale: "on one scale from 0"}
	spans := make([]Span, len(amounts))
	for i, a := range amounts {
		spans[i] = Span{Name: a.Name, To: time.Duration(a.N)}
	}
	return b.picture(spans)
}

type bars struct {
	title      string
	says       func(Span) string // a bar's line of words; all have one form
	scale      string            // of the bars, for those who can't see them
	legend     string            // "" where no bar is outlined
	textLegend string

	spans   []Span
	longest time.Duration // when the last one ends
	folded  int
}

// fold keeps the spans that are drawn.
func (b *bars) fold(spans []Span) {
	b.folded = max(0, len(spans)-mostBars)
	for _, s := range spans[:len(spans)-b.folded] {
		s.From = max(0, s.From)
		s.To = max(s.From, s.To)
		b.spans = append(b.spans, s)
		b.longest = max(b.longest, s.To)
	}
}

// at is the position of d on a line that has this many places.
func (b *bars) at(d time.Duration, places int) int {
	if b.longest == 0 {
		return 0
	}
	return int(math.Round(float64(d) / float64(b.longest) * float64(places)))
}

// ends is where a bar begins and ends, at least one place wide.
func (b *bars) ends(s Span, places int) (from, to int) {
	from = min(b.at(s.From, places), places-1)
	return from, max(from+1, b.at(s.To, places))
}

// tookAndOver gives every span both times, and so all of them one form.
func tookAndOver(s Span) string {
	return nameOf(s) + ": took " + lasted(s.To-s.From) + ", over after " + lasted(s.To)
}

func amountOf(s Span) string { return nameOf(s) + ": " + strconv.Itoa(int(s.To)) }

func nameOf(s Span) string { return shorten(clean(s.Name), longestName) }

func (b *bars) remark() string {
	if len(b.spans) == 0 {
		return "nothing was measured"
	}
	return foldedHere(b.folded, "bar")
}

func (b *bars) picture(spans []Span) *Picture {
	b.fold(spans)
	c, y := newCanvas(b.title)
	text := clean(b.title) + "\n" + b.textLegend
	if b.legend != "" {
		y += textHigh + 4
		c.text(margin, y, start, "faint", b.legend)
	}
	y += 8
	for _, s := range b.spans {
		from, to := b.ends(s, barWide)
		c.text(margin, y+16, start, "over", b.says(s))
		if from > 4 {
			c.rect("due", margin+1, y+27, from-2, 6)
		}
		c.rect("runs", margin+from, y+22, to-from, 16)
		y += barHigh
		from, to = b.ends(s, textWide)
		text += b.says(s) + "\n  |" + strings.Repeat("+", from) + strings.Repeat("#", to-from) + strings.Repeat(" ", textWide-to) + "|\n"
	}
	if remark := b.remark(); remark != "" {
		y += textHigh + 4
		c.text(margin, y, start, "faint", remark)
		text += remark + "\n"
	}
	return c.picture(b.title, count(len(b.spans), "bar")+", "+b.scale, text)
}
