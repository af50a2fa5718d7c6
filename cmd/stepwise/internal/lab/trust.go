// trust.go: which notebooks Jupyter shows with their pictures. Read digests.go
// first, and lab.go.

package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"stepwise/cmd/stepwise/internal/child"
	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/regular"
)

// largest is more than any lesson has, in bytes.
const largest = 64 << 20

// Trust signs the course's own notebooks for this user, as `jupyter trust` does,
// and returns how many it signed: those in the folder whose content is the
// committed one. Calling it again changes nothing. Without a signature Jupyter
// shows no picture, and runs no script, of a notebook until its reader says that
// they trust it or has run its cells; that is what any other notebook gets, one
// that somebody has sent or laid there above all: its scripts would run in the
// page that holds the token.
//
// A lesson that a reader has run has other outputs and is not signed here. It needn't
// be: Jupyter signs what it saves if its cells were trusted or run by the reader.
func (s Server) Trust(ctx context.Context) (int, error) { return s.trust(ctx, committed()) }

func (s Server) trust(ctx context.Context, list map[string]string) (int, error) {
	lessons := s.own(list)
	if len(lessons) == 0 {
		return 0, nil
	}
	folder, err := os.MkdirTemp("", "stepwise-trust-")
	if err != nil {
		return 0, fmt.Errorf("signing the notebooks: %w", err)
	}
	defer os.RemoveAll(folder)
	// What was looked at is what is signed: a copy, not the file, which may be another
	// one by now, and which Python may read otherwise than we do (a key that
	// stands twice, or once in capitals).
	args := []string{"-c", start, "nbformat.sign"}
	for i, lesson := range lessons {
		name := filepath.Join(folder, strconv.Itoa(i)+".ipynb")
		if err := os.WriteFile(name, lesson.Bytes(), 0o600); err != nil {
			return 0, fmt.Errorf("signing the notebooks: %w", err)
		}
		args = append(args, name)
	}
	_, err = child.Output(ctx, child.Program{Name: s.Jupyter.Python, Dir: folder, Env: s.Env, Args: args})
	if err != nil {
		return 0, fmt.Errorf("signing the notebooks: %w", err)
	}
	return len(lessons), nil
}

// own reads the notebooks of the folder that are as the list has them. It opens
// those alone that have the name of a lesson.
func (s Server) own(list map[string]string) []*notebook.Notebook {
	var own []*notebook.Notebook
	for name, digest := range list {
		content, err := regular.ReadFile(filepath.Join(s.Dir, filepath.FromSlash(name)), largest)
		if err != nil {
			continue // removed, or no file at all
		}
		lesson, err := notebook.Parse(content)
		if err == nil && digestOf(lesson) == digest {
			own = append(own, lesson)
		}
	}
	return own
}
