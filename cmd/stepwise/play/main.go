// gomacro does not know the type that go/types gives to aliases since Go 1.23:
// this brings the old behaviour back. Go 1.27 drops it; go.mod pins the toolchain.
//
//go:debug gotypesalias=0

// Command play plays one notebook in the terminal. `stepwise run` builds it and
// becomes it; it is a program of its own since it has an interpreter in it, which
// takes a minute to compile, and the stepwise command must be there at once.
//
//	play [--all] [--trace] NOTEBOOK
//
// Its exit status is 0 at the end, 1 at the first cell that fails or where the
// reader interrupts, 2 if it was called wrongly.
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

// widest is how long a line of prose may be: longer ones are hard to read.
const widest = 96

func main() {
	all := flag.Bool("all", false, "run all cells, and wait for nobody")
	traced := flag.Bool("trace", false, "after each cell, show what its loops did")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "play: stepwise run starts this program, not you\nTry: stepwise run 09")
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
	// Cells run where the notebook lies, as in Jupyter; errors name it as it was given.
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("playing %s: %w", path, err)
	}
	nb.Path = filepath.Base(path)
	p := &player.Player{Out: os.Stdout, Width: 80, Trace: traced}
	if term.IsTerminal(int(os.Stdout.Fd())) {
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
			fmt.Fprintln(os.Stderr, "\ninterrupting the cell; Ctrl-C once more ends the lesson")
		}
	}()
	return p.Play(nb)
}
