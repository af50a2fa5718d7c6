package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/setup"
)

func TestDoctorBlamesWhatIsMissing(t *testing.T) {
	check := func(name, needs string, err error) setup.Check {
		return setup.Check{Name: name, Needs: needs, Mend: "get " + name, Look: func(context.Context) (string, error) { return "found", err }}
	}
	gone := errors.New("gone")
	soft := check("port", "", gone)
	soft.Soft = true
	cases := []struct {
		name   string
		checks []setup.Check
		want   []string // lines, without their padding
	}{
		{"nothing", []setup.Check{check("Go", "", nil), check("kernel", "Go", nil), soft}, []string{
			"Go ok found", "kernel ok found", "port taken gone", "to fix it: get port", "", "Everything is here: go run ./cmd/stepwise lab"}},
		{"one that others need", []setup.Check{check("system", "", gone), check("Go", "", gone), check("modules", "Go", nil), check("kernel", "modules", gone), check("Jupyter", "", gone)}, []string{
			"system MISSING gone", "to fix it: get system", "Go MISSING gone", "to fix it: get Go",
			"modules ? not checked: it needs Go", "kernel ? not checked: it needs modules", "Jupyter MISSING gone", "to fix it: get Jupyter",
			"", "3 missing. Begin with Go, because without it the rest can't be installed: get Go"}},
		{"one that is its own matter", []setup.Check{check("Go", "", nil), check("modules", "Go", gone), check("compiler", "Go", nil)}, []string{
			"Go ok found", "modules MISSING gone", "to fix it: get modules", "compiler ok found",
			"", "1 missing. To install what can be installed: go run ./cmd/stepwise lab"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := examine(t.Context(), &out, c.checks)
			assert.Equal(t, strings.Contains(out.String(), "MISSING"), errors.Is(err, errSaid))
			var lines []string
			for line := range strings.Lines(out.String()) {
				lines = append(lines, strings.Join(strings.Fields(line), " "))
			}
			assert.Equal(t, c.want, lines)
		})
	}
}

// Without Go, only Go is reported as missing; what needs it is not checked.
func TestDoctorWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, out, _ := call(t, "-C", bare(t), "doctor")
	assert.Contains(t, out, "Go          MISSING there is no go command on PATH\n")
	assert.Contains(t, out, "to fix it: install Go 1.26.0 from https://go.dev/dl")
	for _, name := range []string{"modules", "kernel", "C compiler"} {
		assert.Regexp(t, `(?m)^`+name+` +\? +not checked`, out)
	}
	assert.NotContains(t, out, "$PATH")
}

func TestADoctorWhoIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stop := setup.Check{Name: "x", Look: func(context.Context) (string, error) { cancel(); return "", errors.New("interrupted") }}
	var out strings.Builder
	require.ErrorIs(t, examine(ctx, &out, []setup.Check{stop}), context.Canceled)
	assert.NotContains(t, out.String(), "MISSING")
}
