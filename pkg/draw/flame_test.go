package draw

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFlame(t *testing.T) {
	many := map[string]int{}
	for i := range 100 {
		many[fmt.Sprintf("all;function %02d", i)] = 1
	}
	cases := []struct {
		name   string
		counts map[string]int
	}{
		{"an echo", map[string]int{
			"loop.Loop.Run;loop.Loop.round;loop.Loop.sleep;epoll_wait": 2, "coro.New;task.New;sock.Send;send": 1, "coro.New;task.New;sock.Read;recv": 1}},
		{"nothing", map[string]int{"nothing;of this": 0, "nor this": -3}},
		{"a way that goes on where another ends", map[string]int{"a;b": 1, "a;b;c": 2, "a": 3}},
		{"a function that calls itself", map[string]int{"a;a;a": 2, "a;a": 1}},
		{"too many", many},
		{"what a name may hold", map[string]int{"a <b> & \"c\"\n;" + strings.Repeat("a long name ", 20): 1, "": 1, ";": 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Flame("System calls of "+c.name, c.counts)
			checkPicture(t, c.name, p)
			file := "flame_" + strings.ReplaceAll(c.name, " ", "_")
			golden(t, file+".txt", p.String())
			if c.name == cases[0].name {
				golden(t, file+".svg", p.SVG())
			}
			assert.Equal(t, p, Flame("System calls of "+c.name, c.counts), "the same counts are the same bytes")
		})
	}
}

// TestFlameIsToScale: a bar is as wide as its count, stands within the one that called it,
// and its neighbor begins where it ends.
func TestFlameIsToScale(t *testing.T) {
	var bars []element
	for _, e := range parse(t, Flame("scale", map[string]int{"a;b": 1, "a;c;d": 3}).SVG()) {
		if e.name == "rect" && e.attr["class"] != "paper" {
			bars = append(bars, e)
		}
	}
	require.Len(t, bars, 4, "a, b, c, d")
	number := func(e element, name string) int {
		n, err := strconv.Atoi(e.attr[name])
		require.NoError(t, err)
		return n
	}
	const gap = 2
	x, wide, y := [4]int{}, [4]int{}, [4]int{}
	for i, e := range bars {
		x[i], wide[i], y[i] = number(e, "x"), number(e, "width")+gap, number(e, "y")
	}
	assert.Equal(t, width-2*margin, wide[0])
	assert.Equal(t, [3]int{wide[0] / 4, wide[0] * 3 / 4, wide[0] * 3 / 4}, [3]int{wide[1], wide[2], wide[3]})
	assert.Equal(t, [3]int{x[0], x[0] + wide[1], x[0] + wide[1]}, [3]int{x[1], x[2], x[3]})
	assert.Equal(t, [3]int{flameHigh, flameHigh, 2 * flameHigh}, [3]int{y[0] - y[1], y[0] - y[2], y[0] - y[3]})
	assert.Equal(t, "here", bars[1].attr["class"], "an innermost one")
	assert.Equal(t, "box", bars[2].attr["class"])
}
