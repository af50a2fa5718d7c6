package draw

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// inRow returns n spans, one after the other.
func inRow(n int) (spans []Span) {
	for i := range n {
		spans = append(spans, Span{fmt.Sprintf("peer %d", i+1), ms(i * 10), ms(i*10 + 10)})
	}
	return spans
}

func TestBars(t *testing.T) {
	cases := []struct {
		name  string
		title string
		spans []Span
	}{
		{"five in a row, the second is slow", "Five questions, one after the other", []Span{
			{"peer 1", 0, ms(1)}, {"peer 2, slow", ms(1), ms(301)}, {"peer 3", ms(301), ms(302)}, {"peer 4", ms(302), ms(303)}, {"peer 5", ms(303), ms(304)}}},
		{"all at once", "Five questions at once", []Span{{"peer 1", 0, ms(1)}, {"peer 2, slow", 0, ms(300)}, {"peer 3", 0, ms(2)}}},
		{"nothing", "Nothing at all", nil},
		{"no time", "No time at all", []Span{{"at once", 0, 0}}},
		{"nonsense", "Ends before it begins, begins before the beginning", []Span{{"backwards", ms(5), ms(3)}, {"before", ms(-5), ms(3)}, {"both", ms(-5), ms(-8)}}},
		{"too many", "Thirty in a row", inRow(30)},
		{"what a name may hold", "a <title> & \"quotes\"\nin two lines", []Span{{strings.Repeat("a long name ", 20), 0, ms(1)}, {"a < b & \"c\"\n", 0, 1}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Bars(c.title, c.spans)
			checkPicture(t, c.name, p)
			file := "bars_" + strings.NewReplacer(" ", "_", ",", "").Replace(c.name)
			golden(t, file+".txt", p.String())
			if c.name == cases[0].name {
				golden(t, file+".svg", p.SVG())
			}
			assert.Equal(t, p, Bars(c.title, c.spans), "the same spans are the same bytes")
		})
	}
}

// TestBarsAreToScale: what took twice as long is twice as wide, a bar begins where the one
// before it ends, and whatever took any time can be seen.
func TestBarsAreToScale(t *testing.T) {
	all := parse(t, Bars("scale", []Span{{"a", 0, ms(100)}, {"b", ms(100), ms(300)}, {"c", ms(300), ms(300) + 1}}).SVG())
	var runs, due []element
	for _, e := range all {
		switch {
		case e.name == "rect" && e.attr["class"] == "runs":
			runs = append(runs, e)
		case e.name == "rect" && e.attr["class"] == "due":
			due = append(due, e)
		}
	}
	require.Len(t, runs, 3)
	require.Len(t, due, 2, "the first waits for nobody")
	assert.InDelta(t, 2*runs[0].num(t, "width"), runs[1].num(t, "width"), 1)
	assert.Equal(t, margin, runs[0].num(t, "x"))
	assert.Equal(t, runs[0].num(t, "x")+runs[0].num(t, "width"), runs[1].num(t, "x"))
	assert.Equal(t, width-margin, runs[1].num(t, "x")+runs[1].num(t, "width"), "the last end is the right edge")
	assert.Positive(t, runs[2].num(t, "width"))
	for i, e := range runs {
		assert.LessOrEqual(t, e.num(t, "x")+e.num(t, "width"), width-margin, i)
	}
}

func TestAmounts(t *testing.T) {
	var many []Amount
	for i := range mostBars + 1 {
		many = append(many, Amount{fmt.Sprintf("thing %d", i+1), i})
	}
	cases := []struct {
		name    string
		title   string
		amounts []Amount
	}{
		{"three amounts", "How many threads", []Amount{{"before", 8}, {"by net", 8}, {"by raw reads", 108}}},
		{"no amounts", "Nothing was counted", nil},
		{"an amount of none", "None, and fewer", []Amount{{"none", 0}, {"fewer", -3}, {"one", 1}}},
		{"too many amounts", "Twenty-five", many},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Amounts(c.title, c.amounts)
			checkPicture(t, c.name, p)
			file := "bars_of_" + strings.ReplaceAll(c.name, " ", "_")
			golden(t, file+".txt", p.String())
			if c.name == cases[0].name {
				golden(t, file+".svg", p.SVG())
			}
			assert.NotContains(t, p.SVG(), "it waits for its turn", "no bar is outlined")
		})
	}
}

// TestBarsLeaveTheirSpansAlone: they are the caller's.
func TestBarsLeaveTheirSpansAlone(t *testing.T) {
	spans := []Span{{"backwards", ms(5), ms(3)}}
	Bars("", spans)
	assert.Equal(t, []Span{{"backwards", ms(5), ms(3)}}, spans)
}
