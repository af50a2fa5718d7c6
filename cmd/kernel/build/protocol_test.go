package build

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests in this file are the situations that Jupyter's protocol describes, and
// that every kernel is expected to answer in the same way.

const noLine = "nobody can be asked for a line here"

// TestExecute: the number of a cell, and what a request may ask for beside running it.
func TestExecute(t *testing.T) {
	silent, unstored := options{"silent": true}, options{"store_history": false}
	three := options{"user_expressions": map[string]string{"sum": "x + 1", "unknown": "y", "fails": "fails()", "no expression": "y := 1", "nothing": "nil"}}
	cases := []struct {
		name    string
		step    step
		status  string
		count   int    // in the reply
		number  int    // in execute_input; 0 if nothing is published
		stdout  string // all of it
		value   string
		failure string // what is shown in red
	}{
		{"the first cell", step{Code: "import (\"fmt\"; \"time\"; \"display\")\nx := 6\nfunc fails() int { panic(\"no\") }"}, "ok", 1, 1, "", "", ""},
		{"a value", step{Code: "x * 7"}, "ok", 2, 2, "", "42", ""},
		{"a silent cell has no number and shows nothing", step{Code: "x = 7\nfmt.Println(\"unseen\")\ndisplay.Show(display.Markdown(\"*unseen*\"))\nx", Options: silent}, "ok", 2, 0, "", "", ""},
		{"but it has run", step{Code: "x"}, "ok", 3, 3, "", "7", ""},
		{"one that fails says so in its reply alone", step{Code: "nothing", Options: silent}, "error", 3, 0, "", "", ""},
		{"a silent cell that leaves a goroutine behind", step{Code: "go func() { <-time.After(100 * time.Millisecond); fmt.Println(\"late\") }()", Options: silent}, "ok", 3, 0, "", "", ""},
		{"what its goroutine prints is shown, and the next cell as always", step{Code: "fmt.Println(\"seen\")", Await: "late"}, "ok", 4, 4, "seen\n", "", ""},
		{"a cell that is not stored has no number of its own", step{Code: "fmt.Println(\"shown\")\nx", Options: unstored}, "ok", 4, 4, "shown\n", "7", ""},
		{"one that fails neither", step{Code: "nothing", Options: unstored}, "error", 4, 4, "", "", "undefined: nothing"},
		{"the next one has the next number", step{Code: "x"}, "ok", 5, 5, "", "7", ""},
		{"a cell that fails counts", step{Code: "panic(\"no\")"}, "error", 6, 6, "", "", "panic: no"},
		{"one that does not compile counts", step{Code: "nothing"}, "error", 7, 7, "", "", "In[7]:1:1: undefined: nothing"},
		{"an empty cell counts", step{}, "ok", 8, 8, "", "", ""},
		{"expressions, when the cell has run", step{Code: "x = 9", Options: three}, "ok", 9, 9, "", "", ""},
		{"expressions of a cell that fails", step{Code: "panic(\"no\")", Options: three}, "error", 10, 10, "", "", "panic: no"},
		{"expressions of a silent cell", step{Options: options{"silent": true, "user_expressions": map[string]string{"x": "x"}}}, "ok", 10, 0, "", "", ""},
		{"the cells behind a failed one don't run", step{Code: "panic(\"no\")", Then: []string{"x = 0"}}, "error", 11, 11, "", "", "panic: no"},
		{"they do where that is asked for", step{Code: "panic(\"no\")", Then: []string{"x = 1"}, Options: options{"stop_on_error": false}}, "error", 12, 12, "", "", "panic: no"},
		{"so they had an effect", step{Code: "x"}, "ok", 14, 14, "", "1", ""},
	}
	var steps []step
	for _, c := range cases {
		steps = append(steps, c.step)
	}
	s := play(t, steps)
	seen := make(map[string]seen)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := s.Steps[i]
			seen[c.name] = got
			assert.Equal(t, c.status, got.Status)
			require.NotNil(t, got.Reply.ExecutionCount)
			assert.Equal(t, c.count, *got.Reply.ExecutionCount)
			if c.number == 0 {
				assert.Empty(t, got.Inputs)
			} else if assert.Len(t, got.Inputs, 1) {
				assert.Equal(t, c.number, got.Inputs[0].ExecutionCount)
				assert.Equal(t, c.step.Code, got.Inputs[0].Code)
			}
			assert.Equal(t, c.stdout, got.stream("stdout"))
			assert.Equal(t, c.value, got.value("text/plain"))
			assert.Contains(t, got.failure(), c.failure)
			assert.Equal(t, c.failure == "", got.failure() == "")
			assert.NotNil(t, got.Reply.Payload)
			assert.Empty(t, got.Strays)
		})
	}
	t.Run("a failure is in the reply as in the notebook", func(t *testing.T) {
		got := seen["a cell that fails counts"]
		assert.Equal(t, []string{"panic", "no\nat In[6]:1"}, []string{got.Reply.EName, got.Reply.EValue})
		assert.Equal(t, got.Reply.Traceback, got.Outputs[0].Traceback)
		assert.NotEmpty(t, got.Reply.Traceback)
		assert.Equal(t, "compile error", seen["one that fails says so in its reply alone"].Reply.EName)
		assert.Empty(t, seen["one that fails says so in its reply alone"].Outputs)
	})
	t.Run("each expression has an answer of its own", func(t *testing.T) {
		got := seen["expressions, when the cell has run"].Reply.UserExpressions
		require.Len(t, got, 5)
		assert.Equal(t, map[string]any{"status": "ok", "data": map[string]any{"text/plain": "10"}, "metadata": map[string]any{}}, got["sum"])
		assert.Equal(t, map[string]any{"text/plain": ""}, got["nothing"]["data"])
		for name, ename := range map[string]string{"unknown": "compile error", "fails": "panic", "no expression": "not an expression"} {
			assert.Equal(t, "error", got[name]["status"], name)
			assert.Equal(t, ename, got[name]["ename"], name)
			assert.NotEmpty(t, got[name]["evalue"], name)
			assert.NotEmpty(t, got[name]["traceback"], name)
		}
	})
	t.Run("a failed cell has no user_expressions", func(t *testing.T) {
		got := seen["expressions of a cell that fails"].Reply.UserExpressions
		assert.NotNil(t, got)
		assert.Empty(t, got)
	})
	t.Run("a silent cell's are answered", func(t *testing.T) {
		assert.Equal(t, "ok", seen["expressions of a silent cell"].Reply.UserExpressions["x"]["status"])
		assert.Empty(t, seen["expressions of a silent cell"].Outputs)
	})
	t.Run("aborted or not", func(t *testing.T) {
		assert.Equal(t, []string{"aborted"}, seen["the cells behind a failed one don't run"].Then)
		assert.Equal(t, []string{"ok"}, seen["they do where that is asked for"].Then)
	})
}

