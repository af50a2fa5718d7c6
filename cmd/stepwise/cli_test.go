package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call runs the program as a shell would, and returns its status and streams.
func call(t *testing.T, args ...string) (status int, out, err string) {
	t.Helper()
	var stdout, stderr strings.Builder
	status = run(t.Context(), args, streams{Out: &stdout, Err: &stderr})
	return status, stdout.String(), stderr.String()
}

// bare makes a clone that has only the names that the commands look for.
func bare(t *testing.T, lessons ...string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module stepwise\n\ngo 1.26.0\n"), 0o644))
	for _, lesson := range lessons {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "notebooks"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "notebooks", lesson), nil, 0o644))
	}
	return dir
}

func TestExitStatus(t *testing.T) {
	elsewhere := t.TempDir()
	cases := []struct {
		name   string
		args   []string
		status int
		out    string // a part of standard output
		err    string // a part of standard error
	}{
		{"help", []string{"--help"}, ok, "Examples:", ""},
		{"help in Go's form", []string{"-help"}, ok, "Examples:", ""},
		{"help of a command", []string{"lab", "--help"}, ok, "--no-browser", ""},
		{"no command shows the help, as an error", nil, usage, "", "Usage: stepwise <command>"},
		{"no kernel to remove", []string{"kernel", "uninstall", "--prefix", elsewhere}, failed, "", "no kernel is installed there\nTry: stepwise kernel uninstall --help\n"},
		{"no kernel to point at", []string{"kernel", "path", "--prefix", elsewhere}, failed, "", "no kernel is installed there\nTry: stepwise kernel install --prefix " + elsewhere + "\n"},
		{"a file where the kernel would lie", []string{"kernel", "path", "--prefix", "cli_test.go"}, failed, "", "not a directory: choose a folder of your own, with --user or --prefix\n"},
		{"a site of no lessons", []string{"-C", bare(t), "site", "-o", elsewhere}, failed, "", "no notebooks in"},
		{"no lessons", []string{"-C", bare(t), "lab", "--port", "0"}, failed, "", "the lessons"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := call(t, c.args...)
			assert.Equal(t, c.status, status, "%s%s", out, err)
			assert.Contains(t, out, c.out)
			assert.Contains(t, err, c.err)
			if c.status == ok {
				assert.Empty(t, err)
			} else {
				assert.Empty(t, out)
			}
		})
	}
}

func TestAPortThatIsTakenNamesAnother(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	status, _, said := call(t, "-C", bare(t), "lab", "--port", port)
	assert.Equal(t, failed, status)
	assert.Contains(t, said, "port "+port+": ")
	assert.True(t, strings.HasSuffix(said, "\nTry: stepwise lab --port 0\n"), said)
}

func TestEveryCommandExplainsItself(t *testing.T) {
	var commands []string
	root := grammar(t)
	require.NoError(t, kong.Visit(root, func(v kong.Visitable, next kong.Next) error {
		if node, is := v.(*kong.Node); is && node != root && !node.Hidden {
			commands = append(commands, node.Path())
		}
		return next(nil)
	}))
	assert.Contains(t, commands, "trace serve echo")
	for _, command := range commands {
		t.Run(command, func(t *testing.T) {
			status, out, _ := call(t, append(strings.Fields(command), "--help")...)
			assert.Equal(t, ok, status)
			assert.Contains(t, out, "Usage: stepwise "+strings.TrimSpace(command))
			assert.Greater(t, strings.Count(out, "\n"), 5)
		})
	}
}

func TestReport(t *testing.T) {
	wrong := func(text string) error { return &usageError{errors.New(text)} }
	cases := []struct {
		name   string
		err    error
		status int
		said   string
	}{
		{"no error", nil, ok, ""},
		{"an error", errors.New("no disk"), failed, "stepwise: no disk\n"},
		{"one that was told already", errSaid, failed, ""},
		{"wrong usage, deep inside", fmt.Errorf("x: %w", wrong("y")), usage, "stepwise: x: y\nTry: stepwise kernel path --help\n"},
		{"wrong usage that knows better", try(wrong("y"), "run", "a b"), usage, "stepwise: y\nTry: stepwise run 'a b'\n"},
		{"a hint around a hint", try(fmt.Errorf("x: %w", try(wrong("y"), "run")), "lab"), usage, "stepwise: x: y\nTry: stepwise lab\n"},
		{"a failure that knows what to type", try(errors.New("y"), "lab"), failed, "stepwise: y\nTry: stepwise lab\n"},
		{"a program that isn't there", fmt.Errorf("x: %w", exec.ErrNotFound), failed, "stepwise: x: executable file not found in $PATH\nTry: stepwise doctor\n"},
		{"Ctrl-C", fmt.Errorf("go test: %w", context.Canceled), failed, "stepwise: stopped\n"},
		{"told already, and an error", errors.Join(errSaid, errors.New("no disk")), failed, "stepwise: no disk\n"},
		{"an error, and Ctrl-C", errors.Join(errors.New("no disk"), context.Canceled), failed, "stepwise: no disk\nstepwise: stopped\n"},
		{"errors joined twice", errors.Join(errors.Join(errSaid, errors.New("a")), wrong("b")), usage, "stepwise: a\nstepwise: b\nTry: stepwise kernel path --help\n"},
		{"two errors in one sentence", fmt.Errorf("a: %w; %w", errors.New("b"), errors.New("c")), failed, "stepwise: a: b; c\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var said strings.Builder
			assert.Equal(t, c.status, report(c.err, invocation{"kernel path", nil}, streams{Err: &said}))
			assert.Equal(t, c.said, said.String())
		})
	}
}

