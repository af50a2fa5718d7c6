package box

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

func TestMain(m *testing.M) {
	Enter()
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // the first process of a box is this program: with -race it would sleep a second at its end
	os.Exit(m.Run())
}

// hostile builds testdata/hostile.
func hostile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hostile")
	build := exec.Command("go", "build", "-o", file, "./testdata/hostile")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := build.CombinedOutput()
	require.NoError(t, err, string(said))
	return file
}

var bounds = Limits{Wall: 2 * time.Minute, CPU: time.Minute, Memory: 256 << 20, Files: 8 << 20, Output: 4 << 20, Processes: 64}

// apart reports whether programs can be set apart here. Where they can't, that must be said.
func apart(t *testing.T, file string) bool {
	t.Helper()
	err := Available(t.Context())
	if err == nil {
		return true
	}
	require.ErrorIs(t, err, ErrUnavailable)
	_, err = Run(t.Context(), Program{File: file, Args: []string{"nothing"}, Walls: Apart, Limits: bounds})
	require.ErrorIs(t, err, ErrUnavailable)
	t.Log("what needs namespaces is not tried: ", err)
	return false
}

func TestWhatAProgramCanNotDo(t *testing.T) {
	file := hostile(t)
	if !apart(t, file) {
		return
	}
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("x"), 0o644))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	sleeper := exec.Command("sleep", "600")
	require.NoError(t, sleeper.Start())
	defer func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() }()
	cases := []struct {
		name   string
		args   []string
		limits func(*Limits)
		status int
		says   string // in the output, or in Why for a program that was ended
	}{
		{"a good program", []string{"nothing"}, nil, 0, "done"},
		{"a loopback of its own", []string{"loopback"}, nil, 0, "done"},
		{"read a file of the machine", []string{"read", secret}, nil, 3, "no such file"},
		{"read the passwords", []string{"read", "/etc/passwd"}, nil, 3, "no such file"},
		{"see more than its root", []string{"list", "/"}, nil, 0, "dev etc proc program tmp work done"},
		{"write beside its folder", []string{"write", "/etc/x"}, nil, 0, "done"}, // in memory, gone with it
		{"reach a server of the machine", []string{"dial", listener.Addr().String()}, nil, 3, "refused"},
		{"reach the network", []string{"dial", "198.51.100.1:80"}, nil, 3, "unreachable"},
		{"see another process", []string{"kill", strconv.Itoa(sleeper.Process.Pid)}, nil, 3, "no such process"},
		{"be another user", []string{"be"}, nil, 3, "invalid argument"},
		{"have capabilities", []string{"who"}, nil, 0, "CapPrm: 0000000000000000\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\n"},
		{"gain any", []string{"who"}, nil, 0, "NoNewPrivs: 1"},
		{"mount", []string{"mount"}, nil, 3, "not permitted"},
		{"raise its limits", []string{"raise"}, nil, 3, "not permitted"},
		{"find a descriptor of ours", []string{"descriptors"}, nil, 0, "done"},
		{"loop", []string{"loop"}, func(l *Limits) { l.CPU = time.Second }, -1, "signal"},
		{"sleep", []string{"sleep"}, func(l *Limits) { l.Wall = time.Second }, -1, "ran longer than 1s"},
		{"take all the memory", []string{"eat"}, nil, 2, "out of memory"},
		{"print without end", []string{"print"}, nil, -1, "printed more than 4096 KiB"},
		{"fill the disk", []string{"fill"}, nil, 3, "no space left"},
		{"write a long file", []string{"long file"}, nil, 3, "file too large"},
		{"make files without end", []string{"many files"}, nil, 3, "no space left"},
		{"fork without end", []string{"fork"}, nil, 3, "resource temporarily unavailable"},
		{"leave a process behind", []string{"leave behind"}, nil, 0, "done"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := bounds
			if c.limits != nil {
				c.limits(&l)
			}
			end, err := Run(t.Context(), Program{File: file, Args: c.args, Walls: Apart, Limits: l})
			require.NoError(t, err)
			require.Equal(t, c.status, end.Status, "%s\n%s", end.Why, end.Output)
			if c.status >= 0 {
				end.Why = ""
			} else {
				end.Output = nil
			}
			require.Contains(t, end.Why+string(end.Output), c.says)
			require.LessOrEqual(t, len(end.Output), keptOutput)
		})
	}
	require.NoFileExists(t, "/etc/x")
	require.Empty(t, leftBehind(t), "what a program has started is ended with it")
	require.NoError(t, sleeper.Process.Signal(syscall.Signal(0)), "the other process lives")
}