// TestHistory asks for the cells that have run, as consoles do.
func TestHistory(t *testing.T) {
	steps := []step{
		{Code: "x := 6"}, {Code: "x * 7"}, {Code: "y := 1", Options: options{"store_history": false}},
		{Code: "x", Options: options{"silent": true}}, {Code: "nothing"}, {Code: "x * 7"},
	}
	one, two, three, four := []any{1., 1., "x := 6"}, []any{1., 2., "x * 7"}, []any{1., 3., "nothing"}, []any{1., 4., "x * 7"}
	cases := []struct {
		name    string
		options options
		want    [][]any
	}{
		{"the last two", options{"hist_access_type": "tail", "n": 2}, [][]any{three, four}},
		{"more than there are", options{"hist_access_type": "tail", "n": 10}, [][]any{one, two, three, four}},
		{"none of them", options{"hist_access_type": "tail", "n": 0}, [][]any{}},
		{"not raw, which is the same", options{"hist_access_type": "tail", "n": 1, "raw": false}, [][]any{four}},
		{"with outputs", options{"hist_access_type": "tail", "n": 2, "output": true}, [][]any{{1., 3., []any{"nothing", nil}}, {1., 4., []any{"x * 7", "42"}}}},
		{"from a line to before another", options{"hist_access_type": "range", "session": 0, "start": 2, "stop": 4}, [][]any{two, three}},
		{"from a line to the end", options{"hist_access_type": "range", "session": 1, "start": 3, "stop": nil}, [][]any{three, four}},
		{"of another session", options{"hist_access_type": "range", "session": -1, "start": 1, "stop": 9}, [][]any{}},
		{"by a pattern", options{"hist_access_type": "search", "pattern": "x*", "n": 10}, [][]any{one, two, four}},
		{"by a pattern, each once", options{"hist_access_type": "search", "pattern": "x*", "n": 10, "unique": true}, [][]any{one, four}},
		{"the last that fits", options{"hist_access_type": "search", "pattern": "x ?? 6", "n": 1}, [][]any{one}},
		{"without a pattern", options{"hist_access_type": "search", "n": 1}, [][]any{four}},
	}
	first := len(steps)
	for _, c := range cases {
		steps = append(steps, step{Ask: "history", Options: c.options})
	}
	s := play(t, steps)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := s.Steps[first+i].Reply
			assert.Equal(t, "ok", got.Status)
			assert.Equal(t, c.want, got.History)
		})
	}
}

