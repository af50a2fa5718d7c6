package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGeneratedFilesAreFresh makes every table anew, in memory, and compares it with
// the file that is committed: cells would otherwise see yesterday's packages, and
// Shift-Tab yesterday's comments.
func TestGeneratedFilesAreFresh(t *testing.T) {
	module, err := moduleDir()
	require.NoError(t, err)
	made, err := Files(module)
	require.NoError(t, err)

	committed, err := generated(module)
	require.NoError(t, err)
	for _, name := range committed {
		assert.Contains(t, made, name, "this file is wanted no longer: run go generate ./cmd/kernel")
	}
	for name, want := range made {
		have, err := os.ReadFile(filepath.Join(module, folder, name))
		require.NoError(t, err, "this file is missing: run go generate ./cmd/kernel")
		if string(have) != string(want) {
			t.Errorf("%s is out of date: run go generate ./cmd/kernel\nfirst difference, in the file and as it should be:\n%s",
				name, firstDifference(string(have), string(want)))
		}
	}
}

// firstDifference is the first line in which two texts differ, of each.
func firstDifference(have, want string) string {
	haveLines, wantLines := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range max(len(haveLines), len(wantLines)) {
		line := func(lines []string) string {
			if i < len(lines) {
				return lines[i]
			}
			return "(the end)"
		}
		if line(haveLines) != line(wantLines) {
			return line(haveLines) + "\n" + line(wantLines)
		}
	}
	return "(none)"
}
