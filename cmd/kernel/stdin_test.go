//go:build stepwise_kernel

package main

import (
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each row is a cell that asks for a line, and what the reader types.
func TestAsking(t *testing.T) {
	const request = "stdin input_request"
	rows := []struct {
		name    string
		code    string
		options []any
		types   []string
		sends   []string
	}{
		{"lines, each after what was printed", "var name string\nfor i := 0; i < 5; i++ {\n\tfmt.Print(`name? `)\n\tfmt.Scan(&name)\n}\nname", []any{"allow_stdin", true}, []string{"Ada", "Bo", "Cy", "Di", "Ed"},
			append(slices.Repeat([]string{"iopub stream stdout name? ", request}, 5), "iopub execute_result 2", "shell execute_reply ok 2")},
		{"the end of input", "var other string\n_, err := fmt.Scan(&other)\nfmt.Print(err)", []any{"allow_stdin", true}, []string{endOfInput},
			[]string{request, "iopub stream stdout EOF", "shell execute_reply ok 3"}},
		{"nobody can be asked", "fmt.Scan(&name)", nil, nil,
			[]string{"iopub error error no input", "shell execute_reply error 4 no input"}},
	}
	r := newRig(t)
	r.answer(r.cell(`import "fmt"`))
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r.hear(r.request("input_reply", map[string]any{"value": "typed too early"}))
			ended := make(chan []sent)
			go func() { ended <- r.answered(r.cell(row.code, row.options...)) }()
			for _, line := range row.types {
				r.await(request)
				r.hear(r.request("input_reply", map[string]any{"value": line}))
			}
			all := <-ended
			assert.Equal(t, row.sends, lines(all)[2:len(all)-1])
		})
	}
}

func TestAsker(t *testing.T) {
	r := newRig(t)
	ask := r.asker(r.cell(""), true)
	stopped := make(chan struct{})
	close(stopped)
	_, err := ask(stopped)
	assert.ErrorContains(t, err, "nobody waits")
	go func() {
		r.await("stdin input_request")
		r.await("stdin input_request")
		r.hear(r.request("input_reply", map[string]any{"value": endOfInput}))
		r.hear(r.request("input_reply", map[string]any{"value": "one more"})) // waits for nobody
	}()
	_, err = ask(make(chan struct{}))
	assert.ErrorIs(t, err, io.EOF)
	assert.Nil(t, r.asker(r.cell(""), false))
}

// What is no reply is dropped, and the server's log says so.
func TestHear(t *testing.T) {
	r := newRig(t)
	r.hear(r.request("input_reply", map[string]any{"value": 1}))
	r.hear(r.request("execute_request", map[string]any{"value": "code"}))
	assert.Empty(t, r.typed)
	assert.Contains(t, r.log.String(), "execute_request")
	assert.Contains(t, r.log.String(), "decoding a input_reply")
}
