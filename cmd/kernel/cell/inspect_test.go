package cell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/cmd/kernel/display"
)

// learned is a session in which a reader has defined things of all kinds.
func learned(t *testing.T) *Session {
	t.Helper()
	s := newSession(t)
	runs(t, s, `import ("fmt"; "io"; "net"; "net/http"; "time"; "stepwise/pkg/loop"; "stepwise/pkg/fetch"; "stepwise/pkg/selector"; "stepwise/pkg/sock"; "stepwise/pkg/coro")`)
	runs(t, s, `// A box holds
// one value.
type box struct {
	value interface{} // whatever it is
	loop  *loop.Loop
}

// Put puts v into b.
func (b *box) Put(v interface{}) { b.value = v }

// double is twice n.
func double(n int) int { return 2 * n }`)
	runs(t, s, "l, err := loop.New(loop.Options{})\nb := &box{loop: l}\nboxes := []*box{b}\ncount := 3 // of all boxes\nvar conn net.Conn\nresponse := &http.Response{}\nconst limit = 10")
	return s
}

// pointer takes the cursor, |, out of a cell.
func pointer(t *testing.T, marked string) (code string, cursor int) {
	t.Helper()
	head, tail, ok := strings.Cut(marked, "|")
	assert.True(t, ok, "no cursor in %s", marked)
	return head + tail, len([]rune(head))
}

func TestInspect(t *testing.T) {
	s := learned(t)
	cases := []struct {
		name, cell string
		says       []string // in the text; none: nothing is known
	}{
		{"a function of ours", "fetch.Ge|t(nil, url)", []string{"func Get(yield coro.Yield, rawURL string) (*Response, error)", "Get fetches rawURL", `import "stepwise/pkg/fetch"`}},
		{"the function in whose arguments the cursor is", "body, err := fetch.Get(nil, |)", []string{"func Get("}},
		{"also behind other brackets", "fetch.Get(f(1, 2), []int{3}[0], |", []string{"func Get("}},
		{"a name in another line", "// ☃☃☃\nx := 1\nfetch.Get(\n\tnil,\n\t|l)", []string{"var l *loop.Loop"}},
		{"a function of the standard library", "fmt.Println|", []string{"func Println(a ...any) (n int, err error)", "Spaces are always added"}},
		{"the package before the dot", "fm|t.Println(1)", []string{"package fmt", "formatted I/O", `import "fmt"`}},
		{"a package of ours", "|loop.New", []string{"package loop", `import "stepwise/pkg/loop"`}},
		{"a type, its fields and its methods", "loop.Loop|", []string{"type Loop struct", "func (l *Loop) CallSoon("}},
		{"an interface", "io.Reader|", []string{"type Reader interface {\n\tRead(p []byte) (n int, err error)\n}", "end-of-file"}},
		{"a constant", "selector.Re|ad", []string{"const Read selector.Events = 0x1"}},
		{"an untyped constant", "http.StatusNotFound|", []string{"const StatusNotFound = 404", "RFC 9110"}},
		{"a variable of a package", "io.EOF|", []string{"var EOF error", "EOF is the error returned by Read"}},
		{"a method of a compiled value", "l.CallSoon|(f)", []string{"func (l *Loop) CallSoon("}},
		{"a method of an interface", "conn.Read|(p)", []string{"func (Conn) Read(b []byte) (n int, err error)", "Read can be made to time out"}},
		{"a method that another interface gave", "response.Body.Close|()", []string{"Close() error"}},
		{"a field of a compiled value", "response.StatusCode|", []string{"field StatusCode int", "e.g. 200"}},
		{"a field of a field", "b.loop.Run|()", []string{"func (l *Loop) Run() error"}},
		{"a method of what a call returns", "time.Now().Unix|()", []string{"func (t Time) Unix() int64", "Unix returns t as a Unix time"}},
		{"a method of an element", "boxes[0].Put|(1)", []string{"func (b *box) Put(v interface{})", "Put puts v into b."}},
		{"a method of a type assertion", "var x any = conn\nx.(net.Conn).Close|()", []string{"func (Conn) Close() error"}},
		{"a function of a cell", "double|(3)", []string{"func double(n int) int", "double is twice n."}},
		{"a type of a cell, with its methods", "box|{}", []string{"type box struct {\n\tvalue interface{} // whatever it is", "func (b *box) Put(v interface{})", "A box holds one value."}},
		{"a variable of a cell", "coun|t + 1", []string{"var count int", "of all boxes"}},
		{"a variable whose type has a comment", "l|", []string{"var l *loop.Loop", "event loop"}},
		{"a variable whose type a cell has", "b|", []string{"var b *box", "A box holds"}},
		{"a constant of a cell", "limit|", []string{"const limit "}},
		{"a parameter of the function being written", "func write(s *sock.Socket) {\n\ts.Close|(", []string{"func (s *Socket) Close("}},
		{"a parameter of a method being written", "func (b *box) Take(c net.Conn) {\n\tc.Close|", []string{"func (Conn) Close() error"}},
		{"a receiver", "func (it *box) Take() {\n\tit.Put|", []string{"func (b *box) Put("}},
		{"a variable of the cell being written", "mine, err := loop.New(loop.Options{})\nmine.Stop|()", []string{"func (l *Loop) Stop("}},
		{"a variable of a range", "for i, one := range boxes {\n\tone.Put|(i)\n}", []string{"func (b *box) Put("}},
		{"a package that the cell imports itself", "import \"strings\"\nstrings.ToUpper|(\"a\")", []string{"func ToUpper(s string) string"}},
		{"what the cell defines itself", "// half is half of n.\nfunc half(n int) int { return n / 2 }\nhalf|(3)", []string{"func half(n int) int", "half is half of n."}},
		{"below commands", "$ echo `date\nfmt.Println|", []string{"func Println"}},
		{"a generic function", "import \"stepwise/pkg/task\"\ntask.AwaitAs|", []string{"func AwaitAs[T any]", "Cells can't use it: it is generic."}},
		{"an unknown name", "nothing|", nil},
		{"an unknown name of a package", "fmt.Nothing|", nil},
		{"no name", "1 + | 2", nil},
		{"a block", "double(func() int {\n|\n})", nil},
		{"an empty cell", "|", nil},
		{"a keyword", "fo|r {}", nil},
		{"text", `"fmt.Println|"`, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, cursor := pointer(t, c.cell)
			explained, found := s.Inspect(code, cursor)
			assert.Equal(t, len(c.says) > 0, found, explained.Signature)
			text, _ := explained.Data()[display.MIMETypeText].(string)
			for _, piece := range c.says {
				assert.Contains(t, text, piece)
			}
		})
	}
	runs(t, s, "double(count)") // nothing that was looked at has been hurt
	t.Run("fronts that can show Markdown get it", func(t *testing.T) {
		explained, _ := s.Inspect("fetch.Get", 9)
		markdown, _ := explained.Data()[display.MIMETypeMarkdown].(string)
		assert.True(t, strings.HasPrefix(markdown, "```go\nfunc Get("), markdown)
	})
}

