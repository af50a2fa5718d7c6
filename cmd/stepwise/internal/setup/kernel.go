// kernel.go: the notebooks' kernel, built from this clone into .stepwise, where
// Jupyter finds it by JUPYTER_PATH. Nothing is installed for the whole machine:
// two clones have a kernel each. Read course.go first.

package setup

import (
	"context"
	"os"
	"path/filepath"

	"stepwise/cmd/kernel/build"
)

// Kernel builds the kernel and writes its kernelspec. It always asks the go
// command, which knows better than any date whether a build is fresh.
func (c Course) Kernel() Step {
	return Step{Name: "kernel", Ready: func(ctx context.Context, say func(string)) (string, error) {
		binary := c.private("bin", "stepwise-kernel")
		if _, err := os.Stat(binary); err != nil {
			say("building (about a minute the first time)")
		}
		if err := c.makePrivate("bin"); err != nil {
			return "", err
		}
		if err := build.Build(ctx, c.Dir, binary, nil); err != nil {
			return "", err
		}
		return "built from this clone", c.writeSpec(build.KernelSpec(binary))
	}}
}

func (c Course) writeSpec(spec []byte) error {
	if err := c.makePrivate("share", "jupyter", "kernels", build.SpecName); err != nil {
		return err
	}
	return writeIfNew(c.private("share", "jupyter", "kernels", build.SpecName, "kernel.json"), spec)
}

// Environment is what a Jupyter of this course is started with: our kernelspec
// stands before any other of its name.
func (c Course) Environment() []string {
	path := c.private("share", "jupyter")
	if others := os.Getenv("JUPYTER_PATH"); others != "" {
		path += string(filepath.ListSeparator) + others
	}
	return []string{"JUPYTER_PATH=" + path}
}
