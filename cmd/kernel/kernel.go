//go:build stepwise_kernel

package main

import (
	"log"
	"os"
	"os/signal"

	"stepwise/cmd/kernel/cell"
	"stepwise/cmd/kernel/display"
	"stepwise/cmd/kernel/history"
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

// serverLog writes what goes wrong in the kernel itself to the server's log; it is made
// before os.Stderr is replaced.
var serverLog = log.New(os.Stderr, "kernel: ", 0)

// A Kernel runs cells for one notebook. One goroutine owns it, that of serve.
type Kernel struct {
	session  *cell.Session // runs the cells
	sockets  SocketGroup
	requests chan msgReceipt // on shell, in order
	output   *output         // takes what cells print to the notebook
	typed    chan string     // lines that came by stdin; holds one at most
	history  history.History // the cells that count
	count    int             // of the last of them: the number that stands beside it
	last     *lastWords      // what the next kernel should know if this one is ended; nil: nothing
}

// newKernel makes a kernel that is ready to serve. It takes over os.Stdout, os.Stderr
// and the log, so a process can have only one at a time.
func newKernel(sockets SocketGroup) (*Kernel, error) {
	session, err := cell.New()
	if err != nil {
		return nil, err
	}
	out, err := newOutput()
	if err != nil {
		return nil, err
	}
	display.SetScreen(out)
	return &Kernel{session: session, sockets: sockets, requests: make(chan msgReceipt, 1000), output: out, typed: make(chan string, 1)}, nil
}

// serve answers requests until one asks for the end. Interrupts come as a message
// or as a signal: Jupyter's fronts differ.
func (k *Kernel) serve() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			k.session.Interrupt()
		}
	}()
	go k.sockets.echo()
	go k.sockets.receive(k.sockets.ControlSocket, k.control)
	go k.sockets.receive(k.sockets.StdinSocket, k.hear)
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
		k.session.Interrupt()
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

// shutdown ends the process, as the protocol requires, even while a cell runs.
func (k *Kernel) shutdown(r msgReceipt) {
	request, _ := content[struct {
		Restart bool `json:"restart"`
	}](r)
	k.output.flush()
	if err := r.Reply("shutdown_reply", map[string]any{"status": "ok", "restart": request.Restart}); err != nil {
		serverLog.Println("saying goodbye:", err)
	}
	k.status(r, "idle")
	k.sockets.flush()
	k.last.close()
	os.Exit(0)
}

// status tells all fronts whether the kernel is busy with r.
func (k *Kernel) status(r msgReceipt, state string) {
	if err := r.PublishKernelStatus(state); err != nil {
		serverLog.Println("publishing that it is", state+":", err)
	}
}

// starting tells all fronts, once and without being asked, that a kernel is there.
func (k *Kernel) starting() error {
	nobody := msgReceipt{Sockets: k.sockets}
	return nobody.PublishKernelStatus("starting")
}
