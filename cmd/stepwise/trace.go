// trace.go: `stepwise trace`. Read fetch.go first; pkg/draw makes the pictures.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/pkg/draw"
	"stepwise/pkg/loop"
	"stepwise/pkg/trace"
)

// traceCommand has a field for each command that can be traced: a command that runs
// a loop and can take other options for it.
type traceCommand struct {
	Output  string     `short:"o" placeholder:"FILE" help:"Write the picture to FILE, in the form of its extension: .svg, .txt, or .json for ui.perfetto.dev (default: text to standard output)."`
	Picture string     `enum:"sequence,timeline,order,futures,tree" default:"sequence" help:"What to draw: sequence, timeline, order, futures or tree (default: sequence)."`
	Fetch   traceFetch `cmd:"" help:"Fetch pages, all at once, and draw how it went."`
	Serve   traceServe `cmd:"" help:"Serve until Ctrl-C, and draw how it went."`
}

func (traceCommand) Help() string {
	return `Runs a command and draws what its loop did: which call led to which, where it slept and what woke it. The file is written even if the command fails.

  sequence  who called whom, from the loop down to the yield and back
  timeline  who ran and who waited, a lane for each task
  order     the same, with all events at equal distances
  futures   what each future waited for, and how it ended
  tree      which task waits for which

A .json file has everything, in the Trace Event Format of Chrome's tracing; open it on ui.perfetto.dev.

Examples:

  stepwise trace fetch http://127.0.0.1:8000/
  stepwise trace -o out.svg --picture timeline fetch http://127.0.0.1:8000/ http://localhost:8000/LICENSE`
}

type traceFetch struct {
	fetchFlags `embed:""`
}

func (traceFetch) Help() string {
	return `Fetches all URLs at once, as stepwise fetch does, and draws how it went. The bodies are not printed.`
}

// Run is called for stepwise trace fetch.
func (c *traceFetch) Run(ctx context.Context, s streams, all *commands) error {
	return all.Trace.record(s, func(s streams, o loop.Options) error { return c.run(ctx, s, o) })
}

// traceServe is stepwise serve, recorded.
type traceServe struct {
	Echo traceEcho `cmd:"" help:"Send back what clients send."`
	HTTP traceHTTP `cmd:"" name:"http" help:"Serve the files of a folder."`
}

type traceEcho struct {
	serveEcho `embed:""`
}

type traceHTTP struct {
	serveHTTP `embed:""`
}

// Run is called for stepwise trace serve echo.
func (c *traceEcho) Run(ctx context.Context, s streams, all *commands) error {
	return all.Trace.record(s, func(_ streams, o loop.Options) error { return c.run(ctx, streams{s.Err, s.Err}, o) })
}

// Run is called for stepwise trace serve http.
func (c *traceHTTP) Run(ctx context.Context, s streams, all *commands) error {
	return all.Trace.record(s, func(_ streams, o loop.Options) error { return c.run(ctx, streams{s.Err, s.Err}, o) })
}

// record runs a command on a recorded loop and writes the picture. It drops what the
// command prints to standard output.
func (c *traceCommand) record(s streams, run func(streams, loop.Options) error) error {
	if err := c.check(); err != nil {
		return err
	}
	r := trace.NewRecorder(0)
	err := run(streams{Out: io.Discard, Err: s.Err}, loop.Options{Probe: r})
	var wrong *usageError
	if errors.As(err, &wrong) {
		return err // nothing ran
	}
	return errors.Join(err, c.write(s, draw.Of(r)))
}

// check refuses a file name that could not be written in the end.
func (c *traceCommand) check() error {
	if c.Output == "" {
		return nil
	}
	switch filepath.Ext(c.Output) {
	case ".svg", ".txt", ".json":
	default:
		return &usageError{fmt.Errorf("-o %s: the name must end in .svg, .txt or .json", c.Output)}
	}
	return checkTarget(c.Output)
}

func (c *traceCommand) write(s streams, r *draw.Recording) error {
	picture := map[string]func() *draw.Picture{
		"sequence": r.Sequence, "timeline": r.Timeline, "order": r.TimelineInOrder, "futures": r.Futures, "tree": r.Tree,
	}[c.Picture]()
	if c.Output == "" {
		_, err := fmt.Fprint(s.Out, picture)
		return err
	}
	data := []byte(picture.String())
	switch filepath.Ext(c.Output) {
	case ".svg":
		data = []byte(picture.SVG())
	case ".json":
		data = r.Chrome()
	}
	if err := os.WriteFile(c.Output, data, 0o644); err != nil {
		return fmt.Errorf("writing the picture: %w; name another file with -o", err)
	}
	_, err := fmt.Fprintf(s.Err, "stepwise: %s shows %s\n", c.Output, setup.Count(len(r.Events), "event"))
	return err
}
