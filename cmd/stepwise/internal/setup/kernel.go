// kernel.go: the notebooks' kernel, built from this clone into .stepwise, where
// Jupyter finds it by JUPYTER_PATH. Nothing is installed for the whole machine: each
// clone has a kernel of its own. Read course.go and program.go first.

package setup

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"stepwise/cmd/kernel/build"
	"stepwise/cmd/stepwise/internal/kernelspec"
)

// Kernel builds the kernel if the clone has changed since the last build, and writes
// its kernelspec.
func (c Course) Kernel() Step {
	return Step{Name: "kernel", Ready: func(ctx context.Context, say func(string)) (string, error) {
		binary, err := c.BuildKernel(ctx, say)
		if err != nil {
			return "", err
		}
		return "built from this clone", c.writeSpec(binary)
	}}
}

// BuildKernel returns the path of this clone's kernel. It calls say before it builds
// one; if nothing has changed since the last time, it builds none.
func (c Course) BuildKernel(ctx context.Context, say func(string)) (string, error) {
	return c.build(ctx, say, c.kernel())
}

func (c Course) kernel() program {
	return program{"stepwise-kernel", ofKernel, func(ctx context.Context, out string) error {
		return build.Build(ctx, c.Dir, out, nil)
	}}
}

func (c Course) writeSpec(binary string) error {
	dir := []string{"share", "jupyter", "kernels", build.SpecName}
	if err := c.makePrivate(dir...); err != nil {
		return err
	}
	for name, content := range kernelspec.Files(binary) {
		if err := writeIfNew(filepath.Join(c.private(dir...), name), content); err != nil {
			return err
		}
	}
	return nil
}

// Environment returns the variables to start a Jupyter of this course with. They put our
// kernelspec before any other with its name, and turn on the extension by which
// Notebook 6 folds solutions.
func (c Course) Environment() []string {
	classic := filepath.Join(c.Dir, "cmd", "stepwise", "internal", "setup", "notebook6")
	return []string{
		pathVariable("JUPYTER_PATH", c.private("share", "jupyter"), classic),
		pathVariable("JUPYTER_CONFIG_PATH", classic),
	}
}

// pathVariable puts folders before those that the variable lists.
func pathVariable(name string, folders ...string) string {
	if others := os.Getenv(name); others != "" {
		folders = append(folders, others)
	}
	return name + "=" + strings.Join(folders, string(filepath.ListSeparator))
}
