package suite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func stage(name, note string, err error) Stage {
	return Stage{Name: name, Run: func(context.Context, io.Writer) (string, error) { return note, err }}
}

func TestRunTakesEveryStageAndSumsUp(t *testing.T) {
	cases := []struct {
		name   string
		stages []Stage
		err    error
		want   string
	}{
		{"all pass", []Stage{stage("vet", "", nil), stage("tests", "7 packages", nil)}, nil,
			"ok      vet T  \nok      tests T  7 packages\n2 stages passed, in T.\n"},
		{"the first fails, the second still runs", []Stage{stage("vet", "", errors.New("exit status 1\nmore")), stage("tests", "7 packages", nil)}, ErrFailed,
			"FAILED  vet T  exit status 1\nok      tests T  7 packages\n1 of 2 stages failed, in T.\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := Run(t.Context(), &out, c.stages...)
			require.ErrorIs(t, err, c.err)
			_, summary, _ := strings.Cut(out.String(), "== summary\n")
			assert.Equal(t, c.want, regexp.MustCompile(` *\d+\.\d s`).ReplaceAllString(summary, " T"))
		})
	}
}

func TestRunStopsWhenItsContextEnds(t *testing.T) {
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	first := Stage{Name: "vet", Run: func(context.Context, io.Writer) (string, error) { cancel(enough); return "", nil }}
	second := Stage{Name: "tests", Run: func(context.Context, io.Writer) (string, error) { t.Error("still ran"); return "", nil }}
	var out strings.Builder
	require.ErrorIs(t, Run(ctx, &out, first, second), enough)
	assert.NotContains(t, out.String(), "passed")
}

func files(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func TestFormat(t *testing.T) {
	dir := files(t, map[string]string{"a/good.go": "package a\n", "b.txt": "x  y", ".stepwise/x.go": "package  x"})
	note, err := Format(dir).Run(t.Context(), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, "2 files", note)

	dir = files(t, map[string]string{"bad.go": "package  a\n", "worse.go": "package a\n\nfunc {\n", "good.go": "package a\n"})
	var out strings.Builder
	_, err = Format(dir).Run(t.Context(), &out)
	require.ErrorIs(t, err, errFormat)
	assert.ErrorContains(t, err, "2 of 3 files")
	assert.Contains(t, out.String(), "bad.go: not formatted")
	assert.Contains(t, out.String(), "worse.go: 3:6")
}

func TestPaths(t *testing.T) {
	home := "/" + "home/ann/x"
	dir := files(t, map[string]string{"README.md": "see /usr/bin", "binary": "\x00" + home, ".git/config": home})
	_, err := Paths(dir).Run(t.Context(), io.Discard)
	require.NoError(t, err)

	dir = files(t, map[string]string{"README.md": "see " + home, ".ci/run": "cd x"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".ci", "run"), []byte("cd "+dir), 0o644))
	var out strings.Builder
	_, err = Paths(dir).Run(t.Context(), &out)
	require.ErrorIs(t, err, errPaths)
	assert.Equal(t, ".ci/run: "+dir+"\nREADME.md: "+home+"\n", out.String())
}

func TestTestsRunsThoseThatThePatternMatches(t *testing.T) {
	dir := files(t, map[string]string{"go.mod": "module x\n\ngo 1.26.0\n", "x_test.go": `package x

import "testing"

func TestGood(t *testing.T) { if !testing.Short() { t.Fatal("not short") } }
func TestBad(t *testing.T)  { t.Fatal("the reason") }
`})
	var out strings.Builder
	note, err := Tests(dir, true, "Good").Run(t.Context(), &out)
	require.NoError(t, err, out.String())
	assert.Equal(t, "1 package", note)
	assert.Contains(t, out.String(), "ok  \tx")

	out.Reset()
	_, err = Tests(dir, true, "").Run(t.Context(), &out)
	require.Error(t, err)
	assert.Contains(t, out.String(), "the reason")

	note, err = Tests(dir, true, "Lesson99").Run(t.Context(), io.Discard)
	require.NoError(t, err, "the notebooks may have such a lesson")
	assert.Equal(t, "none to run", note)
}

