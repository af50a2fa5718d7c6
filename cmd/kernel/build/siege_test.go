package build

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file attacks a real kernel as anyone on the same machine can who has no key;
// siege.py in testdata is the attacker, and the honest front as well.

// A besieged is what the front noticed of one attack.
type besieged struct {
	Status  string
	Alive   bool
	Printed string
	Whole   bool            // all that the cell printed has come, once
	Grown   int             // the kernel's memory at its peak, in kilobytes
	Told    []string        // what each that was cut off gets when it comes again
	Got     map[string]bool // what other sockets of libzmq's got what they should
}

func TestSiege(t *testing.T) {
	out := python(t, nil, "siege.py", "try")
	var siege struct {
		Attacks map[string]besieged
		Log     string
	}
	require.NoError(t, json.Unmarshal(out, &siege), "%s", out)
	require.Greater(t, len(siege.Attacks), 10)
	for name, got := range siege.Attacks {
		t.Run("somebody "+name, func(t *testing.T) {
			assert.Equal(t, "ok", got.Status)
			assert.True(t, got.Alive)
		})
	}
	t.Run("a request counts once", func(t *testing.T) {
		assert.Equal(t, "1", siege.Attacks["sends a request again"].Printed)
		assert.Contains(t, siege.Log, "a message counts once")
	})
	for _, name := range []string{"nobody", "subscribes and never reads"} {
		t.Run("a long output is whole, where the other one is: "+name, func(t *testing.T) {
			got := siege.Attacks[name]
			assert.True(t, got.Whole, "what the cell printed did not come as it was printed")
			assert.Less(t, got.Grown, 128<<10, "kilobytes that the kernel's memory grew")
		})
	}
	t.Run("the log says who was cut off", func(t *testing.T) {
		assert.Equal(t, 5, strings.Count(siege.Log, "zmtp: the peer takes nothing"), "%s", siege.Log)
	})
	t.Run("and each of them is told", func(t *testing.T) {
		told := siege.Attacks["subscribes and never reads"].Told
		require.Len(t, told, 5)
		for _, text := range told {
			assert.Contains(t, text, "Some output is missing here")
		}
	})
	for what, well := range siege.Attacks["libzmq"].Got {
		assert.True(t, well, what)
	}
}

// TestWholeNotebook runs a lesson over each kind of wire, and during a siege.
func TestWholeNotebook(t *testing.T) {
	cases := []struct {
		name, transport, scheme string
		storm                   bool
	}{
		{"unix sockets", "ipc", "hmac-sha256", false},
		{"another signature", "tcp", "hmac-sha512", false},
		{"an attacker without a key", "tcp", "hmac-sha256", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join(module, "notebooks", "09-send.ipynb"))
			require.NoError(t, err)
			first := func(string) {}
			if c.storm {
				first = func(info string) { storm(t, info) }
			}
			out := python(t, first, "notebook.py", path, c.transport, c.scheme)
			var got struct {
				Error              string
				Committed, Outputs [][]string
			}
			require.NoError(t, json.Unmarshal(out, &got), "%s", out)
			assert.Empty(t, got.Error)
			assert.Equal(t, got.Committed, got.Outputs, "the kinds of outputs, cell by cell")
		})
	}
}

// storm attacks the kernel that info tells of until the test ends. It returns when
// each attack has been tried.
func storm(t *testing.T, info string) {
	attacker := exec.Command(jupyterPython(t), filepath.Join("testdata", "siege.py"), "storm")
	input, err := attacker.StdinPipe()
	require.NoError(t, err)
	output, err := attacker.StdoutPipe()
	require.NoError(t, err)
	var messages bytes.Buffer
	attacker.Stderr = &messages
	require.NoError(t, attacker.Start())
	_, err = io.WriteString(input, info+"\n")
	require.NoError(t, err)
	rounds := bufio.NewScanner(output)
	require.True(t, rounds.Scan(), "not one round of attacks went through:\n%s", &messages)
	t.Cleanup(func() {
		input.Close()
		for rounds.Scan() {
		}
		assert.NoError(t, attacker.Wait(), "%s", &messages)
		t.Logf("rounds of attacks: %s", rounds.Text())
	})
}

// TestRefused: what the kernel can't do with a connection file it says, and ends.
func TestRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: building the kernel takes ten seconds, a minute the first time")
	}
	binary, err := built()
	require.NoError(t, err)
	cases := []struct{ name, field, value, says string }{
		{"an unknown signature scheme", "signature_scheme", "hmac-sha257", `the signature scheme "hmac-sha257": no such signature scheme is known here: set Session.signature_scheme of your Jupyter to one of hmac-sha224, hmac-sha256,`},
		{"a hash that is no scheme", "signature_scheme", "sha256", `the signature scheme "sha256"`},
		{"an unknown transport", "transport", "pgm", `the transport "pgm": this kernel has tcp and ipc`},
		{"a path that is too long", "ip", filepath.Join(t.TempDir(), strings.Repeat("a", 100)), "kernel-1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fields := map[string]any{"transport": "ipc", "ip": filepath.Join(t.TempDir(), "k"), "key": "key", "signature_scheme": "hmac-sha256"}
			for i, channel := range []string{"shell", "control", "stdin", "iopub", "hb"} {
				fields[channel+"_port"] = i + 1
			}
			fields[c.field] = c.value
			text, err := json.Marshal(fields)
			require.NoError(t, err)
			name := filepath.Join(t.TempDir(), "connection.json")
			require.NoError(t, os.WriteFile(name, text, 0o600))
			out, err := exec.Command(binary, name).CombinedOutput()
			var ended *exec.ExitError
			require.ErrorAs(t, err, &ended, "%s", out)
			assert.Equal(t, 1, ended.ExitCode())
			assert.Contains(t, string(out), strings.ReplaceAll(c.says, "kernel-1", "listening on "+c.value+"-"))
		})
	}
}

// python runs a script of testdata, which finds the kernel as Jupyter does, and
// returns the last line that it prints. first, where it is not nil, is called with
// the first line as soon as that is there; after it the script's
// standard input ends.
func python(t *testing.T, first func(string), script string, arguments ...string) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: building the kernel takes ten seconds, a minute the first time")
	}
	interpreter := jupyterPython(t)
	command := exec.Command(interpreter, append([]string{filepath.Join("testdata", script)}, arguments...)...)
	command.Env = jupyterEnv(t)
	var messages bytes.Buffer
	command.Stderr = &messages
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	input, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	var last []byte
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for number := 0; lines.Scan(); number++ {
		last = bytes.Clone(lines.Bytes())
		if number == 0 && first != nil {
			first(lines.Text())
			input.Close()
		}
	}
	require.NoError(t, lines.Err())
	require.NoError(t, command.Wait(), "%s failed:\n%s", script, &messages)
	return last
}
