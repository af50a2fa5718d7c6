package progress

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

func TestReadWhatWasAdded(t *testing.T) {
	course := t.TempDir()
	all, err := Read(course)
	require.NoError(t, err)
	require.Empty(t, all, "no file is no progress")
	verdicts := []Verdict{
		{When: noon, Lesson: "09_send", Passed: 7, Of: 9, Door: "go test", Case: "W01", Like: "ignores\tthe\ncount"},
		{When: noon.Add(time.Minute), Lesson: "09_send", Passed: 9, Of: 9, Door: "%test"},
		{When: noon.Add(2 * time.Minute), Lesson: "09_send", Passed: 8, Of: 9, Door: "watch"},
		{When: noon, Lesson: "10_read", Passed: 0, Of: 4, Door: "watch"},
	}
	for _, v := range verdicts {
		require.NoError(t, Add(course, v))
	}
	all, err = Read(course)
	require.NoError(t, err)
	require.Equal(t, map[string]Standing{
		"09_send": {Tries: 3, Best: verdicts[1], Last: verdicts[2]},
		"10_read": {Tries: 1, Best: verdicts[3], Last: verdicts[3]},
	}, all)
	require.True(t, all["09_send"].Best.Solved())
	require.False(t, all["09_send"].Last.Solved())
	text, err := os.ReadFile(filepath.Join(course, File))
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), head))
	require.Contains(t, string(text), "2030-01-02T12:00:00Z\t09_send\t7\t9\tgo test\tW01\tignores the count\n")
}

func TestAddTakesThePresent(t *testing.T) {
	course := t.TempDir()
	before := time.Now().Truncate(time.Second)
	require.NoError(t, Add(course, Verdict{Lesson: "09_send", Passed: 1, Of: 1, Door: "watch"}))
	all, err := Read(course)
	require.NoError(t, err)
	require.WithinRange(t, all["09_send"].Last.When, before, time.Now())
}

func TestTheBestIsTheOneWithTheFewestLeft(t *testing.T) {
	course := t.TempDir()
	require.NoError(t, Add(course, Verdict{When: noon, Lesson: "09_send", Passed: 9, Of: 9, Door: "watch"}))
	require.NoError(t, Add(course, Verdict{When: noon, Lesson: "09_send", Passed: 12, Of: 14, Door: "watch"}))
	all, err := Read(course)
	require.NoError(t, err)
	require.Equal(t, 9, all["09_send"].Best.Of)
}

func TestWhatIsNoVerdictIsPassedOver(t *testing.T) {
	course := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(course, File), []byte(strings.Join([]string{
		"# a comment", "", "nonsense",
		"yesterday\t09_send\t1\t2\tgo test\t\t",
		"2030-01-02T12:00:00Z\t09_send\tone\t2\tgo test\t\t",
		"2030-01-02T12:00:00Z\t09_send\t1\ttwo\tgo test\t\t",
		"2030-01-02T12:00:00Z\t09_send\t3\t2\tgo test\t\t",
		"2030-01-02T12:00:00Z\t09_send\t-1\t2\tgo test\t\t",
		"2030-01-02T12:00:00Z\t\t1\t2\tgo test\t\t",
		"2030-01-02T12:00:00Z\t09_send\t1\t2\tgo test\t",
		"2030-01-02T12:00:00Z\t10_read\t1\t2\tgo test\t\t",
		"2030-01-02T12:0",
	}, "\n")), 0o600))
	all, err := Read(course)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, 1, all["10_read"].Last.Passed)
}

func TestAddRefusesWhatIsNoVerdict(t *testing.T) {
	for name, v := range map[string]Verdict{
		"no lesson":        {Passed: 1, Of: 1},
		"a tab":            {Lesson: "a\tb", Passed: 1, Of: 1},
		"a line in a door": {Lesson: "a", Door: "x\ny", Passed: 1, Of: 1},
		"no case":          {Lesson: "a"},
		"too many":         {Lesson: "a", Passed: 2, Of: 1},
		"less than none":   {Lesson: "a", Passed: -1, Of: 1},
	} {
		t.Run(name, func(t *testing.T) {
			course := t.TempDir()
			require.Error(t, Add(course, v))
			require.NoFileExists(t, filepath.Join(course, File))
		})
	}
}

func TestManyWriteAtOnce(t *testing.T) {
	course := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				require.NoError(t, Add(course, Verdict{Lesson: "09_send", Passed: 1, Of: 2, Door: "watch", Like: strings.Repeat("x", 300)}))
			}
		})
	}
	all.Wait()
	read, err := Read(course)
	require.NoError(t, err)
	require.Equal(t, 800, read["09_send"].Tries)
}

func TestAFileThatCanNotBeReadOrWritten(t *testing.T) {
	course := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(course, File), 0o755))
	require.ErrorContains(t, Add(course, Verdict{Lesson: "09_send", Passed: 1, Of: 2}), File)
	_, err := Read(course)
	require.ErrorContains(t, err, File)
}

func TestALineThatWasCutOffSpoilsNoOther(t *testing.T) {
	course := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(course, File), []byte("2030-01-02T12:0"), 0o600))
	require.NoError(t, Add(course, Verdict{Lesson: "09_send", Passed: 1, Of: 2, Door: "watch"}))
	all, err := Read(course)
	require.NoError(t, err)
	require.Equal(t, 1, all["09_send"].Tries)
}

func TestStandingInWords(t *testing.T) {
	require.Equal(t, "solved", Standing{Best: Verdict{Passed: 9, Of: 9}}.String())
	require.Equal(t, "0 of 9 cases", Standing{Best: Verdict{Of: 9}}.String())
}

func TestCourse(t *testing.T) {
	dir := t.TempDir()
	_, found := Course(dir)
	require.False(t, found)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "exercises", "09_send"), 0o755))
	_, found = Course(filepath.Join(dir, "exercises", "09_send"))
	require.False(t, found, "it has no notebooks")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "notebooks"), 0o755))
	for _, at := range []string{".", "exercises", "exercises/09_send", "notebooks"} {
		course, found := Course(filepath.Join(dir, at))
		require.True(t, found)
		require.Equal(t, dir, course)
	}
}

func TestOff(t *testing.T) {
	t.Setenv(Off, "1")
	course := t.TempDir()
	require.NoError(t, Add(course, Verdict{Lesson: "09_send", Passed: 1, Of: 2, Door: "watch"}))
	require.NoFileExists(t, filepath.Join(course, File))
}
