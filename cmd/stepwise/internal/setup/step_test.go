package setup

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPreparePrintsALineForEachStepAndStopsAtTheFirstThatFails(t *testing.T) {
	broken := errors.New("no disk")
	step := func(name, found string, err error) Step {
		return Step{Name: name, Ready: func(_ context.Context, say func(string)) (string, error) {
			if found == "downloaded" {
				say("downloading")
			}
			return found, err
		}}
	}
	var out strings.Builder
	err := Prepare(t.Context(), &out, step("modules", "downloaded", nil), step("kernel", "", broken), step("never", "reached", nil))

	require.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "kernel: ")
	lines := regexp.MustCompile(`\d+\.\d s`).ReplaceAllString(out.String(), "T")
	assert.Equal(t, "modules     downloading …\nmodules     downloaded (T)\n", lines)
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files", 21: "21 files"} {
		assert.Equal(t, want, Count(n, "file"))
	}
}
