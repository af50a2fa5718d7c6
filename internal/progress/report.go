package progress

import (
	"encoding/json"
	"fmt"
	"os"

	"stepwise/pkg/lesson"
	"stepwise/pkg/trial"
)

// A Report is a trial.Report that has left the process in which the exercise was judged.
type Report struct {
	NotStarted bool     `json:"not_started"` // the exercise returns lesson.ErrTODO; nothing was judged
	Verdict    Verdict  `json:"verdict"`
	Failures   []Failed `json:"failures"` // in the order in which to read them
	NotRun     int      `json:"not_run"`  // cases, since the code didn't return from an earlier one
}

// Failed is a case that was not passed.
type Failed struct {
	Case string `json:"case"` // "W01"
	Name string `json:"name"` // "the kernel takes a part"
	Text string `json:"text"` // what was tried, got and wanted, and why it matters
}

// Tell is r, on an exercise of l, as a Report.
func Tell(l lesson.Lesson, r trial.Report, door string) Report {
	told := Report{NotStarted: r.NotStarted, Failures: []Failed{}, NotRun: len(r.NotRun)}
	if !r.NotStarted {
		told.Verdict = Of(l, r, door)
	}
	for _, f := range r.Failures {
		told.Failures = append(told.Failures, Failed{f.Case.ID, f.Case.Name, f.String()})
	}
	return told
}

// Write writes the Report to a file, which ReadReport reads. Errors are the file system's.
func (r Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("progress: a report: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("progress: a report: %w", err)
	}
	return nil
}

// ReadReport reads what Write has written.
func ReadReport(path string) (r Report, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return r, fmt.Errorf("progress: a report: %w", err)
	}
	return r, nil
}
