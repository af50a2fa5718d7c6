// install.go: installing Jupyter. It tries pip, into a virtual environment inside the
// clone, then Debian's packages; if both fail, it says what to type. Read jupyter.go
// first.

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

	// ErrNoApt says that we can't install packages on this machine.
	ErrNoApt = errors.New("there is no apt-get here that can be run without a password")
)

// installJupyter takes the first way that works. Its error says why each way failed,
// and what to type.
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
	return fmt.Errorf("%w, and it could not be installed: install it, then try again:\n    %s\nWhat was tried:\n  with pip: %w\n  with apt-get: %w",
		ErrNoJupyter, jupyterByHand(), pip, debian)
}

// jupyterByHand returns the command that installs Jupyter on this machine.
func jupyterByHand() string {
	if _, err := exec.LookPath("apt-get"); err == nil {
		return aptByHand(debianJupyter...)
	}
	return "python3 -m venv .stepwise/venv && .stepwise/venv/bin/pip install jupyterlab nbclient"
}

func aptByHand(packages ...string) string {
	return "sudo apt-get install --no-install-recommends " + strings.Join(packages, " ")
}

// pip makes a virtual environment in the clone. Without a network it gives up within
// seconds. It removes an incomplete environment, which the next start would mistake
// for a Jupyter.
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
	// Run in a folder of ours: Python looks for the modules of -m in the current one
	// first.
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

// apt installs Debian's packages as root, or with a sudo that needs no password.
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
	say("installing with apt-get: " + strings.Join(packages, " "))
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
