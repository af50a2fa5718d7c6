// kernel.go: `stepwise kernel` installs the notebooks' kernel for every Jupyter of a
// user or a machine; `stepwise lab` keeps its own inside the clone. Read cli.go
// first; internal/kernelspec does the work.

package main

import (
	"context"
	"errors"
	"fmt"

	"stepwise/cmd/stepwise/internal/kernelspec"
	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/shell"
)

type kernelCommand struct {
	Install   kernelInstall   `cmd:"" help:"Build the kernel and put it where your Jupyter or VS Code finds it."`
	Uninstall kernelUninstall `cmd:"" help:"Remove what install made."`
	Path      kernelPath      `cmd:"" help:"Print the folder that it is installed in."`
}

func (kernelCommand) Help() string {
	return `You don't need this for stepwise lab, which has a kernel of its own. Install the kernel to open the notebooks in a Jupyter that you start yourself, or in VS Code.

Examples:

  stepwise kernel install                        for you alone
  stepwise kernel install --prefix /usr/local    for everybody on this machine
  stepwise kernel uninstall

A second install does nothing, unless the course's packages, go.mod or the version of Go have changed since: then it rebuilds the kernel.`
}

// place has the flags that say where the kernel is installed.
type place struct {
	User   bool   `xor:"place" help:"Your own Jupyter folder (the default)."`
	Prefix string `xor:"place" placeholder:"DIR" help:"DIR/share/jupyter: /usr/local for everybody, or a virtual environment."`
}

func (p place) folder() (kernelspec.Folder, error) {
	if p.Prefix != "" {
		return kernelspec.Under(p.Prefix)
	}
	return kernelspec.OfUser()
}

// words are a call of kernel about the same place.
func (p place) words(what string) []string {
	if p.Prefix == "" {
		return []string{"kernel", what}
	}
	return []string{"kernel", what, "--prefix", p.Prefix}
}

type kernelInstall struct {
	place `embed:""`
}

func (c *kernelInstall) Run(ctx context.Context, course setup.Course, s streams) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	if err := setup.Prepare(ctx, s.Out, course.Modules()); err != nil {
		return err
	}
	fingerprint, err := course.Fingerprint(ctx)
	if err != nil {
		return err
	}
	outcome, err := folder.Install(fingerprint, func() (string, error) {
		return course.BuildKernel(ctx, func(what string) { fmt.Fprintf(s.Out, "%-11s %s …\n", "kernel", what) })
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%-11s %s: %s\n", "kernel", outcome, folder)
	if c.Prefix != "" {
		fmt.Fprintln(s.Out, foundWith(folder.Place()))
	}
	return nil
}

// foundWith says how a Jupyter of another prefix finds the kernel; it ends with the
// text to paste before the name of that Jupyter.
func foundWith(place string) string {
	return "A Jupyter of another prefix finds it with " + shell.Assignment("JUPYTER_PATH", place)
}

type kernelUninstall struct {
	place `embed:""`
}

func (c *kernelUninstall) Run(s streams) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	left, err := folder.Uninstall()
	if errors.Is(err, kernelspec.ErrNotInstalled) {
		return try(err, "kernel", "uninstall", "--help") // it may lie elsewhere
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%-11s removed: %s\n", "kernel", folder)
	for _, name := range left {
		fmt.Fprintf(s.Out, "%-11s left there, because install did not make it: %s\n", "", name)
	}
	return nil
}

type kernelPath struct {
	place `embed:""`
}

func (c *kernelPath) Run(s streams) error {
	folder, err := c.folder()
	if err != nil {
		return err
	}
	if err := folder.Find(); errors.Is(err, kernelspec.ErrNotInstalled) {
		return try(err, c.words("install")...)
	} else if err != nil {
		return err
	}
	fmt.Fprintln(s.Out, folder)
	return nil
}

// prebuildCommand builds what takes long once for many copies of the course: the image calls it.
type prebuildCommand struct {
	Dir string `arg:"" help:"Folder for the programs."`
}

// Run is called for stepwise prebuild.
func (c *prebuildCommand) Run(ctx context.Context, course setup.Course) error {
	return course.Prebuild(ctx, c.Dir)
}