// TestAnswers are the requests that run nothing.
func TestAnswers(t *testing.T) {
	complete := []struct{ name, code, status, indent string }{
		{"a statement", "x := 1", "complete", ""},
		{"nothing", "", "complete", ""},
		{"a function", "func f() {\n\tx := 1", "incomplete", "\t"},
		{"a raw string", "x := `a\nb", "incomplete", ""},
		{"an operator", "x := 1 +", "incomplete", "\t"},
		{"what can't be mended", "x := ) 1", "invalid", ""},
		{"a command", "$ ls |", "complete", ""},
	}
	var steps []step
	for _, c := range complete {
		steps = append(steps, step{Ask: "is_complete", Options: options{"code": c.code}})
	}
	last := len(steps)
	steps = append(steps, step{Ask: "kernel_info"}, step{Ask: "comm_info"},
		step{Code: "import \"display\"\nu, err := display.NewUpdatable(display.HTML(\"<b>1</b>\"))\nerr = u.Update(display.HTML(\"<b>2</b>\"))"})
	s := play(t, steps)
	for i, c := range complete {
		t.Run("is it complete: "+c.name, func(t *testing.T) {
			got := s.Steps[i].Reply
			assert.Equal(t, c.status, got.Status)
			if assert.NotNil(t, got.Indent) {
				assert.Equal(t, c.indent, *got.Indent)
			}
		})
	}
	t.Run("who are you", func(t *testing.T) {
		got := s.Steps[last].Reply
		assert.Equal(t, "ok", got.Status)
		assert.Regexp(t, `^5\.\d$`, got.Protocol)
		assert.Equal(t, "gophernotes", got.Implementation)
		assert.NotEmpty(t, got.Version)
		assert.NotEmpty(t, got.Banner)
		assert.Equal(t, []any{"go", ".go", "text/x-go"}, []any{got.Language["name"], got.Language["file_extension"], got.Language["mimetype"]})
	})
	t.Run("which comms are there", func(t *testing.T) {
		assert.Equal(t, "ok", s.Steps[last+1].Reply.Status)
		assert.NotNil(t, s.Steps[last+1].Reply.Comms)
	})
	t.Run("a display, and its update", func(t *testing.T) {
		got := s.Steps[last+2]
		require.Len(t, got.Outputs, 2)
		assert.Equal(t, []string{"display_data", "update_display_data"}, []string{got.Outputs[0].Type, got.Outputs[1].Type})
		assert.Equal(t, "<b>2</b>", got.Outputs[1].Data["text/html"])
	})
}

