// notebooks.go: the stage that checks the lessons' rules, runs the lessons in real
// Jupyter and compares their outputs with the committed ones. Read suite.go and
// package notebook first.

package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/pkg/lesson"
)

// together is how many notebooks run at once. Each has a Python and a kernel, and on a
// machine that is too busy the times that they measure would be wrong.
const together = 2

var errNotebooks = errors.New("failed; if their outputs have changed on purpose: stepwise refresh")

// Play executes a notebook and returns it with its new outputs, as notebook.Runner.Run
// does.
type Play func(ctx context.Context, nb *notebook.Notebook) (*notebook.Notebook, error)

// Notebooks runs the notebooks in dir whose lesson matches the pattern, and compares
// their outputs.
func Notebooks(dir, pattern string, play Play) Stage {
	return Stage{Name: "notebooks", Run: func(ctx context.Context, out io.Writer) (string, error) {
		paths, err := Select(dir, pattern)
		if err != nil {
			return "", err
		}
		if len(paths) == 0 {
			return "none to run", nil
		}
		failed := 0
		for result := range runAll(ctx, play, paths) {
			name, _ := filepath.Rel(dir, result.path)
			if result.err == nil {
				fmt.Fprintf(out, "ok    %-28s %8s\n", name, result.took)
				continue
			}
			failed++
			fmt.Fprintf(out, "FAIL  %-28s %8s\n%v\n", name, result.took, result.err)
		}
		if failed > 0 {
			return "", fmt.Errorf("%d of %s %w", failed, setup.Count(len(paths), "notebook"), errNotebooks)
		}
		return setup.Count(len(paths), "notebook"), nil
	}}
}

// Select lists the notebooks in dir that `go test -run pattern` would run if they were
// tests: it matches the part before the first slash against the names
// TestLesson11ReadAll and 11-read-all. An empty pattern matches all. An invalid
// pattern is a *PatternError.
func Select(dir, pattern string) ([]string, error) {
	match, err := regexp.Compile(tops(pattern))
	if err != nil {
		match, err = regexp.Compile(pattern) // a slash or a bar is in brackets
	}
	if err != nil {
		return nil, &PatternError{pattern, err}
	}
	all, err := notebook.Find(dir)
	if err != nil {
		return nil, err
	}
	var chosen []string
	for _, path := range all {
		name := notebook.NameOf(path)
		if match.MatchString(testName(name)) || match.MatchString(name) {
			chosen = append(chosen, path)
		}
	}
	return chosen, nil
}

// testName returns the Go test of a lesson: TestLesson11ReadAll for 11-read-all.
func testName(name string) string {
	return "TestLesson" + lesson.Lesson{Name: strings.ReplaceAll(name, "-", "_")}.Variable()
}

type result struct {
	path string
	took string
	err  error
}

// runAll runs the notebooks, a few at a time, and sends each result when it is ready.
// It closes the channel after the last. The channel has room for all, so no goroutine
// hangs if the receiver stops.
func runAll(ctx context.Context, play Play, paths []string) <-chan result {
	results := make(chan result, len(paths))
	turns := make(chan struct{}, together)
	var wait sync.WaitGroup
	for _, path := range paths {
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			start := time.Now()
			err := runOne(ctx, play, path)
			results <- result{path: path, took: setup.Took(start), err: err}
		})
	}
	go func() { wait.Wait(); close(results) }()
	return results
}

func runOne(ctx context.Context, play Play, path string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	nb, err := notebook.Read(path)
	if err != nil {
		return err
	}
	var found []error
	for _, line := range notebook.Lint(nb) {
		found = append(found, errors.New(line))
	}
	fresh, err := play(ctx, nb)
	if err != nil {
		return errors.Join(append(found, err)...)
	}
	for _, difference := range notebook.Compare(nb, fresh) {
		found = append(found, errors.New(difference.String()))
	}
	return errors.Join(found...)
}