// The versions that are wrong on purpose are run all the same, once, and without the race
// detector.
func TestWrongVersionsRunByThemselves(t *testing.T) {
	dir := files(t, map[string]string{"go.mod": "module x\n\ngo 1.26.0\n",
		"race.go": "//go:build race\n\npackage x\n\nconst raced = true\n", "plain.go": "//go:build !race\n\npackage x\n\nconst raced = false\n",
		"x_test.go": `package x

import "testing"

func TestWrong(t *testing.T) { t.Errorf("wrong, raced: %v", raced) }
func TestOther(t *testing.T) { t.Errorf("other, raced: %v", raced) }
`})
	for pattern, want := range map[string][]string{
		"":                    {"wrong, raced: false", "other, raced: true"},
		"TestWrong":           {"wrong, raced: true"},
		"TestWrong|TestOther": {"wrong, raced: true", "other, raced: true"},
	} {
		var out strings.Builder
		_, err := Tests(dir, false, pattern).Run(t.Context(), &out)
		require.Error(t, err)
		assert.Equal(t, len(want), strings.Count(out.String(), ", raced: "), out.String())
		for _, line := range want {
			assert.Contains(t, out.String(), line)
		}
	}
}

func TestPackages(t *testing.T) {
	plain, interpreting, err := packages(t.Context(), "../../../..", "")
	require.NoError(t, err)
	assert.Contains(t, plain, "stepwise/pkg/loop")
	assert.Contains(t, interpreting, "stepwise/cmd/kernel/cell")
	assert.NotContains(t, plain, "stepwise/cmd/kernel/cell")
	for _, name := range interpreting {
		assert.NotContains(t, name, "/pkg/", "the course itself is run under the race detector")
	}
}

func TestPackagesWithoutSuchATestAreLeftOut(t *testing.T) {
	test := func(name string) string {
		return "package x\n\nimport \"testing\"\n\nfunc " + name + "(t *testing.T) {}\n"
	}
	dir := files(t, map[string]string{"go.mod": "module x\n\ngo 1.26.0\n",
		"a/a_test.go": test("TestLesson09Send"), "b/b_test.go": test("TestOther"), "b/helper_test.go": "package x\n"})
	cases := []struct {
		name, pattern string
		want          []string
	}{
		{"no pattern", "", []string{"x/a", "x/b"}},
		{"a part of a name", "Lesson09", []string{"x/a"}},
		{"a part of a name and a case", "Lesson09/W01", []string{"x/a"}},
		{"the beginning of a name", "^TestO", []string{"x/b"}},
		{"none", "Lesson99", nil},
		{"one or the other", "Lesson09|Nothing", []string{"x/a"}},
		{"either of two, with cases", "Lesson09/W01|TestOther/x", []string{"x/a", "x/b"}},
		{"neither of two", "Lesson99|Nothing", nil},
		{"one or the other, in brackets", "^Test(Lesson|X)09", []string{"x/a"}},
		{"a slash in brackets, left to go test", "Nothing[a/b]", []string{"x/a", "x/b"}},
		{"no pattern that compiles, left to go test", "Lesson(", []string{"x/a", "x/b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			plain, interpreting, err := packages(t.Context(), dir, c.pattern)
			require.NoError(t, err)
			assert.Equal(t, c.want, plain)
			assert.Empty(t, interpreting)
		})
	}
}

func TestVetFindsWhatDoesNotCompile(t *testing.T) {
	dir := files(t, map[string]string{"go.mod": "module x\n\ngo 1.26.0\n", "x.go": "package x\n\nvar a int = \"one\"\n"})
	_, err := Vet(dir).Run(t.Context(), io.Discard)
	require.Error(t, err)
}
