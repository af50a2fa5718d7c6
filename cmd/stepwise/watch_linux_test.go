package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/internal/progress"
)

// wholeCourse copies all of this clone that an exercise needs.
func wholeCourse(t *testing.T) string {
	course := t.TempDir()
	for _, name := range []string{"exercises", "internal", "pkg"} {
		require.NoError(t, os.CopyFS(filepath.Join(course, name), os.DirFS(filepath.Join("../..", name))))
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		require.NoError(t, os.WriteFile(filepath.Join(course, name), []byte(read(t, filepath.Join("../..", name))), 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(course, "notebooks"), 0o755))
	return course
}

// learner is somebody at a terminal in which stepwise watch runs.
type learner struct {
	*testing.T
	course string
	keys   *os.File
	mu     sync.Mutex
	screen strings.Builder // all that was ever drawn
	read   int             // how much of it sees has looked at
}

func watches(t *testing.T, columns uint16, args ...string) (l *learner, ended chan error) {
	user, program := newTerminal(t, columns)
	l = &learner{T: t, course: wholeCourse(t), keys: user}
	c := exec.Command(os.Args[0], append([]string{"-C", l.course, "watch"}, args...)...)
	c.Env = append(os.Environ(), "STEPWISE_IS_THE_PROGRAM=1", "TERM=xterm", "STEPWISE_COURSE="+untouched(t, l.course))
	c.Stdin, c.Stdout, c.Stderr = program, program, program
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, c.Start())
	require.NoError(t, program.Close())
	go func() {
		p := make([]byte, 4096)
		for {
			n, err := user.Read(p)
			l.mu.Lock()
			l.screen.Write(p[:n])
			l.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	ended = make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() { _ = c.Process.Kill() })
	return l, ended
}

// untouched copies the exercises of course.
func untouched(t *testing.T, course string) string {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "exercises"), os.DirFS(filepath.Join(course, "exercises"))))
	return dir
}

// sees waits until text is drawn, after what was seen before.
func (l *learner) sees(text string) {
	l.Helper()
	for limit := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		l.mu.Lock()
		drawn := ansi.Strip(l.screen.String())
		at := strings.Index(drawn[min(l.read, len(drawn)):], text)
		if at >= 0 {
			l.read += at + len(text)
		}
		l.mu.Unlock()
		if at >= 0 {
			return
		}
		if time.Now().After(limit) {
			require.Fail(l, "not seen: "+text, drawn)
		}
	}
}

func (l *learner) press(key string) {
	_, err := io.WriteString(l.keys, key)
	require.NoError(l, err)
}

func (l *learner) save(name, text string) {
	require.NoError(l, os.WriteFile(filepath.Join(l.course, "exercises", filepath.FromSlash(name)), []byte(text), 0o644))
}

// TestWatch is a learner's day: three exercises from untouched to solved, with a wrong version,
// a hint and a fresh start, in 60 columns. In the evening the teacher grades the folder.
func TestWatch(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the course anew")
	}
	l, ended := watches(t, 60, "09")
	l.sees("09 send: how much went out?")
	l.sees("Not started")
	stub := read(t, filepath.Join(l.course, "exercises", "09_send", "send.go"))

	l.save("09_send/send.go", strings.Replace(stub, "return lesson.ErrTODO", "return leson.ErrTODO", 1))
	l.sees("undefined: leson")

	without := strings.Replace(stub, "\t\"stepwise/pkg/lesson\"\n", "", 1)
	l.save("09_send/send.go", strings.Replace(without, "return lesson.ErrTODO", "return sock.Send(yield, s, data[:len(data)/2])", 1))
	l.sees("FAIL  ")
	l.press("h")
	l.sees("hint 1 for ")

	l.press("r")
	l.sees("Start 09 send over?")
	l.press("y")
	l.sees("yours is")
	l.sees("Not started")
	assert.Equal(t, stub, read(t, filepath.Join(l.course, "exercises", "09_send", "send.go")))

	l.save("09_send/send.go", read(t, "../../solutions/09_send/send.go"))
	l.sees("Solved: every case passes")
	l.press("n")
	l.sees("10 read")
	l.sees("Not started")
	l.save("10_read/read.go", read(t, "../../solutions/10_read/read.go"))
	l.sees("Solved: every case passes")
	l.press("n")
	l.sees("11 read_all")
	l.sees("Not started")
	l.press("l")
	l.sees("> 11 read_all")
	l.save("11_read_all/read_all.go", read(t, "../../solutions/11_read_all/read_all.go"))
	l.sees("Solved: every case passes")
	l.press("q")
	require.NoError(t, <-ended)

	all, err := progress.Read(l.course)
	require.NoError(t, err)
	require.Equal(t, 2, all["09_send"].Tries)
	require.True(t, all["09_send"].Best.Solved())
	require.Equal(t, "watch", all["09_send"].Last.Door)

	teacher := []string{"-C", "../..", "grade", "--lesson", "08,09,10,11", "--csv", l.course}
	if box.Available(t.Context()) != nil {
		teacher = append(teacher, "--no-namespaces")
	}
	status, out, said := call(t, teacher...)
	require.Equal(t, ok, status, said)
	for lesson, state := range map[string]string{"08_connect": "not started", "09_send": "solved", "10_read": "solved", "11_read_all": "solved"} {
		require.Contains(t, out, ","+lesson+","+state+",")
	}
}
