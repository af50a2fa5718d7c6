package cell

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// printed returns what fn prints to standard output and to standard error. It waits
// until there is something with the last words.
func printed(t *testing.T, lastWords string, fn func()) (stdout, stderr string) {
	t.Helper()
	capture := func(file **os.File) func() string {
		temporary, err := os.CreateTemp(t.TempDir(), "")
		require.NoError(t, err)
		before := *file
		*file = temporary
		t.Cleanup(func() { *file = before; temporary.Close() })
		return func() string {
			text, err := os.ReadFile(temporary.Name())
			require.NoError(t, err)
			return string(text)
		}
	}
	out, err := capture(&os.Stdout), capture(&os.Stderr)
	fn()
	assert.Eventually(t, func() bool { return strings.Contains(out()+err(), lastWords) }, 20*time.Second, time.Millisecond)
	return out(), err()
}

// A panic in a goroutine of a cell is reported, with the place of the go statement;
// the arguments have been evaluated before, with the types that Go gives them.
func TestGoroutines(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "time"; "io"; "sync")
var done sync.WaitGroup`)
	runs(t, s, "type robot struct{ name string }\nfunc (r *robot) Fail(n int) { defer done.Done(); panic(fmt.Sprint(r.name, n)) }\nfunc (r *robot) Read(p []byte) (int, error) { panic(r.name) }")
	runs(t, s, `func fails(d time.Duration, more ...string) { defer done.Done(); panic(fmt.Sprintf("%v%v", d, more)) }
func three() time.Duration { return 3 }
func takes(r io.Reader) { defer done.Done(); r.Read(nil) }
func adds(n *int) int { defer done.Done(); *n++; return *n }
var nobody map[string]int`)
	cases := []struct{ name, code, report, out string }{
		{"a function", `go fails(time.Second)`, "1s[]", ""},
		{"an untyped constant", `go fails(5)`, "5ns[]", ""},
		{"variadic", `go fails(1, "a", "b")`, "1ns[a b]", ""},
		{"a slice for the variadic", `go fails(1, []string{"c"}...)`, "1ns[c]", ""},
		{"a call as argument", `go fails(three())`, "3ns[]", ""},
		{"a method", `x := &robot{"R"}; go x.Fail(2)`, "R2", ""},
		{"a literal with an argument", `go func(s string) { defer done.Done(); panic(s) }("L")`, "L", ""},
		{"an interpreted type as a compiled interface", `go takes(&robot{"D"})`, "D", ""},
		{"a runtime error", `go func() { defer done.Done(); nobody["a"] = 1 }()`, "assignment to entry in nil map", ""},
		{"a builtin", `done.Done(); go panic("B")`, "B", ""},
		{"no panic", `n := 1; go adds(&n); done.Wait(); fmt.Println(n)`, "", "2\n"},
		{"arguments are evaluated before", `for i := 0; i < 1; i++ { go fails(time.Duration(i)) }`, "0s[]", ""},
		{"a timer", `time.AfterFunc(0, func() { defer done.Done(); panic("T") })`, "T", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			words := c.out
			if c.report != "" {
				words = "The goroutine has ended"
			}
			out, err := printed(t, words, func() { runs(t, s, "done.Add(1)\n"+c.code) })
			assert.Equal(t, c.out, out)
			if c.report == "" {
				assert.Empty(t, err)
				return
			}
			assert.Contains(t, err, ": "+c.report+"\n")
			if c.name != "a timer" {
				assert.Contains(t, err, ": "+c.report+"\nat In[")
				assert.Contains(t, err, "started at In[1]:2: ")
			}
		})
	}
}
