// doctor.go: `stepwise doctor`. Read cli.go first; setup.Checks does the looking.

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/setup"
)

type doctorCommand struct{}

func (doctorCommand) Help() string {
	return `Looks at all that the course needs and installs nothing; it builds the notebooks' kernel, since that is the only way to know that it builds. Where something is missing, the line under it is the one that mends it.`
}

func (doctorCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	return examine(ctx, s.Out, course.Checks())
}

// examine takes the checks in order and says what each found, and at the end what
// to type. The error is errSaid if something is missing.
func examine(ctx context.Context, out io.Writer, checks []setup.Check) error {
	failed := make(map[string]bool)
	var missing []setup.Check
	for _, check := range checks {
		if failed[check.Needs] {
			failed[check.Name] = true
			fmt.Fprintf(out, "%-11s %-7s not looked at: that needs %s\n", check.Name, "?", check.Needs)
			continue
		}
		found, err := check.Look(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			fmt.Fprintf(out, "%-11s %-7s %s\n", check.Name, "ok", found)
			continue
		}
		verdict := "taken"
		if !check.Soft {
			verdict, failed[check.Name] = "MISSING", true
			missing = append(missing, check)
		}
		found = strings.ReplaceAll(err.Error(), "\n", "\n"+strings.Repeat(" ", 20))
		fmt.Fprintf(out, "%-11s %-7s %s\n%20smend it: %s\n", check.Name, verdict, found, "", check.Mend)
	}
	if len(missing) == 0 {
		fmt.Fprintln(out, "\nAll is here: go run ./cmd/stepwise lab")
		return nil
	}
	if i := slices.IndexFunc(missing, func(c setup.Check) bool { return c.Name == "Go" }); i >= 0 {
		fmt.Fprintf(out, "\n%d missing, and without Go nothing installs it. Begin with that: %s\n", len(missing), missing[i].Mend)
		return errSaid
	}
	fmt.Fprintf(out, "\n%d missing. This installs what it can: go run ./cmd/stepwise lab\n", len(missing))
	return errSaid
}
