//go:build stepwise_kernel

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The reader's brake works while a cell runs: all that control is asked is answered
// before the cell is.
func TestControl(t *testing.T) {
	r := newRig(t)
	ended := make(chan []sent)
	go func() { ended <- r.answered(r.cell("import \"fmt\"\nfmt.Print(`started`)\nfor {}")) }()
	r.await("iopub stream stdout started")
	for _, request := range []msgReceipt{
		r.onControl("kernel_info_request", nil),
		r.onControl("nothing", nil), // is shown to be busy, and to be idle again
		r.onControl("interrupt_request", nil),
	} {
		r.control(request)
	}
	assert.Equal(t, []string{
		"iopub status busy", "iopub execute_input 1", "iopub stream stdout started",
		"iopub status busy", "control kernel_info_reply ok", "iopub status idle",
		"iopub status busy", "iopub status idle",
		"iopub status busy", "control interrupt_reply ok", "iopub status idle",
		"iopub error error interrupted", "shell execute_reply error 1 interrupted", "iopub status idle",
	}, lines(<-ended))
	assert.Equal(t, frame("iopub execute_input 2", "shell execute_reply ok 2"), lines(r.answered(r.cell("x := 1"))), "an interrupt is for one cell")
}

// TestShutdown asks a kernel in a process of its own to end, and reads what it sends
// to the last.
func TestShutdown(t *testing.T) {
	if way := os.Getenv("STEPWISE_TEST_SHUTDOWN"); way != "" {
		shutDown(t, way, os.NewFile(3, "pipe"))
		t.Fatal("the kernel goes on")
	}
	rows := []struct {
		name, way string
		last      []string
	}{
		{"by shell", "shell", []string{"iopub status busy", "iopub stream stdout not shown yet", "shell shutdown_reply ok restart=false", "iopub status idle"}},
		{"by control, for a restart, while a cell runs", "control",
			[]string{"iopub status busy", "iopub execute_input 1", "iopub stream stdout started", "iopub status busy", "control shutdown_reply ok restart=true", "iopub status idle"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			read, write, err := os.Pipe()
			require.NoError(t, err)
			defer read.Close()
			connection := filepath.Join(t.TempDir(), "kernel.json")
			child := exec.Command(os.Args[0], "-test.run=^TestShutdown$")
			child.Env = append(os.Environ(), "STEPWISE_TEST_SHUTDOWN="+row.way, "STEPWISE_TEST_CONNECTION="+connection)
			child.ExtraFiles = []*os.File{write}
			out, err := child.CombinedOutput()
			require.NoError(t, err, "a kernel that is asked to end ends well: %s", out)
			require.NoError(t, write.Close())
			text, err := io.ReadAll(read)
			require.NoError(t, err)
			assert.Equal(t, row.last, strings.Split(strings.TrimSpace(string(text)), "\n"))
			assert.NoFileExists(t, strings.TrimSuffix(connection, ".json")+".last-words", "a kernel that ends well has no last words")
		})
	}
}

// shutDown is the kernel's side of it.
func shutDown(t *testing.T, way string, out *os.File) {
	r := newRig(t)
	r.Kernel.sockets = r.sockets(func(s sent) {
		text := s.String()
		if restart, ok := s.content["restart"]; ok {
			text += fmt.Sprintf(" restart=%v", restart)
		}
		fmt.Fprintln(out, text)
		r.note(s)
	})
	var err error
	r.last, err = openLastWords(os.Getenv("STEPWISE_TEST_CONNECTION"))
	require.NoError(t, err)
	if way == "control" {
		go r.answer(r.cell("import \"fmt\"\nfmt.Print(`started`)\nfor {}"))
		r.await("iopub stream stdout started")
		r.control(r.onControl("shutdown_request", map[string]any{"restart": true}))
	}
	request := r.request("shutdown_request", map[string]any{})
	r.output.begin(&request, false)
	fmt.Print("not shown yet")
	r.answer(request)
}

// Nobody has asked for the first status.
func TestStarting(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.starting())
	all := r.take()
	assert.Equal(t, []string{"iopub status starting"}, lines(all))
	assert.Empty(t, all[0].parent)
}

// Requests that run no code.
func TestInform(t *testing.T) {
	r := newRig(t)
	r.answer(r.cell("import \"strings\"\n// half is half of n.\nfunc half(n int) int { return n / 2 }"))
	rows := []struct {
		kind   string
		asks   map[string]any
		wants  string // of the reply, as JSON; part of it
		answer bool
	}{
		{"kernel_info_request", nil, `"protocol_version":"5.3","status":"ok"`, true},
		{"is_complete_request", map[string]any{"code": "func f() {"}, `{"indent":"\t","status":"incomplete"}`, true},
		{"complete_request", map[string]any{"code": "☃.hal", "cursor_pos": 5}, `{"cursor_end":5,"cursor_start":2,"matches":[],`, true},
		{"complete_request", map[string]any{"code": "x + hal", "cursor_pos": 7}, `{"cursor_end":7,"cursor_start":4,"matches":["half"],"metadata":{},"status":"ok"}`, true},
		{"inspect_request", map[string]any{"code": "half(3)", "cursor_pos": 2}, `func half(n int) int\n\nhalf is half of n.`, true},
		{"inspect_request", map[string]any{"code": "nothing", "cursor_pos": 2}, `{"data":{},"found":false,"metadata":{},"status":"ok"}`, true},
		{"comm_info_request", nil, `{"comms":{},"status":"ok"}`, true},
		{"comm_open", map[string]any{"comm_id": "a"}, "", false},
		{"nothing_request", nil, "", false},
	}
	for _, row := range rows {
		t.Run(row.kind, func(t *testing.T) {
			all := r.answered(r.request(row.kind, row.asks))
			if !row.answer {
				assert.Equal(t, frame(), lines(all))
				return
			}
			content := reply(t, all, "shell")
			text, err := json.Marshal(content)
			require.NoError(t, err)
			assert.Contains(t, string(text), row.wants)
		})
	}
	assert.NotContains(t, r.log.String(), "comm_open", "widgets are nothing to complain of")
	assert.Contains(t, r.log.String(), "no answer to a nothing_request")
}
