package cell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each thing that a cell can't do comes with a sentence on what to write instead.
func TestErrorsThatHelp(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "io"; "sort"; "time")
type node struct { next *node; callbacks []func(*node) }
func (n *node) Depth() int { return 1 }`)
	runs(t, s, `n := &node{}; func two() (int, int) { return 1, 2 }; func add(a, b int) {}; var e error = io.EOF`)
	cases := []struct{ name, code, says string }{
		{"no such method", "e.Nothing()", "type error has no field or method Nothing"},
		{"a mistyped method", "t := time.Now()\nt.Unixx()", "Did you mean t.Unix?"},
		{"a mistyped method of a parameter", "func wait(t time.Time) int64 {\n\treturn t.Unixx()\n}", "Did you mean t.Unix?"},
		{"a mistyped field", "n.nxet = nil", "Did you mean n.next?"},
		{"a mistyped function", "fmt.Printn(1)", "Did you mean fmt.Print, fmt.Printf or fmt.Println?"},
		{"a function in small letters", "fmt.sprintf(`%d`, 1)", "but have Sprintf"},
		{"a mistyped name", "counter := 1\nfmt.Println(conter)", "Did you mean counter?"},
		{"a mistyped package", "fmtt.Println(1)", "Did you mean fmt?"},
		{"a mistyped import", `import "stepwise/pkg/lop"`, `Did you mean "stepwise/pkg/loop"?`},
		{"a package of ours that was not imported", `l, err := loop.New(loop.Options{})`, `Write import "stepwise/pkg/loop" first.`},
		{"a generic package that was not imported", `slices.Sort([]int{1})`, "Write import \"slices\" first."},
		{"an import without quotes", "import fmt", "in quotes"},
		{"a bracket that is never closed", "fmt.Println(1", "never closed"},
		{"a block that is never closed", "for {", "never closed"},
		{"a text in single quotes", "s := 'abc'", "double quotes"},
		{"typographic quotes", "fmt.Println(“a)", "curly quotation mark"},
		{"os.Stdin as a file", "import `os`\nvar f *os.File = os.Stdin", "take an io.Reader there"},
		{"os.Stdin as a file that is handed over", "import `os`\nfunc size(f *os.File) {}\nsize(os.Stdin)", "take an io.Reader there"},
		{"a method for a type of a package", "func (t time.Time) Late() bool { return true }", "cannot define new methods on non-local type time.Time"},
		{"a value of the wrong type", "var k int = \"three\"", "another type"},
		{"an argument of the wrong type", "add(\"a\", 1)", "another type"},
		{"an unknown import", `import "example.com/x"`, "not compiled into the kernel"},
		{"return at the top", "return 1", "end it with the value itself"},
		{"a function of a later cell", "func early() int { return later() }", "run the one that does"},
		{"goto", "goto x", "label x not defined"},
		{"a package that was not imported", `strconv.Itoa(3)`, `Write import "strconv" first.`},
		{"a name that a package lacks", "fmt.Nothing(1)", "begin with a capital"},
		{"a method of a literal", "node{}.nope()", "type node has no field or method nope"},
		{"what makes the interpreter stumble", "nil.x", "type untyped nil has no field or method x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			failure := s.Run(c.code, 7).Failure
			if assert.NotNil(t, failure) {
				first, rest, _ := strings.Cut(failure.String(), "\n")
				assert.Contains(t, failure.String(), c.says)
				assert.Regexp(t, `^(compile error|import failed): In\[7\]:\d+:\d+: `, first)
				assert.NotContains(t, rest, "In[")
			}
		})
	}
}

// v.(T), m[k] and <-c are one value, also as a call's only argument.
func TestOneValue(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"fmt\"\nvar v interface{} = 3\nm := map[string]int{\"a\": 4}\nc := make(chan int, 3)\nc <- 5\nc <- 6\nfunc twice(n int) int { return 2 * n }\nl := []int{7}")
	cases := []struct{ code, want string }{ // in this order: a channel gives each value once
		{"twice(v.(int))", "6"}, {"fmt.Sprint(v.(int))", "3"}, {`twice(m["a"])`, "8"}, {"fmt.Sprint(m[`b`])", "0"},
		{"fmt.Sprint(<-c)", "5"}, {"twice(<-c)", "12"}, {"fmt.Sprint(l[0])", "7"}, {"float64(l[0])", "7"}, {"len([]int{l[0]})", "1"},
		{"x, ok := v.(string)\nfmt.Sprint(x, ok)", "false"}, {"y, ok := m[`b`]\nfmt.Sprint(y, ok)", "0 false"},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, runs(t, s, c.code).Data["text/plain"], c.code)
	}
}

// What the interpreter runs and Go would do otherwise is said, and not refused.
func TestWarnings(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"fmt\"")
	cases := []struct{ name, code, says string }{
		{"a key that equals others", "type names [1]string\n\nm := map[any]int{}\nm[names{}] = 1", "In[1]:4: beware: as a key in an interface, a value of the type names equals any other"},
		{"a String method that is found", "type door int\n\nfunc (d door) String() string { return \"open\" }\nfmt.Print(door(1), []door{2})", ""},
		{"nothing wrong", "x := 1", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, red := printed(t, "", func() { runs(t, s, c.code) })
			assert.Contains(t, red, c.says)
			assert.Equal(t, c.says == "", red == "")
		})
	}
}

// A panic's words are Go's; a hint is added where they don't say what to do.
func TestPanicsThatHelp(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"errors\"\ntype mine struct{ s string }\nfunc (m *mine) Error() string { return m.s }")
	cases := []struct{ name, code, says string }{
		{"an index too far", "[]int{1, 2}[2:][0]", "index"},
		{"a pointer that is nil", "var none *mine\nnone.s", "still nil"},
		{"a map that was never made", "var m map[string]int\nm[`a`] = 1", "never made"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			failure := s.Run(c.code, 1).Failure
			if assert.NotNil(t, failure) {
				assert.Equal(t, "panic", failure.Name)
				assert.Contains(t, failure.String(), c.says)
			}
		})
	}
}

// What ends a program ends a cell.
func TestExit(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (\"os\"; \"log\"; \"syscall\"; \"fmt\"; \"sync\"; \"stepwise/pkg/coro\")\nlog.SetFlags(0)\nkept := 7\nlog.SetOutput(os.Stdout)")
	cases := []struct{ name, code, failure, out, red string }{
		{"os.Exit", "fmt.Println(1)\nos.Exit(3)\nfmt.Println(2)", "os.Exit(3): a program would end here", "1\n", ""},
		{"which no recover stops", "func try() { defer func() { recover() }(); os.Exit(0) }\ntry()\nfmt.Println(2)", "os.Exit(0): ", "", ""},
		{"behind a deferred call", "func tidy() { defer fmt.Println(`tidied`); os.Exit(6) }\ntidy()", "os.Exit(6): ", "tidied\n", ""},
		{"syscall.Exit", "syscall.Exit(1)", "syscall.Exit(1): ", "", ""},
		{"log.Fatal", "log.SetOutput(os.Stdout)\nlog.Fatal(\"so \", \"long\")", "log.Fatal: ", "so long\n", ""},
		{"log.Fatalf", "log.SetOutput(os.Stdout)\nlog.Fatalf(\"%d\", 3)", "log.Fatalf: ", "3\n", ""},
		{"in a coroutine", "coro.New(func(yield coro.Yield) (interface{}, error) { os.Exit(4); return nil, nil }).Send(nil)", "os.Exit(4): ", "", ""},
		{"in a goroutine", "var done sync.WaitGroup\ndone.Add(1)\ngo func() { defer done.Done(); os.Exit(5) }()\ndone.Wait()", "", "", "os.Exit(5) in a goroutine, started at In[1]:3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var failure *Failure
			out, red := printed(t, c.red, func() { failure = s.Run(c.code, 1).Failure })
			if c.failure == "" {
				assert.Nil(t, failure)
			} else if assert.NotNil(t, failure) {
				assert.Contains(t, failure.String(), c.failure)
				assert.Contains(t, failure.String(), "everything you defined")
			}
			assert.Equal(t, c.out, out)
			assert.Contains(t, red, c.red)
			assert.Equal(t, "7", runs(t, s, "kept").Data["text/plain"])
		})
	}
}
