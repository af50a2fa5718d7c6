package setup

import (
	"net"
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
