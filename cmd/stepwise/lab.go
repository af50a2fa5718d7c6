// lab.go: `stepwise lab`. Read cli.go first; internal/lab does the work.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/lab"
	"stepwise/cmd/stepwise/internal/setup"
)

const startHere = "00-start-here.ipynb"

type labCommand struct {
	NoBrowser bool `help:"Print the address, but open no browser."`
	Port      int  `default:"-1" placeholder:"N" help:"Port to listen on; 0 is any free port (default: 8888, or the next free one)."`
}

func (labCommand) Help() string {
	return `Sets up what is missing, with one line for each step, and opens the lessons. Everything it makes goes into the folder .stepwise of the course. The first start builds the notebooks' kernel, which takes a minute or two; later starts take seconds. If there is no Jupyter and pip can't install one, it installs Debian's packages, as root or with sudo.

Examples:

  stepwise lab
  stepwise lab --no-browser --port 9000

Ctrl-C ends it, and Jupyter with it.`
}

func (c *labCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	if c.Port < -1 || c.Port > 65535 {
		return &usageError{fmt.Errorf("--port %d: a port is a number from 0 to 65535", c.Port)}
	}
	port, err := lab.ChoosePort(c.Port)
	if err != nil {
		return try(err, "lab", "--port", "0")
	}
	if info, err := os.Stat(course.Notebooks()); err != nil || !info.IsDir() {
		return fmt.Errorf("the lessons are missing: there is no folder %q", course.Notebooks())
	}
	jupyter := course.Jupyter()
	if err := setup.Prepare(ctx, s.Out, course.Modules(), jupyter.Step(), course.Kernel()); err != nil {
		return err
	}
	server := lab.Server{Jupyter: jupyter, Env: course.Environment(), Dir: course.Notebooks(), Port: port,
		Token: lab.NewToken(), Browser: !c.NoBrowser, Out: s.Err}
	if _, err := os.Stat(filepath.Join(server.Dir, startHere)); err == nil {
		server.File = startHere
	}
	if _, err := server.Trust(ctx); err != nil {
		fmt.Fprintf(s.Err, "stepwise: %v: you see a picture once you run its cell\n", err)
	}
	err = server.Run(ctx, func(url string) {
		fmt.Fprintf(s.Out, "\nThe course is open at\n\n    %s\n\nCtrl-C ends it.\n", url)
	})
	if err == nil {
		fmt.Fprintln(s.Out, "\nJupyter has ended.")
	}
	return err
}