// TestStdin: a cell that reads os.Stdin.
func TestStdin(t *testing.T) {
	const scan = "fmt.Print(\"n? \")\n_, err = fmt.Scanln(&n)\nfmt.Println(n, err)"
	cases := []struct {
		name    string
		step    step
		asked   int
		stdout  string
		failure string
	}{
		{"imports", step{Code: "import (\"bufio\"; \"fmt\"; \"os\")\nvar n int\nvar err error\nvar line string\nin := bufio.NewReader(os.Stdin)\nfunc word() string { var s string; fmt.Scan(&s); return s }"}, 0, "", ""},
		{"a line is asked for", step{Code: scan, Lines: []string{"7"}}, 1, "n? 7 <nil>\n", ""},
		{"two lines", step{Code: scan + "\n" + scan, Lines: []string{"7", "8"}}, 2, "n? 7 <nil>\nn? 8 <nil>\n", ""},
		{"a line that is no number", step{Code: scan, Lines: []string{"x"}}, 1, "n? 8 expected integer\n", ""},
		{"a reader of an earlier cell", step{Code: "line, err = in.ReadString('\\n')\nfmt.Printf(\"%q\\n\", line)", Lines: []string{"☃ and more"}}, 1, "\"☃ and more\\n\"\n", ""},
		{"a scanner until the end", step{Code: "lines := bufio.NewScanner(os.Stdin)\nfor lines.Scan() { fmt.Println(\"got\", lines.Text()) }", Lines: []string{"a", "b", "\x04"}}, 3, "got a\ngot b\n", ""},
		{"the stop button ends the wait", step{Code: scan, Lines: []string{}}, 1, "n? ", "interrupted: the cell was stopped; everything it had defined so far is kept"},
		{"and the next cell asks anew", step{Code: scan, Lines: []string{"9"}}, 1, "n? 9 <nil>\n", ""},
		{"an expression asks, too", step{Options: options{"user_expressions": map[string]string{"word": "word()"}}, Lines: []string{"word"}}, 1, "", ""},
		{"nobody can be asked, whoever answers", step{Code: scan, Send: "input_reply", Content: options{"value": "99"}}, 0, "n? ", "no input: the cell reads os.Stdin, and " + noLine},
		{"the kernel goes on", step{Code: "fmt.Println(n)"}, 0, "9\n", ""},
		{"and has forgotten the line that it had not asked for", step{Code: scan, Lines: []string{"3"}}, 1, "n? 3 <nil>\n", ""},
	}
	var steps []step
	for _, c := range cases {
		steps = append(steps, c.step)
	}
	s := play(t, steps)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := s.Steps[i]
			assert.Equal(t, c.stdout, got.stream("stdout"))
			assert.Contains(t, got.failure(), c.failure)
			assert.Equal(t, c.failure == "", got.failure() == "", got.failure())
			require.Len(t, got.Asked, c.asked)
			for _, one := range got.Asked {
				assert.True(t, one.ByThis, "the cell is its parent")
				assert.NotNil(t, one.Prompt)
				assert.Equal(t, false, one.Password != nil && *one.Password)
			}
			if c.name == "an expression asks, too" {
				assert.Equal(t, map[string]any{"text/plain": "word"}, got.Reply.UserExpressions["word"]["data"])
			}
		})
	}
	assert.Empty(t, s.Log)
}

// TestStdinOfABatch: nbclient, which nbconvert runs notebooks with, has nobody to ask.
func TestStdinOfABatch(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: building the kernel takes ten seconds, a minute the first time")
	}
	python := jupyterPython(t)
	if exec.Command(python, "-c", "import nbclient").Run() != nil {
		t.Skip("NOT TESTED: no nbclient here: apt-get install python3-nbclient")
	}
	client := exec.Command(python, filepath.Join("testdata", "batch.py"))
	client.Env = jupyterEnv(t)
	said, err := client.CombinedOutput()
	require.NoError(t, err, string(said))
	assert.Contains(t, string(said), "no input: the cell reads os.Stdin, and "+noLine)
}

// TestOddMessages: a front that has the key, and writes nonsense into its messages,
// loses no other front its kernel.
func TestOddMessages(t *testing.T) {
	deep := any(1)
	for range 500 {
		deep = []any{deep}
	}
	contents := map[string]any{
		"nothing": nil, "a list": []any{1}, "a text": "x", "a number": 1.5, "no fields": map[string]any{}, "deep": deep,
		"fields of other types":    options{"code": 5, "cursor_pos": "x", "n": "x", "session": []any{}, "hist_access_type": 7, "value": 1, "user_expressions": []any{}, "restart": "x"},
		"numbers that are far out": options{"code": "fmt.☃", "cursor_pos": -1 << 40, "n": -1 << 40, "start": 1 << 40, "hist_access_type": "tail", "stop_on_error": false},
		"null in every field":      options{"code": nil, "cursor_pos": nil, "n": nil, "session": nil, "hist_access_type": nil, "value": nil, "silent": nil, "user_expressions": nil},
		"bytes that are no code":   options{"code": "\x00\xff{`(/*", "cursor_pos": 4, "hist_access_type": "search", "pattern": "[\x00", "value": "\x00", "silent": true, "stop_on_error": false},
	}
	var steps []step
	for name, content := range contents {
		for _, kind := range []string{"execute_request", "inspect_request", "complete_request", "is_complete_request", "history_request",
			"comm_info_request", "kernel_info_request", "input_reply", "comm_open", "no_such_request", ""} {
			steps = append(steps, step{Code: "// after " + kind + " with " + name + "\n6 * 7", Send: kind + " ", Content: content, Options: options{"store_history": false}})
		}
	}
	s := play(t, steps)
	for i, got := range s.Steps {
		assert.Equal(t, "42", got.value("text/plain"), steps[i].Code)
		assert.True(t, got.Alive, steps[i].Code)
	}
}
