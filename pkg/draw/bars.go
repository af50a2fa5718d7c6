package draw

// The simplest picture: what took how long. It needs no recording, only times
// that somebody has taken, and so it is there before the first lesson about a
// loop. Read svg.go before it.

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Span is something that went on for a while: it was wanted at the picture's
// beginning, began at From, and ended at To, both counted from that beginning.
//
// Invariant: 0 ≤ From ≤ To; what isn't so is drawn as if it were.
type Span struct {
	Name     string
	From, To time.Duration
}

const (
	mostBars    = 24 // more of them are folded: nobody compares a hundred bars
	barHigh     = 44
	barWide     = width - 2*margin
	longestName = 60 // letters, so that the times beside it have room
	textWide    = 72 // that the longest bar takes in the text twin
)

const barLegend = "thick: it goes on · outlined: it waits for its turn"

// Bars draws spans one below the other, on one scale: where each waits for its
// turn, from the beginning to From, and where it goes on, from From to To. The
// same spans are always the same bytes. No spans at all are a picture that says
// so.
func Bars(title string, spans []Span) *Picture {
	folded := max(0, len(spans)-mostBars)
	b := bars{title: title, spans: make([]Span, 0, len(spans)-folded), folded: folded}
	for _, s := range spans[:len(spans)-folded] {
		s.From = max(0, s.From)
		s.To = max(s.From, s.To)
		b.spans = append(b.spans, s)
		b.longest = max(b.longest, s.To)
	}
	return &Picture{svg: b.svg(), text: b.text()}
}

type bars struct {
	title   string
	spans   []Span
	longest time.Duration // the end of the last one to end
	folded  int
}

// at is where a time stands on a line of so many places. Something that takes
// any time at all is seen: see ends.
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

// words are what a bar's line says: both times, so that the words have one form.
func (b *bars) words(s Span) string {
	return shorten(clean(s.Name), longestName) + ": took " + lasted(s.To-s.From) + ", over after " + lasted(s.To)
}

func (b *bars) remark() string {
	switch {
	case len(b.spans) == 0:
		return "nothing was measured"
	case b.folded > 0:
		return count(b.folded, "more bar") + " are folded here"
	}
	return ""
}

func (b *bars) svg() string {
	c := &canvas{}
	y := margin + textHigh
	c.text(margin, y, start, "strong", b.title)
	y += textHigh + 4
	c.text(margin, y, start, "faint", barLegend)
	y += 8
	for _, s := range b.spans {
		from, to := b.ends(s, barWide)
		c.text(margin, y+16, start, "over", b.words(s))
		if from > 4 {
			c.rect("due", margin+1, y+27, from-2, 6)
		}
		c.rect("runs", margin+from, y+22, to-from, 16)
		y += barHigh
	}
	if remark := b.remark(); remark != "" {
		y += textHigh + 4
		c.text(margin, y, start, "faint", remark)
	}
	return c.svg(b.title, fmt.Sprintf("%s, on one scale from left to right in time. %s. The text beside this picture says the same.", count(len(b.spans), "bar"), barLegend))
}

func (b *bars) text() string {
	var out strings.Builder
	out.WriteString(clean(b.title) + "\n# it goes on   + waits for its turn\n")
	for _, s := range b.spans {
		from, to := b.ends(s, textWide)
		out.WriteString(b.words(s) + "\n  |")
		out.WriteString(strings.Repeat("+", from) + strings.Repeat("#", to-from) + strings.Repeat(" ", textWide-to) + "|\n")
	}
	if remark := b.remark(); remark != "" {
		out.WriteString(remark + "\n")
	}
	return out.String()
}
