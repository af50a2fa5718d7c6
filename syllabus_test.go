package stepwise

// The lessons and floors are listed once, in pkg/lesson/course.go. Every other
// list is made from it:
//
//	go test -run Syllabus -update .
//
// writes them, and without -update the test holds them against it.

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

var update = flag.Bool("update", false, "write the lists of lessons and floors that TestSyllabus compares")

func TestSyllabus(t *testing.T) {
	const begin, end, renew = "<!-- syllabus -->", "<!-- end of syllabus -->", "go test -run Syllabus -update ."
	for _, c := range []struct {
		file, begin, end string // a line that contains it
		lines            []string
		renew            string
	}{
		{"README.md", begin, end, spaced(readmeTable()), renew},
		{"notebooks/00-start-here.ipynb", begin, end, encoded(t, spaced(startTable())), renew + " && go run ./cmd/stepwise refresh 00"},
		{"doc.go", "// floors_test.go sees to:", "// exercises/ holds", commented(spaced(houseTable())), renew},
	} {
		t.Run(c.file, func(t *testing.T) {
			have, err := os.ReadFile(c.file)
			require.NoError(t, err)
			want := replaced(t, string(have), c.begin, c.end, c.lines)
			if *update {
				require.NoError(t, os.WriteFile(c.file, []byte(want), 0o644))
				return
			}
			assert.Equal(t, want, string(have), "renew it: %s", c.renew)
		})
	}
}

// replaced is text with lines in place of those between the two marks.
func replaced(t *testing.T, text, begin, end string, lines []string) string {
	t.Helper()
	all := strings.Split(text, "\n")
	has := func(mark string) int {
		return slices.IndexFunc(all, func(line string) bool { return strings.Contains(line, mark) })
	}
	from, to := has(begin)+1, has(end)
	require.True(t, 0 < from && from <= to, "the lines with %q and %q are missing, or not in this order", begin, end)
	return strings.Join(slices.Concat(all[:from], lines, all[to:]), "\n")
}

// spaced puts an empty line before and after lines: a table in Markdown needs both.
func spaced(lines []string) []string { return slices.Concat([]string{""}, lines, []string{""}) }

// encoded is lines as they stand in a cell of a notebook.
func encoded(t *testing.T, lines []string) (out []string) {
	for _, line := range lines {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(line+"\n"))
		out = append(out, "    "+strings.TrimSpace(b.String())+",")
	}
	return out
}

// commented is lines as they stand in a doc comment, indented.
func commented(lines []string) (out []string) {
	for _, line := range lines {
		if line != "" {
			line = "\t" + line
		}
		out = append(out, "//"+line)
	}
	return out
}

func readmeTable() []string {
	out := []string{"| lesson | question | package |", "|---|---|---|",
		"| 00 | [start here](notebooks/00-start-here.ipynb): how it works, and the map | |"}
	for _, l := range lesson.All() {
		out = append(out, fmt.Sprintf("| %02d [%s](notebooks/%s) | %s | [%s](pkg/%[5]s) |", l.Number, l.Name, l.Notebook(), l.Question, l.Code))
	}
	return out
}

func startTable() []string {
	out := []string{"| lesson | question |", "|---|---|"}
	for _, l := range lesson.All() {
		out = append(out, fmt.Sprintf("| [%s](%s) | %s |", l.Label(), l.Notebook(), l.Question))
	}
	return out
}

// houseTable is the floors, and the lessons that have their code there.
func houseTable() (out []string) {
	names, does := 0, 0
	for _, s := range lesson.Stories() {
		names, does = max(names, utf8.RuneCountInString(s.Package)), max(does, utf8.RuneCountInString(s.Does))
	}
	for _, s := range lesson.Stories() {
		line := fmt.Sprintf("%-*s  %-*s  %s", names, s.Package, does, s.Does, lessonsOf(s))
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

// lessonsOf reads like "lessons 04, 14"; it is empty for a floor without any.
func lessonsOf(s lesson.Story) string {
	var numbers []string
	for _, l := range lesson.All() {
		if folder, _, _ := strings.Cut(l.Code, "/"); folder == s.Package {
			numbers = append(numbers, fmt.Sprintf("%02d", l.Number))
		}
	}
	switch len(numbers) {
	case 0:
		return ""
	case 1:
		return "lesson " + numbers[0]
	}
	return "lessons " + strings.Join(numbers, ", ")
}
