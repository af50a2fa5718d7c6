// faults_test.go: whatever goes wrong during an update, and whenever, after the next
// command the copy is the old course or the new one, and nothing that the learner wrote
// is lost.

package update

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A scene is a copy that an update changes in every possible way.
type scene struct {
	from, to string
	old, new tree // the whole copy before and after
}

// theirs is what the learner wrote; none of it may be lost.
var theirs = []string{"their notebook", "their dropped file", "in a folder of theirs", "their own"}

func newScene(t *testing.T) scene {
	t.Helper()
	s := scene{to: seeded(t, courseOf(t, tree{"gone.go": "1", "left.go": "1", "pkg/a/renewed.go": "1",
		"notebooks/both.ipynb": "1", "folder.go": "1", "deleted.go": "1"}))}
	edits(edit("notebooks/both.ipynb", "their notebook"), edit("left.go", "their dropped file"), edit("own.go", "their own"),
		remove("folder.go"), edit("folder.go/x", "in a folder of theirs"), remove("deleted.go"), remove("go.mod"))(s.to)
	s.from = courseOf(t, tree{"pkg/a/renewed.go": "2", "notebooks/both.ipynb": "2", "folder.go": "2", "deleted.go": "2", "exercises/a/b/new.go": "2"})
	s.old = whole(t, s.to)

	done := t.TempDir()
	require.NoError(t, os.CopyFS(done, os.DirFS(s.to)))
	kinds := make(map[Kind]bool)
	for _, c := range updated(t, s.from, done) {
		kinds[c.Kind] = true
	}
	require.Len(t, kinds, 6, "a kind of change is not in the scene")
	s.new = whole(t, done)
	return s
}

// reset restores the copy as it was at the beginning.
func (s scene) reset(t *testing.T) {
	t.Helper()
	require.NoError(t, os.RemoveAll(s.to))
	require.NoError(t, os.Mkdir(s.to, 0o755))
	s.old.write(t, s.to)
}

// apply updates the copy with a disk that calls a function before each change.
func (s scene) apply(before func(what, name string) error) error {
	plan, err := Compare(s.from, s.to)
	if err != nil {
		return err
	}
	plan.disk = disk{before: before}
	return plan.Apply(day)
}

// check compares the copy with the two states that it may have.
func (s scene) check(t *testing.T, when string) (isNew bool) {
	t.Helper()
	now := whole(t, s.to)
	if assert.ObjectsAreEqual(s.new, now) {
		return true
	}
	require.Equal(t, s.old, now, "%s: half an update", when)
	entries, err := os.ReadDir(filepath.Join(s.to, "exercises"))
	require.True(t, errors.Is(err, os.ErrNotExist), "%s: an empty folder is left: %v", when, entries)
	return false
}

// kept fails unless each of these texts is in some file of the copy.
func (s scene) kept(t *testing.T, when string, texts []string) {
	t.Helper()
	var all strings.Builder
	for _, text := range whole(t, s.to) {
		all.WriteString(text + "\n")
	}
	for _, text := range texts {
		require.Contains(t, all.String(), text, "%s: lost", when)
	}
}

// died stands for a process that was killed: it unwinds and changes nothing more.
type died struct{}

// dieAt lets n changes happen, and none after them.
func dieAt(n int) func(string, string) error {
	return func(string, string) error {
		if n--; n < 0 {
			panic(died{})
		}
		return nil
	}
}

// survives reports whether f ends before it dies.
func survives(t *testing.T, f func() error) (alive bool) {
	t.Helper()
	defer func() {
		if end := recover(); end != nil && end != any(died{}) {
			panic(end)
		}
	}()
	require.NoError(t, f())
	return true
}

func TestAKillAtEveryMoment(t *testing.T) {
	s := newScene(t)
	for n := 0; ; n++ {
		s.reset(t)
		if survives(t, func() error { return s.apply(dieAt(n)) }) {
			require.Greater(t, n, 30, "too few moments were tried")
			return
		}
		when := fmt.Sprintf("killed at change %d", n)
		s.kept(t, when, theirs)
		for m := 0; ; m++ { // the command that finishes it may be killed too
			if survives(t, func() error { _, err := disk{before: dieAt(m)}.finish(s.to); return err }) {
				break
			}
			s.kept(t, when+fmt.Sprintf(", then at %d", m), theirs)
		}
		if s.left(t) {
			s.check(t, when)
		}
		updated(t, s.from, s.to)
		require.True(t, s.check(t, when+", updated again"))
	}
}

// left reports whether the copy is free of an unfinished update. An update that was
// killed before it wrote its journal leaves its files to the next.
func (s scene) left(t *testing.T) bool {
	t.Helper()
	_, err := os.Lstat(filepath.Join(s.to, staging))
	return errors.Is(err, os.ErrNotExist)
}

