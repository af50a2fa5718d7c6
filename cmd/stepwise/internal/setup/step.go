// step.go: how setting up is told to whoever waits for it. Read course.go first.

package setup

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Step makes one thing ready. On a machine that has it, it is quick.
type Step struct {
	Name string
	// Ready says in a few words what is there. While something long runs, it
	// tells say what that is, so that nobody waits before a still screen.
	Ready func(ctx context.Context, say func(string)) (string, error)
}

// Prepare takes the steps in order and stops at the first that fails. It
// prints one line for each, and one for each long thing that a step does.
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

// Took is the time since start, in tenths of a second.
func Took(start time.Time) string {
	return fmt.Sprintf("%.1f s", time.Since(start).Seconds())
}
