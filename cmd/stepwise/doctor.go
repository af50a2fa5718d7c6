// doctor.go: `stepwise doctor`. Read cli.go first; setup.Checks does the looking.

package main

import (
	"context"
	"fmt"
	"strings"

	"stepwise/cmd/stepwise/internal/setup"
)

type doctorCommand struct{}

func (doctorCommand) Help() string {
	return `Looks at all that the course needs and installs nothing; it builds the notebooks' kernel, since that is the only way to know that it builds. Where something is missing, the line under it is the one that mends it.`
}

func (doctorCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	missing := 0
	for _, check := range course.Checks() {
		found, err := check.Look(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		verdict := "ok"
		if err != nil {
			found = strings.ReplaceAll(err.Error(), "\n", "\n"+strings.Repeat(" ", 20))
			verdict = "taken"
			if !check.Soft {
				missing++
				verdict = "MISSING"
			}
		}
		fmt.Fprintf(s.Out, "%-11s %-7s %s\n", check.Name, verdict, found)
		if err != nil {
			fmt.Fprintf(s.Out, "%20s%s\n", "", "mend it: "+check.Mend)
		}
	}
	if missing > 0 {
		fmt.Fprintf(s.Out, "\n%d missing. This installs what it can: go run ./cmd/stepwise lab\n", missing)
		return errSaid
	}
	fmt.Fprintln(s.Out, "\nAll is here: go run ./cmd/stepwise lab")
	return nil
}
