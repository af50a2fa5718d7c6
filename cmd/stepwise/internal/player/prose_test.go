package player

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestLongLinesOfCode(t *testing.T) {
	for _, c := range []struct {
		name, source string
		width        int
		want         string
	}{
		{"they fit", "a := 1\n\nb := 2", 10, "a := 1\n\nb := 2"},
		{"just so", "a := 12345", 10, "a := 12345"},
		{"one too long", "a := f(12, 345)", 12, "a := f(12,\n    ↪ 345)"},
		{"two breaks", "aaaa bbbb cccc dddd", 14, "aaaa bbbb cccc\n    ↪ dddd"},
		{"the indent is kept", "    return one, two, x", 19, "    return one,\n        ↪ two, x"},
		{"a long word stays whole", "x := \"" + strings.Repeat("a", 30) + "\"", 12, "x :=\n    ↪ \"" + strings.Repeat("a", 30) + "\""},
		{"a long word alone", strings.Repeat("a", 30), 12, strings.Repeat("a", 30)},
		{"letters of several bytes", "ééééé ééééé", 11, "ééééé ééééé"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, broken(c.source, c.width)) })
	}
}

// On a screen every line of code fits, in a file none is broken.
func TestCodeFitsTheScreen(t *testing.T) {
	source := "if err := sock.Connect(yield, s, address, deadline); err != nil {\n\treturn fmt.Errorf(\"connect to %v: %w\", address, err)\n}"
	for _, screen := range []bool{true, false} {
		var out strings.Builder
		p := &Player{Out: &out, Width: 40, Screen: screen}
		p.code("In [1]", source)
		longest := 0
		for line := range strings.Lines(out.String()) {
			longest = max(longest, utf8.RuneCountInString(strings.TrimRight(line, "\n")))
		}
		require.Equal(t, screen, longest <= 40, "%d\n%s", longest, out.String())
	}
}
