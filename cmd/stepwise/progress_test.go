package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// begun is a course in which lesson 09 has come to 7 of 9 cases, and lesson 10 is solved.
func begun(t *testing.T) string {
	course := bare(t, "09-send.ipynb", "10-read.ipynb")
	for _, v := range []progress.Verdict{
		{Lesson: "09_send", Passed: 7, Of: 9, Door: "go test", Case: "W05", Like: "It looks as if your send ignores the count."},
		{Lesson: "10_read", Passed: 1, Of: 4, Door: "%test", Case: "R01", Like: "Begin with R01: single bytes."},
		{Lesson: "10_read", Passed: 4, Of: 4, Door: "%test"},
	} {
		require.NoError(t, progress.Add(course, v))
	}
	for _, slug := range []string{"09_send", "10_read"} {
		require.NoError(t, os.MkdirAll(filepath.Join(course, "solutions", slug), 0o755))
	}
	require.NoError(t, os.WriteFile(filepath.Join(course, "solutions", "09_send", "send.go"), []byte("package send\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(course, "solutions", "10_read", "read.go"), []byte("package read\n"), 0o600))
	return course
}

func TestProgress(t *testing.T) {
	course := begun(t)
	for _, c := range []struct {
		name   string
		args   []string
		status int
		out    string // a part of it
		err    string
	}{
		{"a list", []string{"progress"}, ok, "08 connect       not judged yet\n09 send          7 of 9 cases pass. It looks as if your send ignores the count.\n10 read          solved\n", ""},
		{"its sum", []string{"progress"}, ok, "\n1 of ", ""},
		{"a map", []string{"progress", "--map"}, ok, "7 of 9 cases: then you can ", ""},
		{"a map, solved", []string{"progress", "--map"}, ok, "solved: you can ", ""},
		{"a hint for what was seen last", []string{"hint", "09"}, ok, "hint 1 for W05, ", ""},
		{"the next hint", []string{"hint", "send", "2"}, ok, lesson.Send.Hint("W05", 2), ""},
		{"a hint for a case", []string{"hint", "9", "3", "--case", "w01"}, ok, lesson.Send.Hint("W01", 3), ""},
		{"a hint for one that was never judged", []string{"hint", "08"}, ok, "hint 1 for " + lesson.Connect.Cases[0].ID, ""},
		{"a hint for one that is solved", []string{"hint", "10"}, ok, "hint 1 for " + lesson.Read.Cases[0].ID, ""},
		{"a fourth hint", []string{"hint", "09", "4"}, usage, "", "There is no hint 4: ask for 1, 2 or 3.\nTry: stepwise hint 09 --case W01"},
		{"a case that isn't there", []string{"hint", "09", "--case", "Z1"}, usage, "", `no hints for "Z1"`},
		{"a lesson that isn't there", []string{"hint", "77"}, usage, "", "there is no exercise 77; these are the exercises:\n    01-blocking"},
		{"a solution", []string{"solution", "10"}, ok, "package read\n", ""},
		{"a solution too early", []string{"solution", "09"}, failed, "", "lesson 09 send isn't solved yet, and nobody can be asked here\nTry: stepwise solution --force 9"},
		{"a solution all the same", []string{"solution", "09", "--force"}, ok, "package send\n", ""},
		{"a solution that is gone", []string{"solution", "08"}, failed, "", "the solution of lesson 08 connect: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, err := call(t, append([]string{"-C", course}, c.args...)...)
			assert.Equal(t, c.status, status, err)
			assert.Contains(t, out, c.out)
			assert.Contains(t, err, c.err)
		})
	}
	t.Run("as JSON", func(t *testing.T) {
		status, out, err := call(t, "-C", course, "progress", "--json")
		require.Equal(t, ok, status, err)
		var all []told
		require.NoError(t, json.Unmarshal([]byte(out), &all))
		require.Equal(t, told{Lesson: "09_send", Passed: 7, Of: 9, Tries: 1, Begin: "It looks as if your send ignores the count."}, all[8])
		require.Equal(t, told{Lesson: "10_read", Solved: true, Passed: 4, Of: 4, Tries: 2}, all[9])
		require.Zero(t, all[0].Tries)
	})
	t.Run("a file that can't be read", func(t *testing.T) {
		broken := bare(t, "09-send.ipynb")
		require.NoError(t, os.Mkdir(filepath.Join(broken, progress.File), 0o755))
		for _, args := range [][]string{{"progress"}, {"progress", "--map"}, {"hint", "09"}} {
			status, _, err := call(t, append([]string{"-C", broken}, args...)...)
			assert.Equal(t, failed, status)
			assert.Contains(t, err, progress.File)
		}
	})
}