// TestADiskThatFails lets the disk fail once at every change, or from that change on,
// also in the command that finishes the update.
func TestADiskThatFails(t *testing.T) {
	full := func(n int, forever bool) (before func(string, string) error, failed func() bool) {
		failing := false
		return func(string, string) error {
			n--
			if failing = failing || n < 0; n < 0 && (forever || n == -1) {
				return syscall.ENOSPC
			}
			return nil
		}, func() bool { return failing }
	}
	for name, forever := range map[string]bool{"once": false, "from then on": true} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			for n := 0; ; n++ {
				s.reset(t)
				before, failed := full(n, forever)
				err := s.apply(before)
				if !failed() {
					require.NoError(t, err)
					return
				}
				when := fmt.Sprintf("failed at change %d", n)
				s.kept(t, when, theirs)
				if err == nil { // only clearing up failed
					_, err = Finish(s.to)
				} else {
					require.ErrorIs(t, err, syscall.ENOSPC, when)
					if undone := strings.Contains(err.Error(), "as it was"); undone || !forever && strings.Contains(err.Error(), "nothing was changed") {
						require.False(t, s.check(t, when), "%s: it is said to be as it was", when)
					}
					before, _ = full(n/2, forever)
					if _, err = (disk{before: before}).finish(s.to); err != nil {
						s.kept(t, when+", and again", theirs)
						_, err = Finish(s.to)
					}
				}
				require.NoError(t, err, when)
				if s.left(t) {
					s.check(t, when)
				}
				updated(t, s.from, s.to)
				require.True(t, s.check(t, when+", updated again"))
			}
		})
	}
}

// TestTheLearnerGoesOn has the learner edit files between the kill and the next command,
// which finishes or undoes the update.
func TestTheLearnerGoesOn(t *testing.T) {
	s := newScene(t)
	names := []string{"pkg/a/renewed.go", "gone.go", "notebooks/both.ipynb", "exercises/a/b/new.go", "folder.go.yours-2026-11-24"}
	healthy := disk{}
	stuck := disk{before: func(what, name string) error {
		if what == "rename" && strings.HasPrefix(name, newFiles) {
			return syscall.EPERM
		}
		return nil
	}}
	for name, next := range map[string]disk{"finished": healthy, "taken back": stuck} {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				s.reset(t)
				if survives(t, func() error { return s.apply(dieAt(n)) }) {
					return
				}
				texts := append(editAll(s.to, names), theirs...)
				_, err := next.finish(s.to)
				require.True(t, err == nil || errors.Is(err, syscall.EPERM), "%v", err)
				s.kept(t, fmt.Sprintf("killed at change %d, then edited", n), texts)
				updated(t, s.from, s.to)
				require.True(t, s.left(t), "killed at change %d: something is left", n)
				s.kept(t, fmt.Sprintf("killed at change %d, edited and updated", n), texts)
			}
		})
	}
}

// editAll adds a text to each file that isn't a folder, and returns the texts.
func editAll(dir string, names []string) (texts []string) {
	for i, name := range names {
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			continue
		}
		text := fmt.Sprintf("late edit %d", i)
		old, _ := os.ReadFile(filepath.Join(dir, name))
		edit(name, string(old)+text)(dir)
		texts = append(texts, text)
	}
	return texts
}

// TestSIGKILL is TestAKillAtEveryMoment with a process that is really killed.
func TestSIGKILL(t *testing.T) {
	s := newScene(t)
	for n := 0; ; n++ {
		s.reset(t)
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killAt+"="+strconv.Itoa(n), "FROM="+s.from, "TO="+s.to)
		out, err := child.CombinedOutput()
		if err == nil {
			require.True(t, s.check(t, "nothing happened"))
			return
		}
		status, ok := child.ProcessState.Sys().(syscall.WaitStatus)
		require.True(t, ok && status.Signal() == syscall.SIGKILL, "%v\n%s", err, out)
		_, err = Finish(s.to)
		require.NoError(t, err)
		s.kept(t, "after SIGKILL", theirs)
		if s.left(t) {
			s.check(t, fmt.Sprintf("SIGKILL at change %d", n))
		}
	}
}

const killAt = "STEPWISE_TEST_KILL_AT"

func TestMain(m *testing.M) {
	n, err := strconv.Atoi(os.Getenv(killAt))
	if err != nil {
		os.Exit(m.Run())
	}
	s := scene{from: os.Getenv("FROM"), to: os.Getenv("TO")}
	err = s.apply(func(string, string) error {
		if n--; n < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
