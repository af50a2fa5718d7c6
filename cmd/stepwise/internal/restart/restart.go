// Package restart brings a lesson's files back to how they were in the course: `stepwise
// reset`. The learner's version is kept beside, under a dated name.
package restart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/update"
	"stepwise/pkg/lesson"
)

// ErrNoOriginal says that nobody knows how a file was.
var ErrNoOriginal = errors.New("this copy doesn't know how it was: it is neither a clone with git nor in the image; name the folder of an untouched copy with STEPWISE_COURSE")

// CourseVariable names the folder of an untouched course. The image sets it.
const CourseVariable = "STEPWISE_COURSE"

// notStarted is in every exercise that nobody has begun.
const notStarted = "lesson.ErrTODO"

// Exercise starts the exercise of l over, in the folder course, at the time now, and says what
// it did. An error leaves everything as it was.
func Exercise(ctx context.Context, course string, l lesson.Lesson, now time.Time) (says string, err error) {
	return file(ctx, course, "exercises/"+l.Slug()+"/"+l.Name+".go", now, func(text []byte) bool { return bytes.Contains(text, []byte(notStarted)) })
}

// Notebook is Exercise for the lesson's notebook.
func Notebook(ctx context.Context, course string, l lesson.Lesson, now time.Time) (says string, err error) {
	return file(ctx, course, "notebooks/"+l.Notebook(), now, func([]byte) bool { return true })
}

func file(ctx context.Context, course, name string, now time.Time, fits func(text []byte) bool) (says string, err error) {
	original, err := originalOf(ctx, course, name, fits)
	if err != nil {
		return "", fmt.Errorf("starting %s over: %w", name, err)
	}
	kept, err := put(filepath.Join(course, filepath.FromSlash(name)), original, now)
	switch {
	case err != nil:
		return "", fmt.Errorf("starting %s over: %w", name, err)
	case errors.Is(kept.as, errSame):
		return name + " is as it was at first", nil
	case kept.name == "":
		return name + " is back", nil
	}
	kept.name = filepath.ToSlash(filepath.Join(filepath.Dir(filepath.FromSlash(name)), kept.name))
	return fmt.Sprintf("%s starts afresh; yours is %s. To take it back: mv %s %s", name, kept.name, kept.name, name), nil
}

// errSame says that there was nothing to do.
var errSame = errors.New("the same")

// kept is where put has left what was there.
type kept struct {
	name string // its file, in the same folder; "" if nothing was there
	as   error  // errSame, or nil
}

// put writes text to path. What is there is on the disk a second time, under a dated name,
// before it goes, so nothing is lost, whenever the program ends.
func put(path string, text []byte, now time.Time) (k kept, err error) {
	theirs, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(theirs, text):
		return kept{as: errSame}, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return k, err
	}
	there := err == nil
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return k, err
	}
	fresh, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return k, err
	}
	defer os.Remove(fresh.Name())
	_, err = fresh.Write(text)
	if err := errors.Join(err, fresh.Chmod(0o644), fresh.Sync(), fresh.Close()); err != nil {
		return k, err
	}
	if there {
		if k.name, err = keep(path, theirs, now); err != nil {
			return k, err
		}
	}
	return k, os.Rename(fresh.Name(), path)
}

// keep writes text, which is what path holds, to its first free dated name, and returns that.
func keep(path string, text []byte, now time.Time) (string, error) {
	for n := 1; ; n++ {
		name := update.DatedName(filepath.Base(path), now.Format(time.DateOnly), n)
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(text)
		return name, errors.Join(err, f.Sync(), f.Close())
	}
}

// originalOf is how the file was: in the untouched course, or else in git's memory.
func originalOf(ctx context.Context, course, name string, fits func([]byte) bool) ([]byte, error) {
	if from := os.Getenv(CourseVariable); from != "" {
		return os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
	}
	for _, version := range versions(ctx, course, name) {
		text, err := exec.CommandContext(ctx, "git", "-C", course, "cat-file", "blob", version+":./"+name).Output()
		if err == nil && fits(text) {
			return text, nil
		}
	}
	return nil, ErrNoOriginal
}

// versions are where the file may be untouched, the likeliest first: what was cloned or pulled
// last, and then, from the newest on, each commit that has changed it, since a learner may
// commit their work.
func versions(ctx context.Context, course, name string) []string {
	all := []string{"refs/remotes/origin/HEAD", "@{upstream}"}
	log, err := exec.CommandContext(ctx, "git", "-C", course, "log", "--format=%H", "--", name).Output()
	if err != nil {
		return all
	}
	return append(all, strings.Fields(string(log))...)
}
