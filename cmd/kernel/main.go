//go:build stepwise_kernel

package main

import (
	"fmt"
	"os"
	"runtime/debug"

	_ "stepwise/cmd/kernel/tables"
)

// ProtocolVersion is the version of Jupyter's messages that the kernel speaks.
const ProtocolVersion = "5.3"

// version is that of the gophernotes whose files are laid over this folder.
const version = "0.7.5"

// main is what Jupyter starts; the one argument is the connection file that it
// wrote. The kernel ends at a shutdown request, with 0, or when it can't begin.
// garbage is how much of it may pile up, in percent of what is in use: a class runs many
// kernels on one machine, each of which holds more than its cells' data from the start.
const garbage = 40

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "kernel: started with", len(os.Args)-1, "arguments, want one, the connection file: Jupyter starts this program, not you")
		os.Exit(2)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func run(connectionFile string) error {
	connection, err := readConnection(connectionFile)
	if err != nil {
		return err
	}
	sockets, err := connection.listen()
	if err != nil {
		return err
	}
	kernel, err := newKernel(sockets)
	if err != nil {
		return err
	}
	sockets.tellMissed(kernel.output.cell.Load)
	if kernel.last, err = openLastWords(connectionFile); err != nil {
		serverLog.Println(err, "(so the notebook won't say why this kernel ended)")
	}
	if err := kernel.starting(); err != nil {
		serverLog.Println("saying that it is starting:", err)
	}
	go endWithParent(kernel.last)
	kernel.serve()
	return nil
}
