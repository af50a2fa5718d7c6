package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/internal/progress"
)

// handedIn is a class of two: alice hands in the course's solution of lesson 09 and of no
// other, bob a folder of exercises that were never begun, and what he says of himself.
func handedIn(t *testing.T) (alice, bob string) {
	t.Helper()
	class := t.TempDir()
	alice, bob = filepath.Join(class, "alice"), filepath.Join(class, "bob")
	require.NoError(t, os.CopyFS(filepath.Join(alice, "09_send"), os.DirFS("../../solutions/09_send")))
	require.NoError(t, os.CopyFS(filepath.Join(bob, "exercises", "09_send"), os.DirFS("../../exercises/09_send")))
	require.NoError(t, progress.Add(bob, progress.Verdict{Lesson: "09_send", Passed: 1, Of: 9, Door: "watch", Like: "It looks as if your send ignores the count."}))
	return alice, bob
}

func TestGrade(t *testing.T) {
	alice, bob := handedIn(t)
	args := []string{"-C", "../..", "grade", "--lesson", "09,10", alice, bob}
	if box.Available(t.Context()) != nil {
		status, out, err := call(t, args...)
		require.Equal(t, failed, status)
		require.Empty(t, out)
		require.Contains(t, err, "exercises can't be set apart from this machine: ")
		require.Contains(t, err, "--no-namespaces")
		args = append(args, "--no-namespaces")
	}
	status, out, err := call(t, args...)
	require.Equal(t, ok, status, err)
	require.Equal(t, "learner  solved  09  10\nalice    1       ok  -\nbob      0       -   -\n\nJudged by the course's own cases.\n", out)
	require.Contains(t, err, "alice, 09 send …\n")
}

func TestGradeByProgress(t *testing.T) {
	alice, bob := handedIn(t)
	for _, c := range []struct{ form, want string }{
		{"", "bob      0       1/9\n\n09_send, bob, 1 of 9: It looks as if your send ignores the count.\n\nAs the learners' own folders have it: "},
		{"--csv", "bob,09_send,begun,1,9,It looks as if your send ignores the count.\n"},
		{"--json", `"says": "It looks as if your send ignores the count."`},
		{"--html", "<td class=\"begun\">1/9</td>"},
	} {
		args := []string{"-C", "../..", "grade", "--progress", "--lesson", "09", alice, bob}
		if c.form != "" {
			args = append(args, c.form)
		}
		status, out, err := call(t, args...)
		assert.Equal(t, ok, status, err)
		assert.Contains(t, out, c.want)
	}
}

func TestGradeByProgressThatCanNotBeRead(t *testing.T) {
	alice, _ := handedIn(t)
	require.NoError(t, os.Mkdir(filepath.Join(alice, progress.File), 0o755))
	status, out, err := call(t, "-C", "../..", "grade", "--progress", alice)
	require.Equal(t, failed, status)
	require.Empty(t, out)
	require.Contains(t, err, progress.File)
}
