package cell

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answers sets an Asker that answers with the lines, and then with err.
func answers(t *testing.T, err error, lines ...string) (asked *int) {
	t.Helper()
	asked = new(int)
	SetInput(func(<-chan struct{}) (string, error) {
		*asked++
		if len(lines) == 0 {
			return "", err
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	})
	t.Cleanup(func() { SetInput(nil) })
	return asked
}

func TestInput(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (`bufio`; `fmt`; `io`; `os`; `strings`)\nvar a, b string\nvar n int\nin := bufio.NewReader(os.Stdin)")
	cases := []struct {
		name, code, want string
		asked            int
		lines            []string
		err              error
	}{
		{"fmt.Scanln", "fmt.Scanln(&n)\nn + 1", "8", 1, []string{"7"}, io.EOF},
		{"fmt.Scan over two lines", "fmt.Scan(&a, &b)\na + b", "onetwo", 2, []string{"one", "two"}, io.EOF},
		{"fmt.Scan of one line", "fmt.Scan(&a, &b)\na + b", "onetwo", 1, []string{"one two"}, io.EOF},
		{"fmt.Scanf", "fmt.Scanf(`%d-%s`, &n, &a)\nfmt.Sprint(n, a)", "3x", 1, []string{"3-x"}, io.EOF},
		{"fmt.Fscanln of os.Stdin", "fmt.Fscanln(os.Stdin, &n)\nn", "9", 1, []string{"9"}, io.EOF},
		{"the number of values and the error", "count, err := fmt.Scanln(&n)\nfmt.Sprint(count, err)", "0 expected integer", 1, []string{"x"}, io.EOF},
		{"two values that one line should have", "count, err := fmt.Scanln(&a, &b)\nfmt.Sprint(count, err)", "1 unexpected newline", 1, []string{"one", "two"}, io.EOF},
		{"two calls, two lines", "fmt.Scanln(&a)\nfmt.Scanln(&b)\na + b", "onetwo", 2, []string{"one", "two"}, io.EOF},
		{"a bufio.Reader", "line, err := bufio.NewReader(os.Stdin).ReadString('\\n')\nline + fmt.Sprint(err)", "two words\n<nil>", 1, []string{"two words"}, io.EOF},
		{"one of an earlier cell", "line, err := in.ReadString('\\n')\nline", "again\n", 1, []string{"again"}, io.EOF},
		{"a bufio.Scanner until the end", "all := ``\nlines := bufio.NewScanner(os.Stdin)\nfor lines.Scan() { all += lines.Text() + `;` }\nall + fmt.Sprint(lines.Err())", "a;b;<nil>", 3, []string{"a", "b"}, io.EOF},
		{"io.ReadAll", "text, err := io.ReadAll(os.Stdin)\nstring(text)", "a\n☃\n", 3, []string{"a", "☃"}, io.EOF},
		{"io.Copy", "var to strings.Builder\ncount, err := io.Copy(&to, os.Stdin)\nto.String() + fmt.Sprint(count)", "ab\n3", 2, []string{"ab"}, io.EOF},
		{"os.Stdin's own Read, in pieces", "p := make([]byte, 2)\nn, err := os.Stdin.Read(p)\nm, err := os.Stdin.Read(p)\nfmt.Sprint(n, m) + string(p)", "2 2c\n", 1, []string{"abc"}, io.EOF},
		{"no bytes wanted", "n, err := os.Stdin.Read(nil)\nfmt.Sprint(n, err)", "0 <nil>", 0, nil, io.EOF},
		{"an empty line", "line, err := bufio.NewReader(os.Stdin).ReadString('\\n')\nline", "\n", 1, []string{""}, io.EOF},
		{"the end", "_, err := fmt.Scanln(&n)\nerr == io.EOF", "true", 1, nil, io.EOF},
		{"what else goes wrong", "_, err := os.Stdin.Read(make([]byte, 1))\nerr.Error()", "asking for a line of os.Stdin: torn", 1, nil, errors.New("torn")},
		{"what else os.Stdin can do", "os.Stdin.Name()", "/dev/stdin", 0, nil, nil},
		{"a function that takes a reader", "func first(r io.Reader) string { var s string; fmt.Fscan(r, &s); return s }\nfirst(os.Stdin)", "x", 1, []string{"x y"}, io.EOF},
		{"what the cell before has left of its line is gone", "fmt.Scan(&a)\na", "z", 1, []string{"z"}, io.EOF},
		{"a goroutine", "got := make(chan string)\ngo func() { var s string; fmt.Scan(&s); got <- s }()\nword := <-got\nword", "g", 1, []string{"g"}, io.EOF},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			asked := answers(t, c.err, c.lines...)
			assert.Equal(t, c.want, runs(t, s, c.code).Data["text/plain"])
			assert.Equal(t, c.asked, *asked, "lines asked for")
		})
	}
}

