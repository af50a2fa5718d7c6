package gradebook

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
	"stepwise/pkg/lesson"
)

var class = Book{
	Lessons: []lesson.Lesson{lesson.Send, lesson.Read},
	Entries: []Entry{
		{Learner: "bob", Lesson: "10_read", State: Broken, Of: 14, Says: "read.go:3:1: <b>bad</b>\x1b[31m\nand more"},
		{Learner: "bob", Lesson: "09_send", State: Begun, Passed: 7, Of: 9, Says: "It looks as if your send ignores the count."},
		{Learner: "alice", Lesson: "09_send", State: Solved, Passed: 9, Of: 9},
		{Learner: "=1+1", Lesson: "09_send", State: NotStarted, Of: 9},
	},
	Source: "From a test.",
}

func write(t *testing.T, form func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, form(&b))
	return b.String()
}

func TestText(t *testing.T) {
	require.Equal(t, strings.TrimLeft(`
learner  solved  09   10
=1+1     0       -    -
alice    1       ok   -
bob      0       7/9  broken

09_send, bob, 7 of 9: It looks as if your send ignores the count.
10_read, bob, broken: read.go:3:1: <b>bad</b> [31m and more

From a test.
`, "\n"), write(t, class.Text))
}

func TestTextOfAnEmptyClass(t *testing.T) {
	require.Equal(t, "learner  solved  09\n\nNobody.\n", write(t, Book{Lessons: class.Lessons[:1], Source: "Nobody."}.Text))
}

func TestCSV(t *testing.T) {
	lines, err := csv.NewReader(strings.NewReader(write(t, class.CSV))).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 1+3*2)
	require.Equal(t, []string{"learner", "lesson", "state", "passed", "of", "says"}, lines[0])
	require.Equal(t, []string{"'=1+1", "09_send", "not started", "0", "9", ""}, lines[1])
	require.Equal(t, []string{"alice", "10_read", "missing", "0"}, lines[4][:4])
	require.Equal(t, []string{"bob", "09_send", "begun", "7", "9", "It looks as if your send ignores the count."}, lines[5])
}

func TestCSVOfWordsThatBeginLikeAFormula(t *testing.T) {
	b := Book{Lessons: class.Lessons[:1], Entries: []Entry{{Learner: "x", Lesson: "09_send", State: Broken, Says: "=HYPERLINK()"}}}
	require.Contains(t, write(t, b.CSV), ",'=HYPERLINK()\n")
}

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{"": "", "a=1": "a=1", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x"} {
		require.Equal(t, want, harmless(cell))
	}
}

func TestJSON(t *testing.T) {
	var all []Entry
	require.NoError(t, json.Unmarshal([]byte(write(t, class.JSON)), &all))
	require.Len(t, all, 6)
	require.Equal(t, class.Entries[1], all[4])
	require.Equal(t, "[]\n", write(t, Book{}.JSON))
}

func TestHTML(t *testing.T) {
	page := write(t, class.HTML)
	for _, want := range []string{
		`<th scope="row">bob</th><td>0</td><td class="begun">7/9</td><td class="broken">broken</td>`,
		`<td class="not started"></td>`, `title="09 send"`, "From a test.",
		"read.go:3:1: &lt;b&gt;bad&lt;/b&gt; [31m and more",
	} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, "<b>bad")
	require.NotContains(t, page, "<script")
	require.NotContains(t, write(t, Book{Lessons: class.Lessons, Entries: class.Entries[2:]}.HTML), "stuck", "nobody is")
}

func TestLongWordsAreCut(t *testing.T) {
	require.Equal(t, strings.Repeat("é", longest)+" …", plain(strings.Repeat("é", longest+1)))
	require.Equal(t, "a b", plain("a\u202e\u0000\tb"))
}

func TestFromProgress(t *testing.T) {
	course := t.TempDir()
	for _, v := range []progress.Verdict{
		{Lesson: "09_send", Passed: 9, Of: 9, Door: "watch"},
		{Lesson: "09_send", Passed: 8, Of: 9, Door: "watch", Like: "later"},
		{Lesson: "10_read", Passed: 1, Of: 14, Door: "go test", Like: "It looks as if your read waits first."},
	} {
		require.NoError(t, progress.Add(course, v))
	}
	entries, err := FromProgress("eve", course, []lesson.Lesson{lesson.Send, lesson.Read, lesson.Task})
	require.NoError(t, err)
	require.Equal(t, []Entry{
		{Learner: "eve", Lesson: "09_send", State: Solved, Passed: 9, Of: 9},
		{Learner: "eve", Lesson: "10_read", State: Begun, Passed: 1, Of: 14, Says: "It looks as if your read waits first."},
		{Learner: "eve", Lesson: "07_task", State: Missing, Of: len(lesson.Task.Cases)},
	}, entries)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("the disk is full")

func TestTheWritersErrorComesBack(t *testing.T) {
	for name, form := range map[string]func(io.Writer) error{"text": class.Text, "csv": class.CSV, "json": class.JSON, "html": class.HTML} {
		require.ErrorIs(t, form(full{}), errFull, name)
	}
}
