//go:build stepwise_kernel

package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// The kernel keeps three promises:
//
//  1. What the reader defined is never lost: an endless cell is stopped, one that
//     is stuck in a system call is left behind, and the next one goes on.
//  2. Cells run one at a time, in the order in which they came; a request on the
//     control channel is answered at once, whatever a cell is doing.
//  3. What a cell prints is in the notebook before its reply is, and what its
//     goroutines print later is not lost.
//
// Nothing that may wait must be added to control: it is the reader's brake.

// serverLog takes what goes wrong in the kernel itself to the server's log: it is
// made before os.Stderr is replaced.
var serverLog = log.New(os.Stderr, "kernel: ", 0)

// A Kernel runs cells for one notebook. gophernotes' display.go fixes its name
// and those of its first three fields. One goroutine owns it, that of serve; the
// interpreter belongs to the worker while a cell runs.
type Kernel struct {
	ir      *fast.Interp             // knows what the cells defined
	display *fast.Import             // package display, as cells see it
	render  map[string]xreflect.Type // the interfaces by which a value shows itself

	sockets    SocketGroup
	requests   chan msgReceipt // on shell, in order
	interrupts chan struct{}   // holds one at most: a reader may be impatient
	worker     *worker         // runs the cells; replaced when one is left behind
	output     *output         // takes what cells print to the notebook
	count      int             // of the last cell: the number that stands beside it
	enter      func()          // interpreted; the goroutine that calls it is known to gomacro
}

// newKernel makes a kernel that is ready to serve. It takes over os.Stdout,
// os.Stderr and the log: there may be one in a process.
func newKernel(sockets SocketGroup) (*Kernel, error) {
	k := &Kernel{
		sockets:    sockets,
		requests:   make(chan msgReceipt, 1000),
		interrupts: make(chan struct{}, 1),
	}
	k.worker = newWorker(k)
	if err := k.worker.prepare(); err != nil {
		return nil, fmt.Errorf("starting the interpreter: %w", err)
	}
	k.initRenderers()
	out, err := newOutput()
	if err != nil {
		return nil, err
	}
	k.output = out
	return k, nil
}

// prepareInterpreter makes the interpreter, in the worker's goroutine.
func (k *Kernel) prepareInterpreter() error {
	k.ir = fast.New()
	// gomacro talks about its own doings; none of it is meant for a learner.
	k.ir.Comp.Stdout, k.ir.Comp.Stderr = io.Discard, io.Discard
	// With no importer gomacro learns types by reflection. It would otherwise run
	// the go command, and print a warning for every generic function it meets.
	k.ir.Comp.Universe.Importer = &xreflect.Importer{}
	k.ir.DeclVar("Display", nil, k.show)
	k.ir.DeclFunc(reportPanic, k.goroutinePanicked)
	imported, err := k.ir.ImportPackagesOrError(map[string]fast.PackageName{"display": "display"})
	if err != nil {
		return err
	}
	k.display = imported["display"]
	enter, _ := k.ir.Eval1("(func() { i := 0; i++ })")
	k.enter = enter.Interface().(func())
	return nil
}

// serve answers requests until one asks for the end. Interrupts come as a message
// or as a signal: Jupyter's fronts differ.
func (k *Kernel) serve() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			k.interrupt()
		}
	}()
	go k.sockets.echo()
	go k.sockets.receive(k.sockets.ControlSocket, k.control)
	go k.sockets.receive(k.sockets.ShellSocket, func(r msgReceipt) { k.requests <- r })
	for r := range k.requests {
		k.answer(r)
	}
}

// answer handles one request of the shell channel.
func (k *Kernel) answer(r msgReceipt) {
	k.status(r, "busy")
	defer k.status(r, "idle")
	var err error
	switch r.Msg.Header.MsgType {
	case "execute_request":
		err = k.execute(r)
	case "shutdown_request":
		k.shutdown(r)
	default:
		err = k.inform(r)
	}
	if err != nil {
		serverLog.Println(err)
	}
}

// control handles one request of the control channel, in a goroutine of its own.
// It never waits for a cell.
func (k *Kernel) control(r msgReceipt) {
	k.status(r, "busy")
	defer k.status(r, "idle")
	var err error
	switch r.Msg.Header.MsgType {
	case "interrupt_request":
		k.interrupt()
		err = r.Reply("interrupt_reply", map[string]any{"status": "ok"})
	case "shutdown_request":
		k.shutdown(r)
	case "kernel_info_request":
		err = r.Reply("kernel_info_reply", kernelInfo())
	}
	if err != nil {
		serverLog.Println(err)
	}
}

// shutdown ends the process, as the protocol wants it, cell or no cell.
func (k *Kernel) shutdown(r msgReceipt) {
	request, _ := content[struct {
		Restart bool `json:"restart"`
	}](r)
	k.output.flush()
	if err := r.Reply("shutdown_reply", map[string]any{"status": "ok", "restart": request.Restart}); err != nil {
		serverLog.Println("saying goodbye:", err)
	}
	k.status(r, "idle")
	os.Exit(0)
}

// status tells all fronts whether the kernel is busy with r.
func (k *Kernel) status(r msgReceipt, state string) {
	if err := r.PublishKernelStatus(state); err != nil {
		serverLog.Println("publishing that it is", state+":", err)
	}
}
