// step.go: setting up, with a line for each step. Read course.go first.

package setup

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Step makes one thing ready. It is quick if the machine already has it.
type Step struct {
	Name string
	// Ready returns in a few words what is there. It calls say before anything that
	// takes long, so that the reader knows what they are waiting for.
	Ready func(ctx context.Context, say func(string)) (string, error)
}

// Prepare takes the steps in order and stops at the first that fails. It prints one
// line for each step, and one for each call of say.
func Prepare(ctx context.Context, out io.Writer, steps ...Step) error {
	for _, step := range steps {
		start := time.Now()
		say := func(what string) { fmt.Fprintf(out, "%-11s %s …\n", step.Name, what) }
		found, err := step.Ready(ctx, say)
		if err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
		fmt.Fprintf(out, "%-11s %s (%s)\n", step.Name, found, Took(start))
	}
	return nil
}

// Count returns a number and its noun, which takes an s: "1 file", "2 files".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Took returns the time since start, to a tenth of a second.
func Took(start time.Time) string {
	return fmt.Sprintf("%.1f s", time.Since(start).Seconds())
}