func TestNoInput(t *testing.T) {
	SetInput(nil)
	s := newSession(t)
	runs(t, s, "import (`bufio`; `fmt`; `io`; `os`; `stepwise/pkg/coro`; `sync`)\nvar n string\nkept := 7")
	for _, code := range []string{
		"fmt.Scanln(&n)", "fmt.Scan(&n)", "fmt.Scanf(`%d`, &n)", "fmt.Fscan(os.Stdin, &n)",
		"bufio.NewReader(os.Stdin).ReadString('\\n')", "lines := bufio.NewScanner(os.Stdin)\nfor lines.Scan() {}",
		"io.ReadAll(os.Stdin)", "for { if _, err := fmt.Scanln(&n); err == nil { break } }",
	} {
		t.Run(code, func(t *testing.T) {
			failure := s.Run(code, 1).Failure
			require.NotNil(t, failure)
			assert.Equal(t, "no input: "+errNoInput.Error(), failure.String())
			assert.Equal(t, "7", runs(t, s, "kept").Data["text/plain"])
		})
	}
	t.Run("in a goroutine", func(t *testing.T) {
		_, stderr := printed(t, "The goroutine has ended", func() {
			runs(t, s, "var done sync.WaitGroup\ndone.Add(1)\ngo func() { defer done.Done(); fmt.Scanln(&n) }()\ndone.Wait()")
		})
		assert.Contains(t, stderr, errNoInput.Error())
	})
	t.Run("in a coroutine", func(t *testing.T) {
		value := runs(t, s, "c := coro.New(func(yield coro.Yield) (interface{}, error) { return fmt.Scanln(&n) })\nc.Send(nil)\n_, err := c.Result()\nerr.Error()")
		assert.Contains(t, value.Data["text/plain"], errNoInput.Error())
	})
}

// A cell that waits for a line is stopped at once, and what is typed afterwards goes
// to nobody.
func TestInterruptedInput(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (`bufio`; `fmt`; `os`)\nvar n int\nin := bufio.NewReader(os.Stdin)")
	for _, code := range []string{"fmt.Scanln(&n)", "in.ReadString('\\n')", "for { fmt.Scanln(&n) }", "func ask() { fmt.Scanln(&n) }\nask()"} {
		t.Run(code, func(t *testing.T) {
			waits := 0
			SetInput(func(stop <-chan struct{}) (string, error) {
				waits++
				s.Interrupt()
				<-stop
				return "too late", nil
			})
			t.Cleanup(func() { SetInput(nil) })
			failure := s.Run(code, 1).Failure
			require.NotNil(t, failure)
			assert.Equal(t, "interrupted: the cell was stopped; everything it had defined so far is kept", failure.String())
			assert.Equal(t, 1, waits)
			answers(t, io.EOF, "5")
			assert.Equal(t, "5", runs(t, s, "fmt.Scanln(&n)\nn").Data["text/plain"], "the next cell reads")
		})
	}
}

// A goroutine that waits for a line when its cell ends would take the line of a later
// cell.
func TestInputOfAGoroutineThatStays(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (`bufio`; `fmt`; `os`)\nvar n, m string\nbegin := make(chan bool)") // of a number's address the interpreter takes a note, in each goroutine
	begin := s.ir.ValueOf("begin").Interface().(chan bool)
	waits := make(chan bool)
	SetInput(func(stop <-chan struct{}) (string, error) {
		waits <- true
		<-stop
		return "5", nil
	})
	t.Cleanup(func() { SetInput(nil) })
	_, stderr := printed(t, "The goroutine has ended", func() {
		go func() { <-waits; begin <- true }()
		runs(t, s, "go func() { fmt.Scanln(&n) }()\n<-begin")
	})
	assert.Contains(t, stderr, "panic in a goroutine, started at In[1]:1: "+errEnded.Error())
	answers(t, io.EOF, "6")
	assert.Equal(t, "6|", runs(t, s, "fmt.Scanln(&m)\nm + `|` + n").Data["text/plain"])
	answers(t, io.EOF, "7")
	_, stderr = printed(t, "The goroutine has ended", func() {
		runs(t, s, "go func() { <-begin; fmt.Scanln(&n) }()")
		begin <- true
	})
	assert.Contains(t, stderr, errEnded.Error(), "one that begins to read when its cell has ended")
}
