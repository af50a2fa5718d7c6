// gomacro doesn't know the type that go/types has used for aliases since Go 1.23;
// this setting restores the old behavior. Go 1.27 drops it; go.mod pins the toolchain.
//
//go:debug gotypesalias=0

// Command play plays one notebook in the terminal. `stepwise run` builds it and
// becomes it. It is a program of its own because its interpreter takes a minute to
// compile, and the stepwise command must start at once.
//
//	play [--all] [--trace] NOTEBOOK
//
// Its exit status is 0 at the end of the notebook, 1 if a cell fails or the reader
// interrupts it, 2 if it was called wrongly.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"golang.org/x/term"

	"stepwise/cmd/stepwise/internal/notebook"
	"stepwise/cmd/stepwise/internal/player"
)

// widest is the maximum length of a line of prose: longer lines are hard to read.
const widest = 96

func main() {
	all := flag.Bool("all", false, "run all cells without waiting for Enter")
	traced := flag.Bool("trace", false, "after each cell, show what its loops did")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "play: don't start this program yourself, stepwise run does\nTry: stepwise run 09")
		os.Exit(2)
	}
	if err := play(flag.Arg(0), *all, *traced); err != nil {
		fmt.Fprintln(os.Stderr, "stepwise:", err)
		os.Exit(1)
	}
}

func play(path string, all, traced bool) error {
	nb, err := notebook.Read(path)
	if err != nil {
		return err
	}
	// Cells run in the notebook's folder, as in Jupyter; errors name the notebook as
	// it was given.
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("playing %s: %w", path, err)
	}
	nb.Path = filepath.Base(path)
	p := &player.Player{Out: os.Stdout, Width: 80, Trace: traced}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		p.Screen = true
		p.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
			p.Width = min(width, widest)
		}
		if !all && term.IsTerminal(int(os.Stdin.Fd())) {
			p.In = os.Stdin
		}
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		for range interrupts {
			if !p.Interrupt() {
				fmt.Fprintln(os.Stderr, "\nstepwise: stopped")
				os.Exit(1)
			}
			fmt.Fprintln(os.Stderr, "\ninterrupting the cell; a second Ctrl-C ends the lesson")
		}
	}()
	return p.Play(nb)
}
