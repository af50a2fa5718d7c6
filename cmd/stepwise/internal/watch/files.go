package watch

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"stepwise/pkg/lesson"
)

// settles is how long after a save another one still belongs to it: editors write a file in
// several steps.
const settles = 100 * time.Millisecond

// saves tells which exercises were saved, one at a time, on the channel that it returns, until
// stop is called.
func saves(course string) (saved <-chan lesson.Lesson, stop func() error, err error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, nil, fmt.Errorf("watching the exercises: %w", err)
	}
	folders := map[string]lesson.Lesson{}
	for _, l := range lesson.All() {
		dir := filepath.Join(course, "exercises", l.Slug())
		if err := w.Add(dir); err != nil {
			_ = w.Close()
			return nil, nil, fmt.Errorf("watching %s: %w", dir, err)
		}
		folders[dir] = l
	}
	out := make(chan lesson.Lesson)
	ended := make(chan struct{})
	go tell(w, folders, out, ended)
	return out, func() error { close(ended); return w.Close() }, nil
}

// tell sends the lesson of the file that was saved last, once nothing more comes.
func tell(w *fsnotify.Watcher, folders map[string]lesson.Lesson, out chan<- lesson.Lesson, ended <-chan struct{}) {
	defer close(out)
	var last lesson.Lesson
	var quiet <-chan time.Time
	for {
		select {
		case e, open := <-w.Events:
			if !open {
				return
			}
			if l, ours := folders[filepath.Dir(e.Name)]; ours && isExercise(e) {
				last, quiet = l, time.After(settles)
			}
		case <-w.Errors: // the kernel's queue overflowed: the next save is seen again
		case <-quiet:
			quiet = nil
			select {
			case out <- last:
			case <-ended:
				return
			}
		}
	}
}

// isExercise reports whether e says that a file of the learner's has new contents.
func isExercise(e fsnotify.Event) bool {
	name := filepath.Base(e.Name)
	return e.Has(fsnotify.Write|fsnotify.Create|fsnotify.Rename) && strings.HasSuffix(name, ".go") && !strings.HasPrefix(name, ".")
}
