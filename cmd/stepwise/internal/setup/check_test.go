package setup

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryCheckNamesWhatMendsIt(t *testing.T) {
	seen := make(map[string]bool)
	for _, check := range clone(t).Checks() {
		assert.NotEmpty(t, check.Name)
		assert.NotEmpty(t, check.Mend, check.Name)
		assert.NotContains(t, check.Mend, "\n", "one line")
		assert.False(t, seen[check.Name], "%s occurs twice", check.Name)
		seen[check.Name] = true
	}
}

func TestAPortInUseIsAnErrorThatNamesIt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	err = PortFree(l.Addr().(*net.TCPAddr).Port)
	require.Error(t, err)
	assert.ErrorContains(t, err, l.Addr().String())
}

func TestPortZeroIsAlwaysFree(t *testing.T) {
	assert.NoError(t, PortFree(0))
}

func TestMissingModulesAreMissed(t *testing.T) {
	course := clone(t)
	t.Setenv("GOFLAGS", "")
	_, err := course.lookAtModules(t.Context())
	assert.NoError(t, err, "a module without requirements lacks none")
}

func TestNoCompilerIsAnErrorThatSaysWhatItIsFor(t *testing.T) {
	t.Setenv("CC", "no-such-compiler")
	_, err := clone(t).findCompiler(t.Context())
	require.ErrorIs(t, err, ErrNoCompiler)
	assert.ErrorContains(t, err, "no-such-compiler")
	assert.ErrorContains(t, err, "race detector")
}

func TestACheckNeedsOneThatStandsBeforeIt(t *testing.T) {
	seen := map[string]bool{"": true}
	for _, check := range clone(t).Checks() {
		assert.True(t, seen[check.Needs], "%s needs %q", check.Name, check.Needs)
		seen[check.Name] = true
	}
}

func TestWantedGo(t *testing.T) {
	cases := []struct{ name, mod, want string }{
		{"a toolchain", "module stepwise\n\ngo 1.26.0\n\ntoolchain go1.26.8\n", "Go 1.26.8"},
		{"no toolchain", "module stepwise\n\ngo 1.26.0\n", "Go 1.26.0"},
		{"neither", "module stepwise\n", "the Go that go.mod names"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := clone(t)
			write(t, course, "go.mod", c.mod)
			assert.Equal(t, c.want, course.wantedGo())
		})
	}
}

func TestThePortOfOnesOwnJupyter(t *testing.T) {
	cases := []struct {
		name, file, text string
		want             bool
	}{
		{"of Lab", "jpserver-1.json", `{"port": 4711, "pid": PID}`, true},
		{"of Notebook 6", "nbserver-1.json", `{"port": 4711, "pid": PID}`, true},
		{"of another port", "jpserver-1.json", `{"port": 4712, "pid": PID}`, false},
		{"of one that has ended", "jpserver-1.json", `{"port": 4711, "pid": 2147483646}`, false},
		{"cut off", "jpserver-1.json", `{"port": 4711`, false},
		{"of none", "other.json", `{"port": 4711, "pid": PID}`, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("JUPYTER_RUNTIME_DIR", dir)
			text := strings.ReplaceAll(c.text, "PID", strconv.Itoa(os.Getpid()))
			require.NoError(t, os.WriteFile(filepath.Join(dir, c.file), []byte(text), 0o600))
			require.Equal(t, c.want, ownJupyter(4711))
		})
	}
	t.Run("noted at home", func(t *testing.T) {
		home := t.TempDir()
		t.Setenv("JUPYTER_RUNTIME_DIR", "")
		t.Setenv("HOME", home)
		dir := filepath.Join(home, ".local", "share", "jupyter", "runtime")
		require.NoError(t, os.MkdirAll(dir, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "jpserver-1.json"), []byte(`{"port": 4711, "pid": `+strconv.Itoa(os.Getpid())+`}`), 0o600))
		require.True(t, ownJupyter(4711))
	})
}
