package shell

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLine(t *testing.T) {
	cases := []struct {
		name  string
		words []string
		want  string // "": only what bash makes of it counts
	}{
		{"plain words stay as they are", []string{"stepwise", "lab", "--port=9000", "/srv/a.b_c"}, "stepwise lab --port=9000 /srv/a.b_c"},
		{"a space", []string{"cd", "/my course"}, "cd '/my course'"},
		{"an apostrophe", []string{"ann's"}, ""},
		{"a dollar and a backtick", []string{"$HOME", "`id`"}, ""},
		{"a tilde", []string{"~", "~root"}, ""},
		{"a star and a question mark", []string{"*", "a?"}, ""},
		{"an empty word", []string{"a", "", "b"}, ""},
		{"two commands in one name", []string{"a; touch b", "a && b", "a\nb"}, ""},
		{"a keyword", []string{"if", "then"}, ""},
		{"an assignment", []string{"A=b"}, ""},
		{"a flag with a value that needs quotes", []string{"--dir=/my course", "-o=~", "--x="}, "--dir='/my course' -o='~' --x=''"},
		{"a comment", []string{"#x"}, ""},
		{"an exclamation mark", []string{"a!b"}, ""},
		{"bytes that are no text", []string{"a\xffb"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			line := Line(c.words...)
			if c.want != "" {
				assert.Equal(t, c.want, line)
			}
			out, err := exec.Command("bash", "-c", `printf '%s\0' `+line).Output()
			require.NoError(t, err, line)
			assert.Equal(t, c.words, strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"), line)
		})
	}
}

func TestAssignment(t *testing.T) {
	for _, value := range []string{"/opt/share", "/my course", "", "~", "$HOME", "a'b"} {
		line := Assignment("PLACE", value)
		out, err := exec.Command("bash", "-c", line+` bash -c 'printf %s "$PLACE"'`).Output()
		require.NoError(t, err, line)
		assert.Equal(t, value, string(out), line)
	}
	assert.Equal(t, "PLACE=/opt/share", Assignment("PLACE", "/opt/share"))
}

func TestALineMovesNoCursor(t *testing.T) {
	assert.NotContains(t, Line("a\x1b[2Jb"), "\x1b")
	assert.Equal(t, "ab", Line("a\x00b"), "no argument can hold a zero byte")
}
