package stepwise

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

// The map of the course is lesson.Stories. These tests hold it against the files that it
// speaks of; syllabus_test.go makes the other lists
// from it.

func TestMapCountsTheLessons(t *testing.T) {
	for i, l := range lesson.All() {
		assert.Equal(t, i+1, l.Number, "the lessons are counted from 1")
		assert.NotEmpty(t, l.Name)
		assert.Regexp(t, `^[a-z].*\?$`, l.Question, "lesson %02d", l.Number)
		assert.NotEmpty(t, l.Able, "lesson %02d", l.Number)
	}
}

// TestMapKnowsWhereTheCodeIs: a link to it leads somewhere, and lies on a floor.
func TestMapKnowsWhereTheCodeIs(t *testing.T) {
	for _, l := range lesson.All() {
		folder, file, isFile := strings.Cut(l.Code, "/")
		assert.Contains(t, floors(), folder, "lesson %02d", l.Number)
		if isFile {
			assert.FileExists(t, filepath.Join("pkg", folder, file), "lesson %02d", l.Number)
		}
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
	for _, l := range lesson.All() {
		mapped = append(mapped, "notebooks/"+l.Notebook())
	}
	assert.Equal(t, mapped, there)
}
