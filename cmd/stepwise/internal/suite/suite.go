// Package suite checks everything that must hold for a change to the course, in
// stages: format, paths, vet, tests, notebooks. `stepwise test` runs them.
//
// Run takes every stage, even after one has failed, because a reader who waits for
// minutes wants to see all the faults. It ends with a summary.
package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"stepwise/cmd/stepwise/internal/setup"
)

// ErrFailed says that at least one stage failed. The summary has named it.
var ErrFailed = errors.New("not everything passes")

// Stage is one part of what must hold.
type Stage struct {
	Name string
	// Run prints to out what it does and finds, and returns a note for the summary.
	Run func(ctx context.Context, out io.Writer) (note string, err error)
}

// Run takes the stages in order. The error is ErrFailed if one fails, or ctx's cause
// if ctx ends.
func Run(ctx context.Context, out io.Writer, stages ...Stage) error {
	start := time.Now()
	var summary string
	failed := 0
	for _, stage := range stages {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		fmt.Fprintf(out, "\n== %s\n", stage.Name)
		began := time.Now()
		note, err := stage.Run(ctx, out)
		verdict := "ok"
		if err != nil {
			failed++
			verdict, note = "FAILED", err.Error()
			fmt.Fprintln(out, note)
			note = firstLine(note)
		}
		summary += fmt.Sprintf("%-7s %-10s %8s  %s\n", verdict, stage.Name, setup.Took(began), note)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	fmt.Fprintf(out, "\n== summary\n%s", summary)
	if failed > 0 {
		fmt.Fprintf(out, "%d of %s failed, in %s.\n", failed, setup.Count(len(stages), "stage"), setup.Took(start))
		return ErrFailed
	}
	fmt.Fprintf(out, "%s passed, in %s.\n", setup.Count(len(stages), "stage"), setup.Took(start))
	return nil
}
