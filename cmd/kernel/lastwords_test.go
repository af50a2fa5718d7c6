//go:build stepwise_kernel

package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExplainEnd(t *testing.T) {
	const trace = "\ngoroutine 7 gp=0x1 m=2 mp=0x3 [running]:\n"
	rows := []struct {
		name, left string
		says       []string // none: it ended well
	}{
		{"nothing", "", nil},
		{"a cell ran", "In[3]\n", []string{"while In[3] ran without a word", "killed", "os.Exit"}},
		{"a map", "In[3]\nfatal error: concurrent map writes" + trace + "internal/runtime/maps.fatal({0x1})", []string{"while In[3] ran: fatal error: concurrent map access"}},
		{"a mutex", "In[3]\n" + trace + "sync.fatal({0x1})", []string{"misuse of a mutex"}},
		{"a stack", "In[3]\n" + trace + "runtime.newstack()", []string{"stack overflow"}},
		{"memory", "In[3]\nruntime stack:\nruntime.(*mheap).grow()", []string{"no memory left"}},
		{"a panic", "In[3]\npanic: $0 boom\n" + trace, []string{": panic: $0 boom: compiled code panicked"}},
		{"a panic between two cells", "panic: boom\n" + trace, []string{"between two cells: panic: boom"}},
		{"something else that the runtime says", "In[3]\nfatal error: all is lost" + trace, []string{"which the log of Jupyter's server names"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			end := explainEnd(row.left)
			assert.Equal(t, len(row.says) == 0, end == "")
			for _, part := range row.says {
				assert.Contains(t, end, part)
			}
		})
	}
}

// A kernel that is ended while a cell runs leaves that in its file; the next one reads
// it, and tells it once, above what its first cell prints.
func TestLastWords(t *testing.T) {
	connection := filepath.Join(t.TempDir(), "kernel.json")
	t.Cleanup(func() { assert.NoError(t, debug.SetCrashOutput(nil, debug.CrashOptions{})) })
	file := func() string {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(connection), "kernel.last-words"))
		require.NoError(t, err)
		return string(text)
	}
	open := func(r *rig) {
		var err error
		r.last, err = openLastWords(connection)
		require.NoError(t, err)
	}
	first := newRig(t)
	open(first)
	assert.Empty(t, first.log.String(), "there was none before")
	first.answer(first.cell("import \"os\"\nwords, _ := os.ReadFile(`" + filepath.Dir(connection) + "/kernel.last-words`)\nos.Stdout.Write(words)\n0"))
	assert.Contains(t, lines(first.take()), "iopub stream stdout In[1]\n", "the file has the cell while it runs")
	assert.Empty(t, file(), "and nothing behind it")
	first.last.begin(2)
	first.last.begin(3)
	assert.Equal(t, "In[3]\n", file(), "the latest alone")

	second := newRig(t)
	open(second)
	assert.Empty(t, file(), "they are heard once")
	assert.Contains(t, second.log.String(), "while In[3] ran without a word")
	assert.Equal(t, frame("shell execute_reply ok 0"), lines(second.answered(second.cell("x := 1", "silent", true))), "a silent cell shows nothing")
	all := second.answered(second.cell("import \"fmt\"\nfmt.Print(`out`)"))
	require.Len(t, all, 6, lines(all))
	assert.Equal(t, []string{"execute_input", "stream", "stream"}, []string{all[1].kind, all[2].kind, all[3].kind})
	assert.Equal(t, "stderr", all[2].content["name"])
	assert.Contains(t, all[2].content["text"], "This is a new one")
	assert.Len(t, second.answered(second.cell("fmt.Print(`out`)")), 5, "once")
	second.last.close()
	assert.NoFileExists(t, filepath.Join(filepath.Dir(connection), "kernel.last-words"))
}

// A kernel without a file for them does as well.
func TestNoLastWords(t *testing.T) {
	_, err := openLastWords(filepath.Join(t.TempDir(), "missing", "kernel.json"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	var none *lastWords
	none.begin(1)
	none.end()
	none.close()
	t.Setenv("JPY_PARENT_PID", "")
	endWithParent(none) // returns: it has no parent to watch
}
