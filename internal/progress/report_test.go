package progress

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

func TestReport(t *testing.T) {
	first, second := trial.Case{ID: "W01", Name: "a", Why: "b"}, trial.Case{ID: "W02", Name: "c"}
	for name, c := range map[string]struct {
		found trial.Report
		want  Report
	}{
		"not started": {trial.Report{NotStarted: true, NotRun: []trial.Case{first}}, Report{NotStarted: true, Failures: []Failed{}, NotRun: 1}},
		"solved": {trial.Report{Passed: []trial.Case{first, second}},
			Report{Verdict: Verdict{Lesson: "09_send", Passed: 2, Of: len(lesson.Send.Cases), Door: "watch"}, Failures: []Failed{}}},
		"two failures": {trial.Report{Failures: []trial.Failure{{Case: first, Err: os.ErrInvalid}, {Case: second, With: "W01"}}},
			Report{Verdict: Verdict{Lesson: "09_send", Of: len(lesson.Send.Cases), Door: "watch", Case: "W01", Like: "Begin with W01: a."},
				Failures: []Failed{{"W01", "a", "invalid argument\nwhy it matters: b"}, {"W02", "c", "fails with W01"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report.json")
			require.NoError(t, Tell(lesson.Send, c.found, "watch").Write(path))
			got, err := ReadReport(path)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestAReportThatCanNotBeReadOrWritten(t *testing.T) {
	dir := t.TempDir()
	require.ErrorIs(t, Report{}.Write(filepath.Join(dir, "no", "report")), os.ErrNotExist)
	_, err := ReadReport(filepath.Join(dir, "report"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "report"), []byte("{"), 0o600))
	_, err = ReadReport(filepath.Join(dir, "report"))
	require.Error(t, err)
}
