// Package grade judges the exercises of people whose code nobody has read: `stepwise grade`.
//
// Of a folder that was handed in, only the Go files of its exercises are taken, and no test of
// theirs. Each exercise is compiled into the course's own test and judged by the course's own
// cases, in a box (internal/box). A submission runs in the same process as its judge, so what
// it may use is bounded too: read allowed.go. Read submission.go first (what is taken), then
// allowed.go, build.go, judge.go, and grade.go, which goes through a class.
package grade

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/pkg/lesson"
)

// The most that is taken of one exercise.
const (
	mostFiles = 20
	mostBytes = 1 << 20 // of all its files together
)

// errMissing says that there is nothing to judge.
var errMissing = errors.New("nothing was handed in")

// submission is one learner's files for one exercise.
type submission struct {
	files map[string]string // contents, by name
}

// Learner is a folder that was handed in.
type Learner struct {
	Name   string // as the table shows it
	Folder string // has exercises/, or is that folder, or has folders such as 09_send in it
}

// FindLearners returns a Learner for each folder, named by the folder: by as much of its path
// as tells it from the others. The error names the folders that can't be read, and if they are
// to be judged also those that have no exercise in them.
func FindLearners(dirs []string, toJudge bool) ([]Learner, error) {
	var all []Learner
	var wrong []error
	for _, dir := range dirs {
		path, err := filepath.Abs(dir)
		if err == nil {
			err = fits(path, toJudge)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", dir, err))
			continue
		}
		if !slices.ContainsFunc(all, func(l Learner) bool { return l.Folder == path }) {
			all = append(all, Learner{Folder: path})
		}
	}
	name(all)
	return all, errors.Join(wrong...)
}

func fits(dir string, toJudge bool) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return plainError(err)
	}
	defer root.Close()
	if !toJudge {
		return nil
	}
	for _, l := range lesson.All() {
		if _, found := folderOf(root, l); found {
			return nil
		}
	}
	return fmt.Errorf("there is no exercise in it, such as exercises/%s", lesson.All()[0].Slug())
}

// folderOf finds the exercise of l: in a course, or beside others.
func folderOf(root *os.Root, l lesson.Lesson) (string, bool) {
	for _, dir := range []string{"exercises/" + l.Slug(), l.Slug()} {
		if info, err := root.Lstat(dir); err == nil && info.IsDir() {
			return dir, true
		}
	}
	return "", false
}

// name gives each Learner the shortest end of its path that no other has.
func name(all []Learner) {
	for i := range all {
		for depth := 1; all[i].Name == ""; depth++ {
			end := lastOf(all[i].Folder, depth)
			same := func(l Learner) bool { return l.Folder != all[i].Folder && lastOf(l.Folder, depth) == end }
			if !slices.ContainsFunc(all, same) {
				all[i].Name = end
			}
		}
	}
}

func lastOf(path string, depth int) string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(path), "/"), "/")
	return strings.Join(parts[max(0, len(parts)-depth):], "/")
}

// take reads the exercise of l from folder. It follows no link out of it, waits for no pipe,
// and leaves tests and hidden files where they are. The error is errMissing, or says what is
// wrong with the files.
func take(folder string, l lesson.Lesson) (submission, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return submission{}, plainError(err)
	}
	defer root.Close()
	dir, found := folderOf(root, l)
	if !found {
		return submission{}, errMissing
	}
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return submission{}, plainError(err)
	}
	s, room := submission{map[string]string{}}, mostBytes
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if len(s.files) == mostFiles {
			return submission{}, errors.New("it has more than " + setup.Count(mostFiles, "file"))
		}
		text, err := read(root, dir+"/"+e.Name(), room)
		if err != nil {
			return submission{}, fmt.Errorf("%s: %w", e.Name(), err)
		}
		s.files[e.Name()], room = text, room-len(text)
	}
	if len(s.files) == 0 {
		return submission{}, errMissing
	}
	return s, nil
}

// read reads a plain file of at most room bytes. It looks before it opens, because opening a
// pipe waits for somebody who writes.
func read(root *os.Root, path string, room int) (string, error) {
	if info, err := root.Lstat(path); err != nil {
		return "", plainError(err)
	} else if !info.Mode().IsRegular() {
		return "", errors.New("it is not a plain file")
	}
	f, err := root.Open(path)
	if err != nil {
		return "", plainError(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(room)+1))
	if err != nil {
		return "", plainError(err)
	}
	if len(text) > room {
		return "", fmt.Errorf("the exercise is longer than %d KiB", mostBytes>>10)
	}
	return string(text), nil
}

// plainError is err without the name of the call and the file, which its caller says.
func plainError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// names are the files' names, sorted.
func (s submission) names() []string {
	var all []string
	for name := range s.files {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// key is the same for submissions that are the same.
func (s submission) key() string {
	sum := sha256.New()
	for _, name := range s.names() {
		fmt.Fprintf(sum, "%q %q\n", name, s.files[name])
	}
	return string(sum.Sum(nil))
}