func TestLongFlags(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"one dash", "test -run X -short", "test --run X --short"},
		{"with its value", "test -run=X", "test --run=X"},
		{"two dashes", "lab --no-browser", "lab --no-browser"},
		{"one letter", "-C dir -h", "-C dir -h"},
		{"a number", "lab --port -1", "lab --port -1"},
		{"behind two dashes", "fetch -- -run", "fetch -- -run"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, strings.Fields(c.want), longFlags(strings.Fields(c.in)))
		})
	}
}

// Only root can give a folder to another user; package setup tests all the cases.
func TestACourseOfSomebodyElseIsRefused(t *testing.T) {
	clone := bare(t, "09-send.ipynb")
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(clone, 12345, 12345))
	} else {
		require.NoError(t, os.Chmod(clone, 0o777|os.ModeSticky))
	}
	dir := filepath.Join(clone, "a folder")
	require.NoError(t, os.Rename(filepath.Join(clone, "notebooks"), dir))
	commands := []string{"lab", "run 09", "test", "doctor", "refresh", "site -o x", "update --from x", "kernel install"}
	for _, command := range commands {
		status, out, err := call(t, append([]string{"-C", dir}, strings.Fields(command)...)...)
		assert.Equal(t, usage, status, command)
		assert.Empty(t, out, "nothing has begun: %s", command)
		assert.Contains(t, err, "is refused", command)
		assert.Contains(t, err, "\nTry: stepwise --safe-directory "+clone+" -C '"+dir+"' "+command+"\n")
		assert.NoDirExists(t, filepath.Join(clone, ".stepwise"))
	}
	allowed := func(args ...string) string {
		_, _, err := call(t, append(args, "-C", dir, "run", "09")...)
		return err
	}
	assert.Contains(t, allowed("--safe-directory", clone), "there are no lessons in")
	t.Setenv("STEPWISE_SAFE_DIRECTORY", "/no/such:"+clone)
	assert.Contains(t, allowed(), "there are no lessons in")
	t.Setenv("STEPWISE_SAFE_DIRECTORY", "")
	assert.Contains(t, allowed(), "is refused")
}

func TestWithoutCourse(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"none", "test --run X", "test --run X"},
		{"short", "-C dir test", "test"},
		{"short, in one word", "-Cdir test", "test"},
		{"long", "test --course dir --short", "test --short"},
		{"long, in one word", "test --course=dir", "test"},
		{"without its value", "test -C", "test"},
		{"behind two dashes", "-C dir fetch -- -C x", "fetch -- -C x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, strings.Fields(c.want), withoutCourse(strings.Fields(c.in)))
		})
	}
}

func TestTheLesson(t *testing.T) {
	dir := filepath.Join(bare(t, "09-send.ipynb", "10-read.ipynb", "11-read-all.ipynb", "Notes.ipynb"), "notebooks")
	cases := []struct{ name, word, want string }{
		{"a number", "9", "09-send.ipynb"},
		{"a number as it is written", "09", "09-send.ipynb"},
		{"a name", "09-send", "09-send.ipynb"},
		{"a name with its ending", "notebooks/10-read.ipynb", "10-read.ipynb"},
		{"a number of two digits", "11", "11-read-all.ipynb"},
		{"a name without its number", "send", "09-send.ipynb"},
		{"a name of two words", "read-all", "11-read-all.ipynb"},
		{"the folder of its exercise", "exercises/11_read_all", "11-read-all.ipynb"},
		{"a number without its zero, and a name", "9-send", "09-send.ipynb"},
		{"capitals", "Send", "09-send.ipynb"},
		{"a notebook without a number", "notes", "Notes.ipynb"},
		{"one digit is not the first of two", "1", ""},
		{"the number of one and the name of another", "09-read", ""},
		{"a part of a name", "rea", ""},
		{"nothing", "", ""},
		{"no number at all", "-send", ""},
		{"an ending alone", ".ipynb", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			paths, err := called(dir, c.word, "run")
			if c.want == "" {
				var wrong *usageError
				require.ErrorAs(t, err, &wrong)
				assert.ErrorContains(t, err, "09-send\n    10-read\n    11-read-all")
				return
			}
			require.NoError(t, err)
			require.Len(t, paths, 1)
			assert.Equal(t, c.want, filepath.Base(paths[0]))
		})
	}
}

func TestChoose(t *testing.T) {
	dir := filepath.Join(bare(t, "08-connect.ipynb", "09-send.ipynb", "10-read.ipynb"), "notebooks")
	cases := []struct {
		name string
		args []string
		want []string
	}{
		{"all", nil, []string{"08-connect.ipynb", "09-send.ipynb", "10-read.ipynb"}},
		{"by number", []string{"09"}, []string{"09-send.ipynb"}},
		{"by name", []string{"10-read"}, []string{"10-read.ipynb"}},
		{"by path", []string{"notebooks/08-connect.ipynb"}, []string{"08-connect.ipynb"}},
		{"two", []string{"10", "08"}, []string{"10-read.ipynb", "08-connect.ipynb"}},
		{"as run calls it", []string{"9", "read"}, []string{"09-send.ipynb", "10-read.ipynb"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			paths, err := choose(dir, c.args)
			require.NoError(t, err)
			for i := range paths {
				paths[i] = filepath.Base(paths[i])
			}
			assert.Equal(t, c.want, paths)
		})
	}
	translation := filepath.Join(dir, "de", "09-send.ipynb")
	require.NoError(t, os.Mkdir(filepath.Dir(translation), 0o755))
	require.NoError(t, os.WriteFile(translation, nil, 0o644))
	paths, err := choose(dir, []string{"send"})
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "09-send.ipynb"), translation}, paths)
	_, err = choose(dir, []string{"1"})
	var wrong *usageError
	require.ErrorAs(t, err, &wrong, "1 is not the number of a lesson")
}
