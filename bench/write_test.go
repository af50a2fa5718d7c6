package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	r := aRun()
	r.Works = append(r.Works, &Work{Name: "idle", Unit: "bytes per connection", Contestants: []string{ours}, Rounds: rounds(ours, 3000)})
	require.NoError(t, write(dir, r))
	got, err := read(dir)
	require.NoError(t, err)
	assert.Equal(t, r, got)
	for name, there := range map[string]bool{
		reportFile: true, "bars/echo-64x64.svg": true, "bars/echo-64x64.txt": true,
		"bars/idle.svg": false, // bytes are no times
	} {
		_, err := os.Stat(filepath.Join(dir, name))
		assert.Equal(t, there, err == nil, name)
	}
	require.NoError(t, write(dir, r), "over the last one")
	left, err := filepath.Glob(filepath.Join(dir, "*.new"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestReadBeforeAnyFullRunSaysWhatToType(t *testing.T) {
	_, err := read(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "go -C bench run .")
}

func TestReadOfSomethingElseNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, resultsFile), []byte("not JSON"), 0o644))
	_, err := read(dir)
	assert.ErrorContains(t, err, resultsFile)
}

func TestRenew(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "bench"), 0o755))
	for _, name := range []string{"README.md", "bench/README.md"} {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte("before\n\n"+beginMark+"old\n"+endMark+"\nafter\n"), 0o644))
	}
	for range 2 { // the second changes nothing
		require.NoError(t, renew(root, aRun()))
		for name, want := range map[string]string{"README.md": ratioTable(aRun()), "bench/README.md": goalTable(aRun()) + notReached(aRun())} {
			content, err := os.ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
			assert.Contains(t, string(content), want+"\n"+endMark+"\nafter\n", name)
			assert.Contains(t, string(content), "before\n\n"+beginMark+"\nMeasured on 2026-11-30", name)
			assert.NotContains(t, string(content), "old", name)
		}
	}
}

func TestReplacedNeedsItsMarks(t *testing.T) {
	for name, page := range map[string]string{
		"no marks": "text\n", "no end": beginMark + "text\n", "no beginning": "text\n" + endMark, "the wrong order": endMark + beginMark,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := replaced(page, "new")
			assert.ErrorContains(t, err, "<!-- bench -->")
		})
	}
}

// TestREADMEsHaveTheMarks so that --update will find them.
func TestREADMEsHaveTheMarks(t *testing.T) {
	for _, name := range []string{"README.md", "../README.md"} {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		_, err = replaced(string(content), "new")
		assert.NoError(t, err, name)
	}
}
