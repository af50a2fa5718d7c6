// site.go: `stepwise site`. Read cli.go first; package internal/site does the work.

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/site"
)

type siteCommand struct {
	Output string `short:"o" required:"" type:"path" placeholder:"DIR" help:"Write the pages into DIR: a new or empty folder, or an earlier site."`
}

func (siteCommand) Help() string {
	return `Makes a web page of each lesson, with its outputs and pictures, and follows every link. The pages fetch nothing: open DIR/index.html from the disk, or copy DIR to a USB stick or any web server. The command runs no cells and needs only Go.

A second run updates the pages. It never overwrites a file that you changed or one that isn't a page.

A notebook that somebody sent you can't put a program, form or frame on a page, nor any file of yours, except pictures in the notebooks' folder. If something was left out, it is listed, and the exit status is 1.

Examples:

  stepwise site -o site
  stepwise site -o site && chromium site/index.html`
}

func (c *siteCommand) Run(ctx context.Context, course setup.Course, s streams) error {
	pages, err := render(ctx, course.Notebooks())
	if err != nil {
		return err
	}
	links, err := site.Check(pages)
	if err != nil {
		return err
	}
	err = site.Write(c.Output, pages)
	if errors.Is(err, site.ErrOccupied) || errors.Is(err, syscall.ENOTDIR) { // a file stands there
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%s; open %s\n", setup.Count(len(pages), "page"), filepath.Join(c.Output, "index.html"))
	fmt.Fprintf(s.Out, "%s to places on the site, %d to other sites\n", setup.Count(links.Inside, "link"), len(links.Out))
	for _, l := range links.Out {
		fmt.Fprintf(s.Out, "    %s (%s): not tried\n", l.Target, l.Page)
	}
	if len(links.Broken) == 0 {
		return nil
	}
	var all strings.Builder
	for _, l := range links.Broken {
		fmt.Fprintf(&all, "\n    %s: %s: %s", l.Page, l.Target, l.Why)
	}
	return fmt.Errorf("the site is written, with %s:%s", setup.Count(len(links.Broken), "wrong link"), &all)
}

// render is site.Render, but ends with ctx at once, even in the middle of a notebook
// that takes long to read.
func render(ctx context.Context, dir string) ([]site.Page, error) {
	type result struct {
		pages []site.Page
		err   error
	}
	done := make(chan result, 1)
	go func() {
		pages, err := site.Render(ctx, dir)
		done <- result{pages, err}
	}()
	select {
	case r := <-done:
		return r.pages, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
