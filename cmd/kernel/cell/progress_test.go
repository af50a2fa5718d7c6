package cell

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/progress"
)

// inNotebooks changes into the folder of the notebooks of a course that has nothing else.
func inNotebooks(t *testing.T) (course string) {
	course = t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(course, "exercises"), 0o755))
	require.NoError(t, os.Mkdir(filepath.Join(course, "notebooks"), 0o755))
	t.Chdir(filepath.Join(course, "notebooks"))
	return course
}

func TestVerdictsAreKept(t *testing.T) {
	course := inNotebooks(t)
	s := newSession(t)
	runs(t, s, sending)
	runs(t, s, hasty)
	_, _ = printed(t, "", func() { runs(t, s, "%test 09 W01") })
	require.NoFileExists(t, filepath.Join(course, progress.File), "one case is no verdict")
	_, _ = printed(t, "", func() { runs(t, s, "%test 09") })
	all, err := progress.Read(course)
	require.NoError(t, err)
	standing := all["09_send"]
	assert.Equal(t, 1, standing.Tries)
	assert.Equal(t, "%test", standing.Last.Door)
	assert.False(t, standing.Best.Solved())
	assert.Contains(t, standing.Last.Like, "your send ")
	said, _ := printed(t, "", func() { runs(t, s, "%progress") })
	assert.Contains(t, said, standing.String()+": then you can ")

	t.Chdir(course)
	_, _ = printed(t, "", func() { runs(t, s, "%test 09") })
	all, err = progress.Read(course)
	require.NoError(t, err)
	assert.Equal(t, 1, all["09_send"].Tries, "the notebook is somewhere else")
	failure := s.Run("%progress", 1).Failure
	require.NotNil(t, failure)
	assert.Contains(t, failure.String(), "the current folder is not the course's notebooks")
}

func TestAVerdictThatCanNotBeKept(t *testing.T) {
	course := inNotebooks(t)
	require.NoError(t, os.Mkdir(filepath.Join(course, progress.File), 0o755))
	s := newSession(t)
	runs(t, s, sending)
	runs(t, s, hasty)
	said, _ := printed(t, "", func() { runs(t, s, "%test 09") })
	assert.Contains(t, said, "your progress is not kept: ")
	failure := s.Run("%progress", 1).Failure
	require.NotNil(t, failure)
	assert.Contains(t, failure.String(), progress.File)
}
