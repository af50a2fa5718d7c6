package source

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCommands(t *testing.T) {
	cases := []struct {
		name, source string
		commands     []string
		rest         string
	}{
		{"none", "x := 1\n$ ls", nil, "x := 1\n$ ls"},
		{"one, and Go behind it", "$ ls -l\nx := 1", []string{"$ ls -l"}, "       \nx := 1"},
		{"two, with an empty line between", "  %cd /tmp\n\n\t%test 09 \nx", []string{"%cd /tmp", "%test 09"}, "          \n\n          \nx"},
		{"nothing else", "%help", []string{"%help"}, "     "},
		{"an end of line behind the last", "%help\n", []string{"%help"}, "     \n"},
		{"a comment ends them", "// Go\n%help", nil, "// Go\n%help"},
		{"empty lines alone", "\n\n", nil, "\n\n"},
		{"characters of several bytes keep the bytes behind them in place", "$ ☃\nx", []string{"$ ☃"}, "     \nx"},
		{"nothing", "", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			commands, rest := Commands(c.source)
			assert.Equal(t, c.commands, commands)
			assert.Equal(t, c.rest, rest)
			assert.Len(t, rest, len(c.source))
		})
	}
}
