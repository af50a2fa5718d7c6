// doctor.go: `stepwise doctor`. Read cli.go first; setup.Checks has the checks.

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
	return `Checks everything that the course needs and installs nothing. It does build the notebooks' kernel, since that is the only way to know that it builds. If something is missing, the line below says how to fix it.`
}

func (doctorCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	return examine(ctx, s.Out, course.Checks())
}

// examine makes the checks in order and prints what each found, and at the end what
// to type. The error is errSaid if something is missing.
func examine(ctx context.Context, out io.Writer, checks []setup.Check) error {
	failed := make(map[string]bool)
	var missing []setup.Check
	for _, check := range checks {
		if failed[check.Needs] {
			failed[check.Name] = true
			fmt.Fprintf(out, "%-11s %-7s not checked: it needs %s\n", check.Name, "?", check.Needs)
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
		fmt.Fprintf(out, "%-11s %-7s %s\n%20sto fix it: %s\n", check.Name, verdict, found, "", check.Mend)
	}
	if len(missing) == 0 {
		fmt.Fprintln(out, "\nEverything is here: go run ./cmd/stepwise lab")
		return nil
	}
	if i := slices.IndexFunc(missing, func(c setup.Check) bool { return c.Name == "Go" }); i >= 0 {
		fmt.Fprintf(out, "\n%d missing. Begin with Go, because without it the rest can't be installed: %s\n", len(missing), missing[i].Mend)
		return errSaid
	}
	fmt.Fprintf(out, "\n%d missing. To install what can be installed: go run ./cmd/stepwise lab\n", len(missing))
	return errSaid
}
