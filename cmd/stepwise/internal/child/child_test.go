package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

func script(text string) Program { return Program{Name: "sh", Args: []string{"-c", text}} }

func TestRun(t *testing.T) {
	cases := []struct {
		name    string
		program Program
		want    []string // parts of the error; none: it must be nil
	}{
		{"exit 0 is not an error", script("echo fine"), nil},
		{"a failure says what ran and what it said last", script("echo first; echo the reason >&2; exit 3"),
			[]string{"sh -c", "exit status 3", "the reason"}},
		{"what ran can be typed again", Program{Name: "ls", Args: []string{"/no such/folder"}}, []string{"ls '/no such/folder': "}},
		{"a program that is not there is named", Program{Name: "no-such-program"}, []string{"no-such-program", "not found"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := Run(t.Context(), c.program)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			var named *Error
			require.ErrorAs(t, err, &named)
			for _, part := range c.want {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

func TestOutputIsStandardOutputOnly(t *testing.T) {
	got, err := Output(t.Context(), script("echo out; echo err >&2"))
	require.NoError(t, err)
	assert.Equal(t, "out\n", got)
}

func TestLaterEntriesOfTheEnvironmentWin(t *testing.T) {
	t.Setenv("STEPWISE_X", "outer")
	p := script("echo $STEPWISE_X")
	p.Env = []string{"STEPWISE_X=inner"}
	got, err := Output(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, "inner\n", got)
}

func TestTailKeepsTheEnd(t *testing.T) {
	kept := &tail{limit: 5}
	for _, part := range []string{"abc", "def", "gh"} {
		n, err := kept.Write([]byte(part))
		require.NoError(t, err)
		assert.Equal(t, len(part), n)
		assert.LessOrEqual(t, len(kept.kept), kept.limit)
	}
	assert.Equal(t, "defgh", kept.String())
}

func TestCancelEndsTheGrandchildrenToo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	pids := filepath.Join(t.TempDir(), "pids")
	stopped := errors.New("enough")
	done := make(chan error, 1)
	go func() { done <- Run(ctx, script("sleep 100 & echo $! > "+pids+"; sleep 100")) }()

	grandchild := waitForPid(t, pids)
	cancel(stopped)
	require.ErrorIs(t, <-done, stopped)
	ends(t, grandchild)
}

func TestGrandchildrenMayEndInTheirOwnWay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dir := t.TempDir()
	script := `cd "$0"; (trap 'echo bye > last; exit' TERM; echo $$ > pids; while :; do sleep 0.02; done) & wait`
	done := make(chan error, 1)
	go func() { done <- Run(ctx, Program{Name: "sh", Args: []string{"-c", script, dir}}) }()
	waitForPid(t, filepath.Join(dir, "pids"))
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	assert.FileExists(t, filepath.Join(dir, "last"), "they were killed without a word")
}

func TestWhatAProgramLeavesBehindIsEnded(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	// The program that was left behind has none of our pipes, so nothing else would end
	// it.
	require.NoError(t, Run(t.Context(), script("sleep 100 >/dev/null 2>&1 & echo $! > "+pids)))
	left := waitForPid(t, pids)
	ends(t, left)
}

func TestOnlyGoIsGo(t *testing.T) {
	assert.False(t, isGo(-1))
	assert.False(t, isGo(os.Getpid()), "a test binary is not the go command")
}

func TestWithParentEndsWithItsContext(t *testing.T) {
	outer, cancelOuter := context.WithCancel(t.Context())
	ctx, cancel := WithParent(outer)
	defer cancel()
	cancelOuter()
	<-ctx.Done()
}

// waitForPid reads the number that a shell writes into path, once the file exists.
func waitForPid(t *testing.T, path string) int {
	t.Helper()
	var pid int
	leaktest.Until(t, "a pid in "+path, func() bool {
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(string(text), "\n") {
			return false
		}
		pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
		return err == nil
	})
	return pid
}

// ends waits until pid has ended: one that was killed may still be on its way out. A zombie
// counts as ended, because the system decides when an orphan is reaped.
func ends(t *testing.T, pid int) {
	t.Helper()
	leaktest.Until(t, fmt.Sprintf("the end of pid %d, which outlived Run", pid), func() bool {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return true
		}
		state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
		return err != nil || strings.HasPrefix(string(state), "Z")
	})
}
