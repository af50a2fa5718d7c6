package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A number and its noun come from setup.Count: a message that has both in its format
// says "1 files". These have a verb there, or a number that is never 1.
var rightlySo = regexp.MustCompile(`%d (is|leaves|loops without|headings of the first level)\b`)

func TestNumbersAgreeWithTheirNouns(t *testing.T) {
	plural := regexp.MustCompile(`%d [a-z]+s\b`)
	seen := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, found := range plural.FindAllString(rightlySo.ReplaceAllString(string(code), ""), -1) {
			assert.Fail(t, "a number and its noun", "%s: %q", path, found)
		}
		seen++
		return err
	}))
	assert.Greater(t, seen, 50)
}
