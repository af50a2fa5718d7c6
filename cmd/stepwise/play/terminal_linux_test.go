// terminal_linux_test.go: the player on a terminal whose screen the tests can read and
// whose keys they can press. See pty(7).

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A step waits for a text on the screen, then presses keys.
type step struct{ until, keys string }

const (
	ctrlC  = "\x03"
	prompt = "ends: "
	reads  = "import \"fmt\"\nvar name string\nfmt.Print(\"your \" + \"name? \")\n_, err := fmt.Scanln(&name)\nfmt.Println(\"hel\"+\"lo\", name, err)"
)

func TestOnATerminal(t *testing.T) {
	ready := "import \"fmt\"\nfmt.Println(\"now \" + \"endless\")\nfor {\n}"
	cases := []struct {
		name   string
		args   []string
		cells  []string
		steps  []step
		status int
		shows  []string // in this order, each after the one before
		not    string
	}{
		{"Enter runs one cell after the other", nil, []string{prints, "6 * 7"},
			[]step{{prompt, "\n"}, {prompt, "\n"}}, 0, []string{"A title", "Println", prompt, "it ran", "6", prompt, "42"}, ""},
		{"q ends it", nil, []string{prints, "6 * 7"}, []step{{prompt, "\n"}, {prompt, "q\n"}}, 0, []string{"it ran", prompt}, "42"},
		{"a runs all", nil, []string{prints, "6 * 7", "7 * 7"}, []step{{prompt, "a\n"}}, 0, []string{"it ran", "42", "49"}, ""},
		{"the end of input ends it", nil, []string{prints}, []step{{prompt, "\x04"}}, 0, []string{prompt}, "\nit ran"},
		{"it asks nobody when it is told so", []string{"--all"}, []string{prints}, nil, 0, []string{"it ran"}, prompt},
		{"Ctrl-C stops a cell, and the next finds what it left", nil, []string{"kept := 41", ready + "\n", "kept + 1"},
			[]step{{prompt, "\n"}, {prompt, "\n"}, {"now endless", ctrlC}, {prompt, "\n"}}, 0, []string{"interrupted", prompt, "42"}, ""},
		{"Ctrl-C where nothing runs ends it", nil, []string{prints}, []step{{prompt, ctrlC}}, 1, []string{"stopped"}, "\nit ran"},
		{"Ctrl-C ends it where nobody is asked", []string{"--all"}, []string{ready, prints}, []step{{"now endless", ctrlC}}, 1, []string{"interrupted", "cell 2 (x) was interrupted"}, "\nit ran"},
		{"a second Ctrl-C ends it at once", nil, []string{"import (\"fmt\"; \"os\")\nsilent, _, _ := os.Pipe()\nfmt.Println(\"it \" + \"reads\")\nsilent.Read(make([]byte, 1))"},
			[]step{{prompt, "\n"}, {"it reads", ctrlC}, {"interrupting", ctrlC}}, 1, []string{"a second Ctrl-C ends", "stopped"}, ""},
		{"a cell reads what is typed, and the next Enter is the player's", nil, []string{reads, "name"},
			[]step{{prompt, "\n"}, {"your name? ", "Ada\n"}, {prompt, "\n"}}, 0, []string{"your name? ", "hello Ada", prompt, "Ada"}, ""},
		{"and still does when all are run", nil, []string{"1", reads}, []step{{prompt, "a\n"}, {"your name? ", "Ada\n"}}, 0, []string{"hello Ada"}, ""},
		{"Ctrl-C stops a cell that reads, and the next line goes to the player", nil, []string{reads, "6 * 7"},
			[]step{{prompt, "\n"}, {"your name? ", ctrlC}, {prompt, "\n"}}, 0, []string{"interrupted: the cell was stopped", prompt, "42"}, "hello"},
		{"the end of input ends what a cell reads", nil, []string{reads}, []step{{prompt, "\n"}, {"your name? ", "\x04"}}, 0, []string{"hello ", "EOF"}, ""},
		{"a goroutine that reads when its cell has ended leaves Enter to the player", nil, []string{"import (\"fmt\"; \"time\")\nvar name string\ngo func() { fmt.Scanln(&name) }()\ntime.Sleep(50 * time.Millisecond)", "6 * 7"},
			[]step{{prompt, "\n"}, {prompt, "\n"}}, 0, []string{prompt, "42"}, ""},
		{"a cell that reads where nobody is asked is told so", []string{"--all"}, []string{reads}, nil, 1, []string{"nobody can be asked for a line here"}, "hello"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			screen, status := onTerminal(t, program(append(c.args, written(t, c.cells...))...), c.steps)
			assert.Equal(t, c.status, status, screen)
			rest, found := screen, true
			for _, part := range c.shows {
				_, rest, found = strings.Cut(rest, part)
				require.True(t, found, "%q does not come, or too early: %s", part, screen)
			}
			if c.not != "" {
				assert.NotContains(t, screen, c.not)
			}
		})
	}
}

var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// onTerminal runs the program on a terminal of its own, takes the steps, and returns
// everything that the screen showed, without colors, and the exit status.
func onTerminal(t *testing.T, command *exec.Cmd, steps []step) (screen string, status int) {
	t.Helper()
	keyboard, terminal := open(t)
	command.Stdin, command.Stdout, command.Stderr = terminal, terminal, terminal
	command.SysProcAttr = &unix.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, command.Start())
	require.NoError(t, terminal.Close())
	watchdog := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer watchdog.Stop()

	var all, seen strings.Builder
	p := make([]byte, 4096)
	for {
		n, err := keyboard.Read(p)
		if err != nil { // EIO: the last program that had the terminal open is gone
			break
		}
		all.Write(p[:n])
		seen.Write(p[:n])
		for len(steps) > 0 {
			_, rest, found := strings.Cut(seen.String(), steps[0].until)
			if !found {
				break
			}
			seen.Reset()
			seen.WriteString(rest)
			_, err := keyboard.WriteString(steps[0].keys)
			require.NoError(t, err)
			steps = steps[1:]
		}
	}
	_ = command.Wait()
	require.Empty(t, steps, "they were never taken: %s", all.String())
	return colors.ReplaceAllString(strings.ReplaceAll(all.String(), "\r", ""), ""), command.ProcessState.ExitCode()
}

// open makes a terminal. Both ends are closed when the test ends.
func open(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = keyboard.Close() })
	fd := int(keyboard.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	// Ctrl-C discards what is on its way to the screen, even the program's reaction to
	// it, if that is quick.
	settings, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	require.NoError(t, err)
	settings.Lflag |= unix.NOFLSH
	require.NoError(t, unix.IoctlSetTermios(int(terminal.Fd()), unix.TCSETS, settings))
	return keyboard, terminal
}
