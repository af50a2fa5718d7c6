package stepwise

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

// The map of the course is lesson.Stories and lesson.Coming. What follows holds
// it against all that it speaks of.

var floorOfDoc = regexp.MustCompile(`(?m)^//\t(\w+) .*?(?:lessons? ([\d–, ]+))?$`)

// TestMapHasTheFloorsOfDoc: the same floors in the same order, and no lesson that
// doc.go puts elsewhere.
func TestMapHasTheFloorsOfDoc(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var documented, mapped []string
	numbers := map[string]string{}
	for _, match := range floorOfDoc.FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, match[1])
		numbers[match[1]] = match[2]
	}
	assert.Equal(t, floors, documented, "doc.go and floors_test.go name other floors")
	for _, s := range lesson.Stories() {
		mapped = append(mapped, s.Package)
		for _, n := range expand(t, numbers[s.Package]) {
			here := slices.ContainsFunc(s.Chapters, func(c lesson.Chapter) bool { return c.Number == n })
			assert.True(t, here || s.Beside || slices.ContainsFunc(lesson.Coming(), func(c lesson.Chapter) bool { return c.Number == n }),
				"doc.go puts lesson %02d on the floor %s, the map doesn't", n, s.Package)
		}
	}
	assert.Equal(t, documented, mapped, "doc.go and lesson.Stories name other floors, or in another order")
}

// expand makes 3, 8 and 9 of "03, 08–09".
func expand(t *testing.T, ranges string) (all []int) {
	for part := range strings.SplitSeq(strings.TrimSpace(ranges), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, both := strings.Cut(part, "–")
		if !both {
			to = from
		}
		first, err := strconv.Atoi(from)
		require.NoError(t, err)
		last, err := strconv.Atoi(to)
		require.NoError(t, err)
		for n := first; n <= last; n++ {
			all = append(all, n)
		}
	}
	return all
}

// chapters are those of the floors, in the order in which they are read.
func chapters() (all []lesson.Chapter) {
	for _, s := range lesson.Stories() {
		all = append(all, s.Chapters...)
	}
	slices.SortFunc(all, func(a, b lesson.Chapter) int { return a.Number - b.Number })
	return all
}

func TestMapHasEveryLesson(t *testing.T) {
	all := chapters()
	for i, c := range slices.Concat(all, lesson.Coming()) {
		assert.Equal(t, i+1, c.Number, "the lessons are counted from 1, and what comes later comes last")
		assert.NotEmpty(t, c.Name)
		assert.Regexp(t, `^[a-z].*\?$`, c.Question, "lesson %02d", c.Number)
		assert.Equal(t, i < len(all), c.Able != "", "lesson %02d", c.Number)
	}
	for _, l := range lesson.All() {
		assert.True(t, slices.ContainsFunc(all, func(c lesson.Chapter) bool { return c.Number == l.Number && c.Name == l.Name }),
			"lesson %02d, %s, has cases and no place on the map", l.Number, l.Name)
	}
}

// TestMapFitsATerminal: where the map comes as text, no line of it is broken.
func TestMapFitsATerminal(t *testing.T) {
	for line := range strings.Lines(lesson.Map().String()) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 80, line)
	}
}

// TestMapHasEveryNotebook: a lesson is on a floor when its notebook is there.
func TestMapHasEveryNotebook(t *testing.T) {
	there, err := filepath.Glob("notebooks/[0-9][0-9]-*.ipynb")
	require.NoError(t, err)
	mapped := []string{"notebooks/00-start-here.ipynb"}
	for _, c := range chapters() {
		mapped = append(mapped, "notebooks/"+file(c))
	}
	assert.Equal(t, mapped, there)
}

// file is that of the lesson's notebook.
func file(c lesson.Chapter) string {
	return fmt.Sprintf("%02d-%s.ipynb", c.Number, strings.ReplaceAll(c.Name, "_", "-"))
}

// TestSyllabusIsTheMap: the table of notebooks/00-start-here.ipynb has the same
// lessons and questions, with a link to each that is there.
func TestSyllabusIsTheMap(t *testing.T) {
	content, err := os.ReadFile("notebooks/00-start-here.ipynb")
	require.NoError(t, err)
	var start struct{ Cells []struct{ Source []string } }
	require.NoError(t, json.Unmarshal(content, &start))
	var rows, want []string
	for _, cell := range start.Cells {
		for _, line := range cell.Source {
			if regexp.MustCompile(`^\| \[?\d\d `).MatchString(line) {
				rows = append(rows, strings.TrimSpace(line))
			}
		}
	}
	for _, c := range chapters() {
		want = append(want, fmt.Sprintf("| [%s](%s) | %s |", c.Label(), file(c), c.Question))
	}
	for _, c := range lesson.Coming() {
		want = append(want, fmt.Sprintf("| %s, later | %s |", c.Label(), c.Question))
	}
	assert.Equal(t, want, rows)
}