func TestComplete(t *testing.T) {
	s := learned(t)
	cases := []struct {
		name, cell  string
		has, hasNot []string
	}{
		{"a package", "fmt.Prin|", []string{"Print", "Printf", "Println"}, []string{"Sprint"}},
		{"a package of ours, from its dot", "loop.|", []string{"New", "Loop", "Options"}, []string{"timers"}},
		{"a compiled value", "l.Call|", []string{"CallSoon", "CallLater", "CallSoonThreadsafe"}, []string{"Run"}},
		{"what only its package knows", "l.|", []string{"Run", "Stop"}, []string{"ready", "selector"}},
		{"an interface", "conn.|", []string{"Read", "SetDeadline"}, nil},
		{"a field of a compiled value", "response.Sta|", []string{"Status", "StatusCode"}, nil},
		{"a value of a cell's type", "b.|", []string{"value", "loop", "Put"}, nil},
		{"a field of a field", "b.loop.R|", []string{"Run"}, nil},
		{"what a call returns", "time.Now().Uni|", []string{"Unix", "UnixNano"}, nil},
		{"an element", "boxes[0].P|", []string{"Put"}, nil},
		{"a parameter", "func write(s *sock.Socket) error {\n\treturn s.Clo|", []string{"Close"}, nil},
		{"a parameter of a literal", "coro.New(func(yield coro.Yield) (interface{}, error) {\n\tyi|", []string{"yield"}, nil},
		{"a variable of the cell", "mine, err := loop.New(loop.Options{})\nmine.Sto|", []string{"Stop"}, nil},
		{"a package that the cell imports", "import \"strings\"\nstrings.ToUp|", []string{"ToUpper"}, nil},
		{"a name of a cell", "dou|", []string{"double"}, nil},
		{"a type of a cell", "bo|", []string{"box", "boxes"}, nil},
		{"a keyword", "contin|", []string{"continue"}, nil},
		{"nothing of the kernel's own", "s|", []string{"sock", "select"}, []string{"stepwise_kernel_one", "stepwise_kernel_guarded"}},
		{"the variable of a type switch", "var x any = conn\nswitch v := x.(type) {\ncase net.Conn:\n\tv.Clo|", []string{"Close"}, nil},
		{"what a struct embeds", "type crate struct{ *box }\ncrate{}.|", []string{"Put", "value", "box"}, nil},
		{"an expression that only Go's checker understands", "func(c ...chan *box) []*box { return nil }()[0].P|", []string{"Put"}, nil},
		{"a variable of a block that has ended", "{\n\tinner := 1\n}\ninn|", nil, []string{"inner"}},
		{"a variable that comes later in its function", "func f() {\n\tlat|\n\tlater := 1\n\t_ = later\n}", nil, []string{"later"}},
		{"in the middle of a line, behind others", "x := \"☃\"; l.Ru| + 1", []string{"Run"}, nil},
		{"an unknown value", "nothing.R|", nil, []string{"Run"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, cursor := pointer(t, c.cell)
			matches, start, end := s.Complete(code, cursor)
			assert.Subset(t, matches, c.has)
			for _, name := range c.hasNot {
				assert.NotContains(t, matches, name)
			}
			assert.Equal(t, cursor, end)
			replaced := string([]rune(code)[start:end])
			for _, name := range c.has {
				assert.True(t, strings.HasPrefix(name, replaced), "%s would take the place of %s", name, replaced)
			}
		})
	}
}
