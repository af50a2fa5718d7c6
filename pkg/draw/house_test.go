package draw

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHouse compares houses with those that a human has looked at.
func TestHouse(t *testing.T) {
	long := strings.Repeat("a very long question ", 8)
	cases := []struct {
		name string
		b    Building
	}{
		{"house", Building{
			Title: "A house", Ground: "the ground",
			Floors: []Floor{
				{Name: "low", Rooms: []Room{{"01 first", "what is first?", "then you can begin"}, {"02 second", "what then?", ""}}},
				{Name: "empty"},
				{Name: "high", Rooms: []Room{{"03 <third>", long, "then you can rest & see far"}}},
			},
			Roof:   []string{"later: 04 fourth", "05 fifth"},
			Beside: []Room{{Name: "workshop", Asks: "what mends it"}},
		}},
		{"house_of_nothing", Building{Title: "No house yet", Ground: "the ground"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := House(c.b)
			checkPicture(t, c.name, p)
			assert.Equal(t, p, House(c.b), "the same house is the same bytes")
			golden(t, c.name+".svg", p.SVG())
			golden(t, c.name+".txt", p.String())
		})
	}
}

// TestHouseHasAllWords checks the picture against its text, which is for readers who can't
// see it. The text begins with the ground, the picture ends with it.
func TestHouseHasAllWords(t *testing.T) {
	p := House(Building{Title: "A house", Ground: "the ground", Roof: []string{"roof"}, Beside: []Room{{Name: "yard", Asks: "for play"}},
		Floors: []Floor{{Name: "low", Rooms: []Room{{"a", "ask a?", "able a"}, {"b", "ask b?", "able b"}}}, {Name: "high", Rooms: []Room{{"c", "ask c?", "able c"}}}}})
	var inText, inSVG []int
	for _, word := range []string{"ask a?", "able a", "ask b?", "able b", "high", "ask c?", "able c", "low", "the ground", "roof", "yard", "for play"} {
		assert.Contains(t, p.SVG(), ">"+word+"<")
		assert.Contains(t, p.String(), word)
	}
	for _, word := range []string{"ask a?", "ask b?", "ask c?"} {
		inText, inSVG = append(inText, strings.Index(p.String(), word)), append(inSVG, strings.Index(p.SVG(), word))
	}
	assert.IsIncreasing(t, inText, "the words go up")
	assert.IsDecreasing(t, inSVG, "the picture is drawn from the roof down")
}
