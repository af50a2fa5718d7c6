// trust.go: signing the notebooks that Jupyter may show with their pictures. Read
// lab.go and digests.go first.

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

// largest is a size in bytes that no lesson reaches.
const largest = 64 << 20

// Trust signs the course's own notebooks for this user, as `jupyter trust` does,
// and returns how many it signed: those in the folder that have the committed
// content. Calling it again changes nothing.
//
// Jupyter shows no SVG and runs no script of an unsigned notebook until its reader
// trusts it or has run its cells. Every other notebook stays unsigned, especially one
// that somebody sent: its scripts would run in the page that holds the token.
//
// A lesson that a reader has run has other outputs, so it isn't signed here. It
// needn't be: Jupyter signs a notebook that it saves if its cells were trusted or the
// reader ran them.
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
	// Sign a copy of what was checked, not the file: the file may have changed by now,
	// and Python may read it in another way than we do (a key that occurs twice, or
	// once in capitals).
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

// own reads the notebooks in the folder whose digests are in the list. It opens only
// files that have the name of a lesson.
func (s Server) own(list map[string]string) []*notebook.Notebook {
	var own []*notebook.Notebook
	for name, digest := range list {
		content, err := regular.ReadFile(filepath.Join(s.Dir, filepath.FromSlash(name)), largest)
		if err != nil {
			continue // removed, or not a file
		}
		lesson, err := notebook.Parse(content)
		if err == nil && digestOf(lesson) == digest {
			own = append(own, lesson)
		}
	}
	return own
}