func TestResults(t *testing.T) {
	file := hostile(t)
	cases := []struct {
		name string
		args []string
		want []byte
	}{
		{"a file", []string{"nothing"}, []byte("fine")},
		{"none", []string{"loopback"}, nil},
		{"a link to another", []string{"link", "/proc/self/status"}, nil},
		{"a pipe that nobody writes", []string{"fifo"}, nil},
		{"a folder", []string{"folder"}, nil},
		{"a long one", []string{"long"}, nil},
	}
	for name, walls := range map[string]Walls{"apart": Apart, "nobody": Nobody, "bounded": Bounded} {
		if walls == Apart && !apart(t, file) {
			continue
		}
		tried := cases
		if walls != Apart {
			tried = cases[:3]
		}
		for _, c := range tried {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				dir := t.TempDir()
				require.NoError(t, open(dir))
				require.NoError(t, open(filepath.Dir(file)))
				end, err := Run(t.Context(), Program{File: file, Args: c.args, Dir: dir, Result: "result", Walls: walls, Limits: bounds})
				require.NoError(t, err)
				require.Zero(t, end.Status, "%s\n%s", end.Why, end.Output)
				require.Equal(t, c.want, end.Result)
			})
		}
	}
}

// Without namespaces the limits hold all the same.
func TestBoundsWithoutWalls(t *testing.T) {
	file := hostile(t)
	for name, c := range map[string]struct {
		args   []string
		limits func(*Limits)
		says   string
	}{
		"memory": {[]string{"eat"}, func(*Limits) {}, "out of memory"},
		"time":   {[]string{"sleep"}, func(l *Limits) { l.Wall = time.Second }, "ran longer than 1s"},
		"cpu":    {[]string{"loop"}, func(l *Limits) { l.CPU = time.Second }, "signal"},
		"output": {[]string{"print"}, func(*Limits) {}, "printed more"},
		"files":  {[]string{"long file"}, func(*Limits) {}, "file too large"},
	} {
		t.Run(name, func(t *testing.T) {
			l := bounds
			c.limits(&l)
			end, err := Run(t.Context(), Program{File: file, Args: c.args, Dir: t.TempDir(), Limits: l})
			require.NoError(t, err)
			require.NotZero(t, end.Status)
			require.Contains(t, end.Why+string(end.Output), c.says)
		})
	}
}

func TestRootRunsAsNobody(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("this user is nobody else's")
		return
	}
	file, dir := hostile(t), t.TempDir()
	require.NoError(t, open(filepath.Dir(file)))
	end, err := Run(t.Context(), Program{File: file, Args: []string{"write", filepath.Join(dir, "x")}, Dir: "/", Walls: Nobody, Limits: bounds})
	require.NoError(t, err)
	require.Equal(t, 3, end.Status)
	require.Contains(t, string(end.Output), "permission denied")
}

func TestRunEndsWithItsContext(t *testing.T) {
	defer leaktest.Begin(t).End()
	file := hostile(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	time.AfterFunc(200*time.Millisecond, func() { cancel(enough) })
	_, err := Run(ctx, Program{File: file, Args: []string{"sleep"}, Dir: t.TempDir(), Limits: bounds})
	require.ErrorIs(t, err, enough)
}

func TestWhatCanNotBeRun(t *testing.T) {
	for name, p := range map[string]Program{
		"no such file":    {File: filepath.Join(t.TempDir(), "none"), Limits: bounds},
		"no program":      {File: "box.go", Limits: bounds},
		"no limit":        {File: "box.go"},
		"no output limit": {File: "box.go", Limits: Limits{Wall: time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(t.Context(), p)
			require.ErrorContains(t, err, p.File)
		})
	}
}

// open lets everybody into a folder, as t.TempDir's aren't for nobody.
func open(dir string) error {
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o777)
}

// leftBehind are the processes that hostile has started: its own program once more, asleep.
func leftBehind(t *testing.T) (pids []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, file := range all {
		if text, err := os.ReadFile(file); err == nil && string(text) == "/proc/self/exe\x00sleep\x00" {
			pids = append(pids, filepath.Base(filepath.Dir(file)))
		}
	}
	return pids
}
