package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines are the numbers of the entries.
func lines(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprint(e.Line))
	}
	return strings.Join(all, " ")
}

// sample has five cells; the third and the fifth are equal.
func sample() *History {
	h := new(History)
	for i, code := range []string{"import \"fmt\"", "x := 1\ny := 2", "fmt.Println(x)", "x * (y + 1)", "fmt.Println(x)"} {
		h.Add(i+1, code)
	}
	return h
}

func TestTail(t *testing.T) {
	for n, want := range map[int]string{-1: "", 0: "", 1: "5", 3: "3 4 5", 5: "1 2 3 4 5", 99: "1 2 3 4 5"} {
		assert.Equal(t, want, lines(sample().Tail(n)), n)
	}
	assert.Empty(t, new(History).Tail(3))
}

func TestRange(t *testing.T) {
	cases := []struct {
		name                 string
		session, start, stop int
		want                 string
	}{
		{"all of this session", 0, 0, 0, "1 2 3 4 5"},
		{"by its number", Session, 1, 0, "1 2 3 4 5"},
		{"the stop is none of them", 0, 2, 4, "2 3"},
		{"up to the end", 0, 4, 0, "4 5"},
		{"beyond the end", 0, 4, 99, "4 5"},
		{"nothing between", 0, 3, 3, ""},
		{"the session before", -1, 0, 0, ""},
		{"a session to come", 2, 0, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, lines(sample().Range(c.session, c.start, c.stop)))
		})
	}
}

func TestSearch(t *testing.T) {
	cases := []struct {
		name, pattern string
		n             int
		unique        bool
		want          string
	}{
		{"everything", "*", 0, false, "1 2 3 4 5"},
		{"equal ones once, the last", "*", 0, true, "1 2 4 5"},
		{"the last two", "*", 2, false, "4 5"},
		{"the last three that differ", "*", 3, true, "2 4 5"},
		{"a part", "*x*", 0, false, "2 3 4 5"},
		{"a beginning", "fmt*", 0, false, "3 5"},
		{"an end, over lines", "x*2", 0, false, "2"},
		{"a whole", "fmt.Println(x)", 0, false, "3 5"},
		{"not a part", "Println", 0, false, ""},
		{"a character", "? := 1*", 0, false, "2"},
		{"a set", "[a-y] := 1*", 0, false, "2"},
		{"not of a set", "[^f]*", 0, false, "1 2 4"},
		{"a dot is a dot", "fmt?Println.x)", 0, false, ""},
		{"brackets and stars of an expression", "x [*] (y + 1)", 0, false, "4"},
		{"a set that is never closed", "x[", 0, false, ""},
		{"a set that makes no sense", "[z-a]", 0, false, ""},
		{"nothing", "", 0, false, ""},
		{"other capitals", "FMT*", 0, false, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, lines(sample().Search(c.pattern, c.n, c.unique)))
		})
	}
}

func TestOutput(t *testing.T) {
	h := sample()
	h.Output(5, "1")
	h.Output(4, "too late")
	assert.Equal(t, []Entry{{4, "x * (y + 1)", ""}, {5, "fmt.Println(x)", "1"}}, h.Tail(2))
	new(History).Output(1, "nobody's")
}

func TestLimit(t *testing.T) {
	var h History
	h.Add(1, "first")
	h.Add(2, strings.Repeat("x", limit/2))
	h.Output(2, strings.Repeat("y", limit/2-10))
	require.Equal(t, "1 2", lines(h.Tail(9)))
	h.Add(3, "one more")
	assert.Equal(t, "2 3", lines(h.Tail(9)), "the oldest goes")
	h.Add(4, strings.Repeat("z", limit))
	assert.Equal(t, "4", lines(h.Tail(9)))
	h.Add(5, strings.Repeat("z", limit+1))
	assert.Empty(t, h.Tail(9), "one that is too large is not kept")
	h.Output(5, "nothing")
	h.Add(6, "on")
	assert.Equal(t, "6", lines(h.Tail(9)))
}

func FuzzSearch(f *testing.F) {
	for _, pattern := range []string{"*", "[a-z]?", "[", "]", "[]", "[^]", `\`, "(?i)", "a{2}", "\xff*"} {
		f.Add(pattern, "x := 1")
	}
	f.Fuzz(func(t *testing.T, pattern, input string) {
		var h History
		h.Add(1, input)
		found := h.Search(pattern, 1, true)
		if pattern == "*" {
			require.Len(t, found, 1)
		}
	})
}
