//go:build stepwise_kernel

package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each row is a cell of one notebook: the messages, in their order, that come of it.
func TestExecute(t *testing.T) {
	r := newRig(t)
	r.answer(r.cell(`import ("fmt"; "os"; "display")`))
	rows := []struct {
		name    string
		request msgReceipt
		sends   []string
		count   int // afterwards
	}{
		{"a value follows what was printed", r.cell("fmt.Println(`out`)\n6 * 7"),
			[]string{"iopub execute_input 2", "iopub stream stdout out\n", "iopub execute_result 2", "shell execute_reply ok 2"}, 2},
		{"no value", r.cell(`x := 1`),
			[]string{"iopub execute_input 3", "shell execute_reply ok 3"}, 3},
		{"an error follows what was printed", r.cell("fmt.Print(`out`)\npanic(`no`)"),
			[]string{"iopub execute_input 4", "iopub stream stdout out", "iopub error error panic", "shell execute_reply error 4 panic"}, 4},
		{"a cell that doesn't compile", r.cell(`unknown`),
			[]string{"iopub execute_input 5", "iopub error error compile error", "shell execute_reply error 5 compile error"}, 5},
		{"pictures stand among what is printed, as the cell has them", r.cell("for i := 0; i < 9; i++ {\n\tfmt.Print(1)\n\tdisplay.Show(display.HTML(`<p>`))\n}"),
			slices.Concat([]string{"iopub execute_input 6"}, slices.Repeat([]string{"iopub stream stdout 1", "iopub display_data"}, 9), []string{"shell execute_reply ok 6"}), 6},
		{"a silent cell shows and counts nothing", r.cell("fmt.Print(1)\ndisplay.Show(display.HTML(`<p>`))\n6 * 7", "silent", true),
			[]string{"shell execute_reply ok 6"}, 6},
		{"nor does it show its error", r.cell(`panic("no")`, "silent", true),
			[]string{"shell execute_reply error 6 panic"}, 6},
		{"a silent cell doesn't count where it asks for that", r.cell(`6 * 7`, "silent", true, "store_history", true),
			[]string{"shell execute_reply ok 6"}, 6},
		{"a cell that isn't to be remembered shows all, and doesn't count", r.cell(`6 * 7`, "store_history", false),
			[]string{"iopub execute_input 6", "iopub execute_result 6", "shell execute_reply ok 6"}, 6},
		{"what an expression prints comes before the reply", r.cell(`x = 2`, "user_expressions", map[string]any{"n": "fmt.Print(x)"}),
			[]string{"iopub execute_input 7", "iopub stream stdout 2", "shell execute_reply ok 7"}, 7},
		{"a request that can't be read isn't answered, and the kernel is idle again", r.request("execute_request", map[string]any{"code": 1}),
			nil, 7},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			all := r.answered(row.request)
			assert.Equal(t, frame(row.sends...), lines(all))
			for _, s := range all {
				assert.Equal(t, "execute_request", s.parent, s)
			}
			assert.Equal(t, row.count, r.count)
		})
	}
	assert.Contains(t, r.log.String(), "decoding a execute_request")
}

// What is printed when no cell runs belongs to the latest that shows anything.
func TestOutputAfterItsCell(t *testing.T) {
	r := newRig(t)
	r.answer(r.cell("import \"fmt\"\nlater, done := make(chan bool), make(chan bool)\ngo func() { <-later; fmt.Print(`late`); done <- true }()"))
	all := r.answered(r.cell("later <- true\n<-done", "silent", true))
	assert.Equal(t, frame("shell execute_reply ok 1"), lines(all), "a silent cell drops what its notebook's goroutines print")
	r.answer(r.cell("go func() { <-later; fmt.Print(`later`) }()"))
	r.take()
	r.answer(r.cell("later <- true"))
	r.await("iopub stream stdout later")
}

