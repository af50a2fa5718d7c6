// Package ci holds the tests of what only authors have: .ci/run, and what the
// documents promise. The image has none of it, so they are no part of ./...
package ci

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a machine can't check is not green: the last line of a run of .ci/run says
// so, and a strict run fails.
func TestStages(t *testing.T) {
	const ok, unable, bad = "stage fine true", "stage network sh -c 'exit 75'", "stage broken false"
	for _, c := range []struct {
		name   string
		run    []string
		strict string
		last   string // line of the output begins so
		passes bool
	}{
		{"all is well", []string{ok}, "yes", "ok          fine ", true},
		{"one can't be checked", []string{ok, unable, ok}, "no", "NOT CHECKED here: network; each stage says above what it lacked", true},
		{"one can't be checked, strictly", []string{ok, unable, ok}, "yes", "NOT CHECKED here: network; each stage says above what it lacked", false},
		{"one fails", []string{bad, ok}, "no", "failed: broken", false},
		{"one fails, one can't be checked", []string{bad, unable}, "no", "NOT CHECKED here: network; each stage says above what it lacked", false},
		{"two can't be checked", []string{unable, "stage image sh -c 'exit 75'"}, "no", "NOT CHECKED here: network image; each stage says above what it lacked", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := "set -euo pipefail; . ./stages; " + strings.Join(c.run, "; ") + "; summary " + c.strict
			out, err := exec.Command("bash", "-c", script).CombinedOutput()
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			require.Regexp(t, "^"+c.last, lines[len(lines)-1], "%s", out)
			require.Equal(t, c.passes, err == nil, "%v\n%s", err, out)
		})
	}
}
