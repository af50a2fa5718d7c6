package grade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/pkg/lesson"
)

// notCompiled is what Go says of a submission that it can't compile.
type notCompiled string

func (e notCompiled) Error() string { return string(e) }

// build compiles s into the course's test of l, with the learner's files in place of the
// course's, and returns the program's path in dir. It needs no C, and so no other file when it
// runs.
func build(ctx context.Context, course string, l lesson.Lesson, s submission, dir string) (string, error) {
	overlay, err := lay(course, l, s, dir)
	if err != nil {
		return "", err
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "submission.test")
	end, err := box.Run(ctx, box.Program{
		File: goCommand, Dir: course, Walls: box.Bounded,
		Args:   []string{"test", "-c", "-vet=off", "-overlay", overlay, "-o", program, "./exercises/" + l.Slug()},
		Env:    append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly"),
		Limits: box.Limits{Wall: 3 * time.Minute, CPU: 3 * time.Minute, Memory: 3 << 30, Files: 1 << 30, Output: 4 << 20},
	})
	switch {
	case err != nil:
		return "", err
	case end.Why != "":
		return "", notCompiled("while it was compiled, Go " + end.Why)
	case end.Status != 0:
		return "", notCompiled(complaint(string(end.Output), dir))
	}
	return program, nil
}

// lay writes the learner's files into dir, and a file that tells go to take them instead of
// the course's.
func lay(course string, l lesson.Lesson, s submission, dir string) (string, error) {
	exercise := filepath.Join(course, "exercises", l.Slug())
	replace := map[string]string{}
	own, err := filepath.Glob(filepath.Join(exercise, "*.go"))
	if err != nil {
		return "", err
	}
	for _, path := range own {
		if !strings.HasSuffix(path, "_test.go") {
			replace[path] = "" // deleted
		}
	}
	for name, text := range s.files {
		to := filepath.Join(dir, name)
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(exercise, name)] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// complaint is the first of the compiler's lines, without the folders.
func complaint(said, dir string) string {
	first := ""
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "FAIL") {
			continue
		}
		if first == "" {
			first = line
		}
		if strings.Contains(line, ".go:") {
			first = line
			break
		}
	}
	if first == "" {
		return "go test -c failed and said nothing"
	}
	first = strings.ReplaceAll(first, dir+string(filepath.Separator), "")
	if at := strings.LastIndex(first[:max(0, strings.Index(first, ".go:"))], "/"); at >= 0 {
		first = first[at+1:]
	}
	return first
}

var errNoVerdict = errors.New("no verdict")

// stopped is why a submission that ran has no verdict.
func stopped(end box.End) error {
	why := end.Why
	switch {
	case strings.Contains(string(end.Output), "out of memory"):
		why = "it needed too much memory"
	case why == "":
		why = fmt.Sprintf("it ended with status %d before the verdict", end.Status)
		if first, _, _ := strings.Cut(strings.TrimSpace(string(end.Output)), "\n"); first != "" {
			why += ", and said: " + first
		}
	default:
		why = "it was stopped: it " + why
	}
	return fmt.Errorf("%w: %s", errNoVerdict, why)
}
