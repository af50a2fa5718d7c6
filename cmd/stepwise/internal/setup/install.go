// install.go: ways to a Jupyter where there is none, in this order: a virtual
// environment inside the clone, by pip; Debian's packages; or else the command
// to type. Read jupyter.go first.

package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/child"
)

var (
	debianJupyter = []string{"jupyter-notebook", "jupyter-nbconvert", "python3-nbclient"}
	pipJupyter    = []string{"jupyterlab>=4,<5", "nbclient>=0.10,<1"}

	// ErrNoApt says that this machine's packages can't be installed by us.
	ErrNoApt = errors.New("no apt-get here that may be run without a password")
)

// installJupyter takes the first way that works. Its error holds why each did
// not, and what to type.
func (c Course) installJupyter(ctx context.Context, say func(string)) error {
	pip := c.pip(ctx, say)
	if pip == nil {
		return nil
	}
	if ctx.Err() != nil {
		return pip
	}
	debian := apt(ctx, say, debianJupyter...)
	if debian == nil {
		return nil
	}
	return fmt.Errorf("%w, and none could be installed: install it, then try again:\n    %s\nWhat was tried:\n  by pip: %w\n  by apt-get: %w",
		ErrNoJupyter, jupyterByHand(), pip, debian)
}

// jupyterByHand is the command that installs Jupyter on this machine.
func jupyterByHand() string {
	if _, err := exec.LookPath("apt-get"); err == nil {
		return aptByHand(debianJupyter...)
	}
	return "python3 -m venv .stepwise/venv && .stepwise/venv/bin/pip install jupyterlab nbclient"
}

func aptByHand(packages ...string) string {
	return "sudo apt-get install --no-install-recommends " + strings.Join(packages, " ")
}

// pip makes a virtual environment in the clone. Without a network it gives up
// within seconds, and an environment that is not whole is removed: the next
// start would take it for a Jupyter.
func (c Course) pip(ctx context.Context, say func(string)) error {
	python, err := exec.LookPath("python3")
	if err != nil {
		return fmt.Errorf("looking for a python3: %w", err)
	}
	if err := c.makePrivate(); err != nil {
		return err
	}
	venv := c.private("venv")
	say("trying pip, into " + filepath.Join(".stepwise", "venv"))
	// In a folder of ours: Python takes the modules of -m from the current one first.
	err = child.Run(ctx, child.Program{Name: python, Dir: c.private(), Args: []string{"-m", "venv", "--clear", venv}})
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
		defer cancel()
		args := []string{"-m", "pip", "install", "--quiet", "--timeout", "5", "--retries", "0"}
		err = child.Run(limited, child.Program{Name: filepath.Join(venv, "bin", "python"), Dir: c.private(), Args: append(args, pipJupyter...)})
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(venv))
	}
	return nil
}

// apt installs Debian's packages as root or by a sudo that asks nothing.
func apt(ctx context.Context, say func(string), packages ...string) error {
	path, err := exec.LookPath("apt-get")
	if err != nil {
		return ErrNoApt
	}
	var prefix []string
	if os.Geteuid() != 0 {
		if child.Run(ctx, child.Program{Name: "sudo", Args: []string{"-n", "true"}}) != nil {
			return fmt.Errorf("%w: %s", ErrNoApt, aptByHand(packages...))
		}
		prefix = []string{"sudo", "-n"}
	}
	say("installing by apt-get: " + strings.Join(packages, " "))
	install := append([]string{path, "install", "-y", "--no-install-recommends"}, packages...)
	for _, command := range [][]string{{path, "update"}, install} {
		command = append(append([]string{}, prefix...), command...)
		err := child.Run(ctx, child.Program{Name: command[0], Args: command[1:], Env: []string{"DEBIAN_FRONTEND=noninteractive"}})
		if err != nil {
			return fmt.Errorf("installing %s: %w", strings.Join(packages, " "), err)
		}
	}
	return nil
}
