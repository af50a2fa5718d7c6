package watch

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
func slug(l lesson.Lesson) string { return l.Slug() }

// folders makes a course that has only the folders of the exercises.
func folders(t *testing.T) string {
	course := t.TempDir()
	for _, l := range lesson.All() {
		require.NoError(t, os.MkdirAll(filepath.Join(course, "exercises", l.Slug()), 0o755))
	}
	return course
}

func TestSaves(t *testing.T) {
	course := folders(t)
	saved, stop, err := saves(course)
	require.NoError(t, err)
	at := func(name string) string { return filepath.Join(course, "exercises", filepath.FromSlash(name)) }
	write := func(name string) { require.NoError(t, os.WriteFile(at(name), []byte("x"), 0o600)) }
	next := func() string {
		select {
		case l := <-saved:
			return l.Slug()
		case <-time.After(time.Minute):
			require.Fail(t, "nobody says that it was saved")
			return ""
		}
	}
	write("09_send/send.go")
	require.Equal(t, "09_send", next())
	write("09_send/.send.go.swp")
	write("09_send/notes.txt")
	write("09_send/.hidden.go")
	write("10_read/read.go")
	require.Equal(t, "10_read", next(), "the others are no exercises")
	write("09_send/send.go")
	write("09_send/send.go")
	require.NoError(t, os.Rename(at("09_send/notes.txt"), at("09_send/send.go")), "as editors do")
	require.Equal(t, "09_send", next())
	write("11_read_all/read_all.go")
	require.Equal(t, "11_read_all", next(), "three saves at once are one")
	require.NoError(t, stop())
	for range saved { // it ends
	}
}

func TestSavesNeedTheFolders(t *testing.T) {
	_, _, err := saves(t.TempDir())
	require.ErrorContains(t, err, "watching ")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestComplaint(t *testing.T) {
	for _, c := range []struct {
		name, said string
		err        error
		want       string
	}{
		{"what Go says", "# stepwise/exercises/09_send\nexercises/09_send/send.go:9:2: undefined: x\nFAIL\tstepwise/exercises/09_send [build failed]\nFAIL\n", errors.New("exit status 1"), "exercises/09_send/send.go:9:2: undefined: x"},
		{"nothing", "FAIL\n", errors.New("exit status 2"), "the exercise could not be judged: exit status 2"},
		{"no Go", "", exec.ErrNotFound, "there is no go command: executable file not found in $PATH"},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, complaint(c.said, c.err)) })
	}
}

func TestJudgingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Contains(t, judge(ctx, t.TempDir(), lesson.Send).broken, context.Canceled.Error())
}

func TestEditor(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", "")
	require.Equal(t, []string{"vi"}, editor())
	require.NoError(t, os.WriteFile(filepath.Join(os.Getenv("PATH"), "code"), []byte("#!/bin/sh\n"), 0o700))
	require.Equal(t, []string{"code"}, editor())
	t.Setenv("EDITOR", "nano -w")
	require.Equal(t, []string{"nano", "-w"}, editor())
	t.Setenv("VISUAL", "emacs")
	require.Equal(t, []string{"emacs"}, editor())
}
