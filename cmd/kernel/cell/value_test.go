package cell

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValue(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import `fmt`\nx := 6\nfunc pair() (int, string) { return 1, `a` }\nfunc fails() int { panic(`no`) }\n"+
		"m, c := map[string]bool{`a`: true}, make(chan int, 2)\nc <- 4\nvar v any = 3")
	cases := []struct{ name, expression, text, failure string }{
		{"a name", "x", "6", ""},
		{"a calculation", "x * 7", "42", ""},
		{"over two lines", "x +\n1", "7", ""},
		{"a call", "fmt.Sprint(x)", "6", ""},
		{"a call with two results", "pair()", "1 a", ""},
		{"an element of a map, without ok", "m[`a`]", "true", ""},
		{"one in parentheses that is not there", "(m[`b`])", "false", ""},
		{"what a channel has", "<-c", "4", ""},
		{"what an interface has", "v.(int)", "3", ""},
		{"what an interface doesn't have", "v.(string)", "", "interface conversion: interface {} is int, not string"},
		{"nil", "nil", "", ""},
		{"a call that prints", "fmt.Print()", "", ""},
		{"an unknown name", "y", "", "undefined: y"},
		{"a panic", "fails()", "", "panic: no"},
		{"a definition", "z := 1", "", "not an expression: "},
		{"an assignment", "x = 1", "", "not an expression: "},
		{"two statements", "x; x", "", "not an expression: "},
		{"a command", "%help", "", "not an expression: "},
		{"nothing", "", "", "not an expression: "},
		{"what was there before", "x", "6", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result := s.Value(c.expression, 1)
			if c.failure != "" {
				require.NotNil(t, result.Failure)
				assert.Contains(t, result.Failure.String(), c.failure)
				return
			}
			require.Nil(t, result.Failure)
			assert.Equal(t, c.text, result.Value.Data["text/plain"])
		})
	}
	assert.NotNil(t, s.Run("z", 1).Failure, "a definition was not run")
}
