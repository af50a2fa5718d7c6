package suite

import (
	"os"
	"path/filepath"
	"regexp/syntax"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	dir := files(t, map[string]string{
		"pkg/a/a_test.go":            "package a\n\nfunc TestLesson09Send(t *testing.T) {}\n",
		"pkg/a/a.go":                 "package a\n\nfunc TestNoTest() {}\n",
		".stepwise/x_test.go":        "package x\n\nfunc TestElsewhere(t *testing.T) {}\n",
		"notebooks/12-fetch.ipynb":   "{}",
		"pkg/b/fuzz_test.go":         "package b\n\nfunc FuzzPictures(f *testing.F) {}\n",
		"pkg/b/testdata/x/x_test.go": "package x\n",
	})
	cases := []struct {
		name, pattern string
		want          error // nil: something matches
	}{
		{"no pattern", "", nil},
		{"a test", "Lesson09", nil},
		{"a case of a test", "Lesson09/NoSuch", nil},
		{"a fuzz target", "FuzzPictures", nil},
		{"a lesson that has no test", "12-fetch", nil},
		{"a lesson as a test is called", "Lesson12", nil},
		{"one of two", "NoSuch|Lesson09", nil},
		{"nothing", "NoSuch", errNothing},
		{"neither of two", "NoSuch|Nothing", errNothing},
		{"a function that is not a test", "NoTest", errNothing},
		{"a test in a folder that tools have made", "Elsewhere", errNothing},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := Check(dir, filepath.Join(dir, "notebooks"), c.pattern)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			var wrong *PatternError
			require.ErrorAs(t, err, &wrong)
			assert.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, "--run "+c.pattern)
		})
	}
	var wrong *PatternError
	var why *syntax.Error
	err := Check(dir, filepath.Join(dir, "notebooks"), "(")
	require.ErrorAs(t, err, &wrong)
	require.ErrorAs(t, err, &why)

	require.NoError(t, os.RemoveAll(dir))
	err = Check(dir, dir, "X")
	require.Error(t, err, "a folder that can't be read says nothing about the pattern")
	assert.NotErrorIs(t, err, errNothing)
}
