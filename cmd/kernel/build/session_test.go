package build

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// This file drives a real kernel by a real Jupyter client; session.py in testdata
// is the client. Read kernel_test.go for what is asked of it.

const module = "../../.." // from this package's folder

// A step is a cell, as session.py takes it.
type step struct {
	Code        string   `json:"code,omitempty"`
	Then        []string `json:"then,omitempty"`
	InterruptOn string   `json:"interrupt_on,omitempty"`
	BySignal    bool     `json:"by_signal,omitempty"`
	Ask         string   `json:"ask,omitempty"` // instead of running it: a method of the client's
	Cursor      int      `json:"cursor,omitempty"`
	Options     options  `json:"options,omitempty"`    // of the request
	Lines       []string `json:"lines"`                // what is typed when the cell asks; nil: it can't ask
	RestartIt   bool     `json:"restart_it,omitempty"` // instead of an interrupt
	Restart     bool     `json:"restart,omitempty"`    // before the cell
	Await       string   `json:"await,omitempty"`      // is printed before the cell is sent
	Send        string   `json:"send,omitempty"`       // a message of this type is sent first, with Content
	Content     any      `json:"content,omitempty"`
	Dies        bool     `json:"dies,omitempty"` // the kernel does, of the cell
}

// options are arguments of the client's methods, by their names.
type options map[string]any

// A request is what session.py reads.
type request struct {
	Steps  []step `json:"steps"`
	Vanish bool   `json:"vanish,omitempty"` // the client is killed at the end, the kernel not
}

// A session is what came of all steps.
type session struct {
	Ready float64 // seconds from the start to the first reply
	Info  struct {
		LanguageInfo map[string]string `json:"language_info"`
	}
	Steps  []seen
	PID    int    // the kernel's
	Memory int    // of the kernel at the end, in kilobytes
	Log    string // what the kernel wrote to its own stderr: the server's log
}

// A seen is what the notebook shows for one cell.
type seen struct {
	Status  string
	Seconds float64
	Alive   bool
	Then    []string // the status of the cells behind it
	Reply   reply    // to the request
	Inputs  []struct {
		Code           string
		ExecutionCount int `json:"execution_count"`
	}
	Asked []struct { // requests for a line
		ByThis   bool `json:"by_this"` // the cell is the request's parent
		Prompt   *string
		Password *bool
	}
	Outputs []output
	Strays  []output // that came meanwhile, and belong to other cells
}

// An output is what a cell shows.
type output struct {
	Type      string
	Name      string // of a stream
	Text      string // of a stream
	Data      map[string]any
	EName     string
	EValue    string
	Traceback []string
}

// A reply has the fields of all replies that are looked at.
type reply struct {
	Status          string
	ExecutionCount  *int `json:"execution_count"`
	Payload         []any
	UserExpressions map[string]map[string]any `json:"user_expressions"`
	EName           string
	EValue          string
	Traceback       []string
	Found           bool
	Data            map[string]string
	Matches         []string
	CursorStart     int `json:"cursor_start"`
	CursorEnd       int `json:"cursor_end"`
	Indent          *string
	History         [][]any
	Comms           map[string]any
	Protocol        string `json:"protocol_version"`
	Implementation  string
	Version         string         `json:"implementation_version"`
	Language        map[string]any `json:"language_info"`
	Banner          string
}

// stream is all that the cell printed on one stream.
func (s seen) stream(name string) string {
	var text strings.Builder
	for _, o := range s.Outputs {
		if o.Type == "stream" && o.Name == name {
			text.WriteString(o.Text)
		}
	}
	return text.String()
}

// value is the cell's result of one MIME type; empty if it shows none.
func (s seen) value(mime string) string {
	for _, o := range s.Outputs {
		if text, ok := o.Data[mime].(string); ok && o.Type == "execute_result" {
			return text
		}
	}
	return ""
}

// failure is what the cell shows in red.
func (s seen) failure() string {
	for _, o := range s.Outputs {
		if o.Type == "error" {
			return strings.Join(o.Traceback, "\n")
		}
	}
	return ""
}

// kernelDir is where TestMain has the kernel built.
var kernelDir string

// built compiles the kernel once for all tests.
var built = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(kernelDir, "gophernotes")
	return binary, Build(context.Background(), module, binary, nil)
})

func TestMain(m *testing.M) {
	var err error
	if kernelDir, err = os.MkdirTemp("", "stepwise-kernel-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(kernelDir)
	os.Exit(code)
}

// play runs the cells in a new kernel.
func play(t testing.TB, steps []step) session {
	t.Helper()
	return ask(t, request{Steps: steps})
}

// ask has session.py do what the request says.
func ask(t testing.TB, r request) session {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: building the kernel takes ten seconds, a minute the first time")
	}
	python := jupyterPython(t)
	environment := jupyterEnv(t)
	input, err := json.Marshal(r)
	require.NoError(t, err)

	client := exec.Command(python, filepath.Join("testdata", "session.py"))
	client.Env = environment
	client.Stdin = bytes.NewReader(input)
	var out, messages bytes.Buffer
	client.Stdout, client.Stderr = &out, &messages
	require.NoError(t, client.Run(), "the Jupyter client failed:\n%s", &messages)
	var s session
	require.NoError(t, json.Unmarshal(out.Bytes(), &s), "the Jupyter client printed:\n%s", &out)
	require.Len(t, s.Steps, len(r.Steps))
	return s
}

// jupyterEnv is an environment in which Jupyter finds the kernel that was built.
func jupyterEnv(t testing.TB) []string {
	t.Helper()
	binary, err := built()
	require.NoError(t, err)
	data := t.TempDir()
	spec := filepath.Join(data, "kernels", SpecName, "kernel.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(spec), 0o755))
	require.NoError(t, os.WriteFile(spec, KernelSpec(binary), 0o644))
	return append(os.Environ(), "JUPYTER_PATH="+data, "JUPYTER_DATA_DIR="+t.TempDir())
}

// jupyterPython is a Python that has Jupyter's client; without one the test is
// skipped.
func jupyterPython(t testing.TB) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import jupyter_client").Run() == nil {
			return python
		}
	}
	t.Skip("NOT TESTED: no python3 with jupyter_client here: apt-get install python3-jupyter-client, or run go run ./cmd/stepwise test, which installs it")
	return ""
}
