package build

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// question makes a step that asks at the cursor, which a | stands for in the code.
func question(ask, marked string) step {
	head, tail, _ := strings.Cut(marked, "|")
	return step{Ask: ask, Code: head + tail, Cursor: utf8.RuneCountInString(head)}
}

// defined is what the reader of the two tests below has run before they ask.
var defined = []step{
	{Code: `import ("fmt"; "net"; "stepwise/pkg/loop"; "stepwise/pkg/fetch"; "stepwise/pkg/sock")`},
	{Code: "// A box holds one value.\ntype box struct{ value int }\n\n// Put puts v into b.\nfunc (b *box) Put(v int) { b.value = v }\n\n// twice is n and n.\nfunc twice(n int) int { return 2 * n }"},
	{Code: "l, err := loop.New(loop.Options{})\nb := &box{}"},
}

// TestInspect asks as Shift-Tab does.
func TestInspect(t *testing.T) {
	cases := []struct{ name, code, signature, doc string }{
		{"a function of ours", "r, err := fetch.Get(|", "func Get(yield coro.Yield, rawURL string) (*Response, error)", "Get fetches rawURL"},
		{"a type of ours", "loop.Options|{}", "type Options struct {", "Clock"},
		{"a method of a value", "☃ := 1; l.CallSoon|", "func (l *Loop) CallSoon(", "CallSoon"},
		{"the standard library", "fmt.Printf|(1)", "func Printf(format string, a ...any) (n int, err error)", "Printf formats according to a format specifier"},
		{"a method of the standard library", "var c net.Conn\nc.Read|", "func (Conn) Read(b []byte) (n int, err error)", "Read reads data from the connection."},
		{"a function of a cell", "twice|", "func twice(n int) int", "twice is n and n."},
		{"a type of a cell", "box|", "type box struct{ value int }", "A box holds one value."},
		{"a method of a cell", "b.Put|", "func (b *box) Put(v int)", "Put puts v into b."},
		{"a variable of a cell", "l|", "var l *loop.Loop", "event loop"},
		{"an unknown name", "nothing|", "", ""},
	}
	steps := append([]step(nil), defined...)
	for _, c := range cases {
		steps = append(steps, question("inspect", c.code))
	}
	s := play(t, steps)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := s.Steps[len(defined)+i]
			assert.Equal(t, "ok", got.Status)
			assert.Equal(t, c.signature != "", got.Reply.Found)
			for _, kind := range []string{"text/plain", "text/markdown"} {
				assert.Contains(t, got.Reply.Data[kind], c.signature)
				assert.Contains(t, got.Reply.Data[kind], c.doc)
			}
		})
	}
}

// TestComplete asks as Tab does.
func TestComplete(t *testing.T) {
	cases := []struct {
		name, code string
		want       []string // all of them, at least
		takes      string   // the place of which text
	}{
		{"a package", "fmt.Print|", []string{"Print", "Printf", "Println"}, "Print"},
		{"from the dot", "x := \"☃\"\nloop.|", []string{"Loop", "New", "Options"}, ""},
		{"a compiled value", "l.CallS|", []string{"CallSoon", "CallSoonThreadsafe"}, "CallS"},
		{"an interpreted value", "b.|", []string{"Put", "value"}, ""},
		{"a plain name", "twi|", []string{"twice"}, "twi"},
		{"a parameter of the function being written", "func f(s *sock.Socket) {\n\ts.Clo|", []string{"Close", "CloseWrite"}, "Clo"},
		{"nothing", "nothing.|", nil, ""},
	}
	steps := append([]step(nil), defined...)
	for _, c := range cases {
		steps = append(steps, question("complete", c.code))
	}
	s := play(t, steps)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := s.Steps[len(defined)+i]
			assert.Equal(t, "ok", got.Status)
			assert.NotNil(t, got.Reply.Matches)
			assert.Subset(t, got.Reply.Matches, c.want)
			assert.Equal(t, c.want == nil, len(got.Reply.Matches) == 0)
			asked := steps[len(defined)+i]
			assert.Equal(t, c.takes, string([]rune(asked.Code)[got.Reply.CursorStart:got.Reply.CursorEnd]))
		})
	}
}

// TestCant has every row of CONTRIBUTING's "What cells can't do" said to the reader,
// by an error or, where the interpreter runs it, by a warning.
func TestCant(t *testing.T) {
	rows := []struct{ name, code, says string }{
		{"return at the top", "return", "put the code into a func"},
		{"goto to nowhere", "goto end", "label end not defined"},
		{"defer in a loop over a function", "func seq(yield func(int) bool) {}\nfunc all() { for range seq { defer print() } }", "a defer in a loop over a function"},
		{"a name of a later cell", "func early() { later() }", "run the one that does"},
		{"a key in an interface", "type names [1]string\nm := map[any]int{}\nm[names{}] = 1", "put the type into a package under pkg"},
		{"a package that is not compiled in", `import "go/printer/none"`, "not compiled into the kernel"},
	}
	var steps []step
	for _, r := range rows {
		steps = append(steps, step{Code: r.code})
	}
	s := play(t, steps)
	for i, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			said := s.Steps[i].failure() + s.Steps[i].stream("stderr")
			assert.Contains(t, said, r.says)
			if r.says != "" && !strings.HasPrefix(said, "panic: ") {
				assert.Regexp(t, `In\[\d+\]:\d+`, said, "the place in the cell")
			}
			assert.True(t, s.Steps[i].Alive)
		})
	}
}