func TestExpressions(t *testing.T) {
	r := newRig(t)
	all := r.answered(r.cell("x := 6", "user_expressions", map[string]any{"a": "x", "b": "unknown", "c": "x = 7", "d": "x"}))
	values := reply(t, all, "shell")["user_expressions"].(map[string]any)
	assert.Equal(t, map[string]any{"status": "ok", "data": map[string]any{"text/plain": "6"}, "metadata": map[string]any{}}, values["a"])
	assert.Equal(t, "compile error", values["b"].(map[string]any)["ename"])
	assert.Equal(t, "not an expression", values["c"].(map[string]any)["ename"], "only expressions are evaluated")
	assert.Equal(t, values["a"], values["d"], "one that fails is no other's error")
	assert.NotContains(t, lines(all), "iopub error error compile error")
}

// An error drops the cells that the reader sent before it could be seen.
func TestAbort(t *testing.T) {
	failed := []string{"iopub execute_input 1", "iopub error error panic", "shell execute_reply error 1 panic"}
	aborted, info := frame("shell execute_reply aborted 1"), frame("shell kernel_info_reply ok")
	drops := slices.Concat(aborted, info, aborted)
	rows := []struct {
		name    string
		options []any
		after   []string // the reply to the cell that fails
		waiting int
	}{
		{"cells are dropped, others are answered", nil, drops, 0},
		{"also where the request says so", []any{"stop_on_error", true}, drops, 0},
		{"none where the request says no", []any{"stop_on_error", false}, nil, 3},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t)
			r.requests <- r.cell("ran := 1")
			r.requests <- r.request("kernel_info_request", nil)
			r.requests <- r.cell("ran := 2")
			all := r.answered(r.cell(`panic("no")`, row.options...))
			assert.Equal(t, frame(append(slices.Clone(failed), row.after...)...), lines(all))
			assert.Len(t, r.requests, row.waiting)
			assert.Equal(t, 1, r.count, "an aborted cell doesn't count")
			assert.Contains(t, lines(r.answered(r.cell("ran"))), "iopub error error compile error", "an aborted cell has run")
		})
	}
}

// The history holds the cells that count, each under its number, with what it showed.
func TestRemember(t *testing.T) {
	r := newRig(t)
	for _, cell := range []msgReceipt{
		r.cell("x := 1"), r.cell("x + 1"), r.cell("x + 2", "silent", true), r.cell("x + 3", "store_history", false), r.cell("unknown"), r.cell("x + 4"),
	} {
		r.answer(cell)
	}
	entry := func(line int, text any) any { return []any{1., float64(line), text} }
	rows := []struct {
		name  string
		asks  map[string]any
		wants []any
	}{
		{"all, in a range", map[string]any{"hist_access_type": "range", "session": 0, "start": 1},
			[]any{entry(1, "x := 1"), entry(2, "x + 1"), entry(3, "unknown"), entry(4, "x + 4")}},
		{"part of it", map[string]any{"hist_access_type": "range", "session": 0, "start": 2, "stop": 3}, []any{entry(2, "x + 1")}},
		{"the last three, with what they showed", map[string]any{"hist_access_type": "tail", "n": 3, "output": true},
			[]any{entry(2, []any{"x + 1", "2"}), entry(3, []any{"unknown", nil}), entry(4, []any{"x + 4", "5"})}},
		{"what is found", map[string]any{"hist_access_type": "search", "pattern": "x +*", "n": 9}, []any{entry(2, "x + 1"), entry(4, "x + 4")}},
		{"a search without a pattern finds all", map[string]any{"hist_access_type": "search", "n": 1}, []any{entry(4, "x + 4")}},
		{"an unknown kind finds nothing", map[string]any{"hist_access_type": "other", "n": 1}, []any{}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			content := reply(t, r.answered(r.request("history_request", row.asks)), "shell")
			assert.Equal(t, map[string]any{"status": "ok", "history": row.wants}, content)
		})
	}
}
