// Package solutions_test checks that the exercises can be solved, and are not
// solved yet: each stub is not started, and each solution passes in its place. It is
// not among the exercises, so that go test ./exercises/... judges exercises alone.
package solutions_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

// exercises is where they are, as seen from here.
const exercises = "../exercises"

// names lists what is in dir, except for what is in except.
func names(t *testing.T, dir string, except ...string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	all := make([]string, 0, len(entries))
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return slices.DeleteFunc(all, func(name string) bool { return slices.Contains(except, name) })
}

// TestEveryLessonHasOneExerciseAndOneSolution, and there is nothing else.
func TestEveryLessonHasOneExerciseAndOneSolution(t *testing.T) {
	var slugs []string
	for _, l := range lesson.All() {
		slugs = append(slugs, l.Slug())
	}
	require.ElementsMatch(t, slugs, names(t, exercises, "README.md", "judge"))
	require.ElementsMatch(t, slugs, names(t, ".", "solutions_test.go", "fetch_test.go"))
	for _, l := range lesson.All() {
		assert.ElementsMatch(t, []string{l.Name + ".go", l.Name + "_test.go"}, names(t, exercises+"/"+l.Slug()))
		assert.Equal(t, []string{l.Name + ".go"}, names(t, l.Slug()))
	}
}

// run tests all exercises with these flags of go test, and returns its output.
func run(flags ...string) (string, error) {
	args := append([]string{"test", "-count=1", "-vet=off"}, flags...)
	for _, l := range lesson.All() {
		args = append(args, exercises+"/"+l.Slug())
	}
	tests := exec.Command("go", args...)
	tests.Env = append(os.Environ(), progress.Off+"=1")
	out, err := tests.CombinedOutput()
	return string(out), err
}

// TestSolutions lays each solution over its exercise.
func TestSolutions(t *testing.T) {
	replace := map[string]string{}
	for _, l := range lesson.All() {
		name := filepath.Join(l.Slug(), l.Name+".go")
		exercise, err := filepath.Abs(filepath.Join(exercises, name))
		require.NoError(t, err)
		solution, err := filepath.Abs(name)
		require.NoError(t, err)
		replace[exercise] = solution
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "overlay.json")
	require.NoError(t, os.WriteFile(path, overlay, 0o644))

	out, err := run("-v", "-overlay="+path)
	require.NoError(t, err, out)
	assert.NotContains(t, out, "--- SKIP", "a solution was not judged")
	for _, l := range lesson.All() {
		for _, c := range l.Cases {
			assert.Regexp(t, "--- PASS: Test[A-Za-z]+/"+c.ID+"_", out, l.Slug())
		}
	}
}

// TestStubs: who asks for an exercise that is still a stub hears that it is not started,
// where to write it, and where its lesson is, without -v. What a learner has begun is
// their own affair; but with STEPWISE_UNTOUCHED=1, for those who change the course, all
// must be stubs.
func TestStubs(t *testing.T) {
	out, _ := run()
	for _, l := range lesson.All() {
		path := l.Slug() + "/" + l.Name + ".go"
		if !untouched(t, filepath.Join(exercises, path)) {
			assert.Empty(t, os.Getenv("STEPWISE_UNTOUCHED"), "%s is no stub", path)
			continue
		}
		assert.Contains(t, out, fmt.Sprintf("not started: edit exercises/%s; its lesson is notebooks/%s: go run ./cmd/stepwise run %02d", path, l.Notebook(), l.Number))
	}
}

// TestStubsThatNobodyAskedFor, as in a test of the whole course, are skipped: the
// parent process is this test, which is not in exercises/ and doesn't name them.
func TestStubsThatNobodyAskedFor(t *testing.T) {
	dir := filepath.Join(exercises, lesson.Blocking.Slug())
	if !untouched(t, filepath.Join(dir, "blocking.go")) {
		t.Skip("it is begun")
	}
	binary := filepath.Join(t.TempDir(), "blocking.test")
	out, err := exec.Command("go", "test", "-c", "-vet=off", "-o", binary, dir).CombinedOutput()
	require.NoError(t, err, string(out))
	test := exec.Command(binary, "-test.v")
	test.Dir = dir
	out, err = test.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "--- SKIP: TestBlocking")
}

// untouched reports whether path is still a stub: it mentions ErrTODO, and no exported
// function, which are those that are judged, has more than one statement.
func untouched(t *testing.T, path string) bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	todo, longest := false, 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.IsExported() {
				longest = max(longest, len(n.Body.List))
			}
		case *ast.SelectorExpr:
			todo = todo || n.Sel.Name == "ErrTODO"
		}
		return true
	})
	return todo && longest <= 1
}

// TestGiven: what lesson 18 says of the echo that its exercise gives is so: the judge finds
// nothing but what it costs.
func TestGiven(t *testing.T) {
	dir := filepath.Join(exercises, lesson.Fast.Slug())
	path := filepath.Join(dir, lesson.Fast.Name+".go")
	if !untouched(t, path) {
		t.Skip("it is begun")
	}
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	begun := strings.Replace(string(source), "return lesson.ErrTODO", "return given(yield, s)", 1)
	begun = strings.Replace(begun, "\t\"stepwise/pkg/lesson\"\n", "", 1)
	file := filepath.Join(t.TempDir(), "begun.go")
	require.NoError(t, os.WriteFile(file, []byte(begun), 0o644))
	replaced, err := filepath.Abs(path)
	require.NoError(t, err)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{replaced: file}})
	require.NoError(t, err)
	overlaid := filepath.Join(t.TempDir(), "overlay.json")
	require.NoError(t, os.WriteFile(overlaid, overlay, 0o644))
	test := exec.Command("go", "test", "-count=1", "-vet=off", "-v", "-overlay="+overlaid, dir)
	test.Env = append(os.Environ(), progress.Off+"=1")
	out, _ := test.CombinedOutput()
	var failed []string
	for _, c := range lesson.Fast.Cases {
		if strings.Contains(string(out), "--- FAIL: TestEcho/"+c.ID) {
			failed = append(failed, c.ID)
		}
	}
	assert.Equal(t, []string{"F02", "F03", "F04"}, failed, string(out))
	assert.Contains(t, string(out), "got 240 system calls", "20 messages of 12 each")
	assert.Contains(t, string(out), "got 2176 system calls")
}

// TestTestsAreAlike: a learner reads one exercise's test and knows them all.
func TestTestsAreAlike(t *testing.T) {
	for _, l := range lesson.All() {
		source, err := os.ReadFile(filepath.Join(exercises, l.Slug(), l.Name+"_test.go"))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(source), "judge.Run(t, lesson."), l.Slug())
	}
}
