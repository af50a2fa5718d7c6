// copy.go: which folder a command works on. An update of it that was cut off is
// finished first. Read cli.go first.

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/update"
)

// findCourse returns the course that contains start. It first finishes an update
// that was cut off, and says so on out.
func findCourse(start string, out io.Writer, safe ...string) (setup.Course, error) {
	dir, err := findCopy(start, out, safe...)
	if err != nil {
		return setup.Course{}, err
	}
	course, err := setup.Find(start, safe...)
	if err == nil && course.Dir == dir {
		return course, nil
	}
	return course, try(&usageError{fmt.Errorf("%s is a copy of the course that has lost its go.mod; an update brings it back", dir)},
		append(inCourse(start), "update")...)
}

// findCopy is findCourse for a copy that may have lost its go.mod. It doesn't finish
// an update of another user: that is up to them.
func findCopy(start string, out io.Writer, safe ...string) (string, error) {
	dir, found := update.Find(start)
	if found {
		if err := finish(dir, out); err != nil {
			return "", err
		}
	}
	course, err := setup.Find(start, safe...)
	switch {
	case err == nil && (!found || len(course.Dir) > len(dir)): // the nearest of both
		return course.Dir, nil
	case err != nil && (!found || !errors.Is(err, setup.ErrNoCourse)):
		return "", &usageError{err}
	}
	return dir, nil
}

func finish(dir string, out io.Writer) error {
	files, err := update.Finish(dir)
	if err == nil && files > 0 {
		fmt.Fprintf(out, "An update of %s had been cut off and is finished now: %s.\n", dir, setup.Count(files, "file"))
	}
	return err
}

// ask asks the reader a question at the terminal; without a terminal it returns
// asked == false. It ends with ctx, so that Ctrl-C is an answer too.
func ask(ctx context.Context, out io.Writer, question string) (yes, asked bool, err error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false, false, nil
	}
	fmt.Fprint(out, question)
	in, answers := os.Stdin, make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n')
		answers <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-answers:
		return answer == "y" || answer == "yes", true, nil
	case <-ctx.Done():
		return false, true, context.Cause(ctx)
	}
}
