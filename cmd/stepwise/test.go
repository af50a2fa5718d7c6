// test.go: `stepwise test`. Read cli.go first; internal/suite has the stages.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/suite"
)

type testCommand struct {
	Short bool   `help:"Skip slow tests, as go test -short does."`
	Run_  string `name:"run" placeholder:"PATTERN" help:"Run only the tests that match, as go test -run does, and the lessons with those names."`
}

func (testCommand) Help() string {
	return `Checks in stages: setup (installs what is missing, as lab does), format, paths, vet, all Go tests, and every notebook in real Jupyter. The Go tests run with the race detector, except for those of the notebooks' interpreter, which has races of its own. A notebook's outputs must be the committed ones, apart from addresses, ports, descriptors, process ids and measured times. Every stage runs, even after one has failed. A summary with times comes last.

Examples:

  stepwise test
  stepwise test --short
  stepwise test -run Lesson09           lesson 09: its tests and its notebook
  stepwise test -run Lesson09Send/W01   one case, and the notebook`
}

func (c *testCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	var wrong *suite.PatternError
	if err := suite.Check(course.Dir, course.Notebooks(), c.Run_); errors.As(err, &wrong) {
		return &usageError{err}
	} else if err != nil {
		return err
	}
	jupyter := course.Jupyter()
	// Run the tests even if the kernel doesn't build: they say why it doesn't. Only
	// the notebooks need it.
	ready := errors.New("it was not tried")
	prepare := suite.Stage{Name: "setup", Run: func(ctx context.Context, out io.Writer) (string, error) {
		ready = setup.Prepare(ctx, out, course.Modules(), course.Compiler(), jupyter.Step(), course.Kernel())
		return "", ready
	}}
	play := func(ctx context.Context, nb *notebook.Notebook) (*notebook.Notebook, error) {
		if ready != nil {
			return nil, fmt.Errorf("%s was not run: the setup failed", nb.Path)
		}
		return notebook.Runner{Python: jupyter.Python, Env: course.Environment()}.Run(ctx, nb)
	}
	err := suite.Run(ctx, s.Out, prepare,
		suite.Format(course.Dir),
		suite.Paths(course.Dir),
		suite.Vet(course.Dir),
		suite.Tests(course.Dir, c.Short, c.Run_),
		suite.Notebooks(course.Notebooks(), c.Run_, play))
	if errors.Is(err, suite.ErrFailed) {
		return errSaid
	}
	return err
}
