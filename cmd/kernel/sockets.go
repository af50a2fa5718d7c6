//go:build stepwise_kernel

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"stepwise/cmd/kernel/signature"
	"stepwise/cmd/kernel/zmtp"
)

// This file is the kernel's side of the wire: five sockets, and the message that
// comes out of one. gophernotes' messages.go, which reads messages and sends
// replies, fixes the names of SocketGroup, Socket and their fields, and takes
// sockets of zmq4's type; what they do is package zmtp's business, and the
// signatures are package signature's.

// A connection is what Jupyter's connection file says.
type connection struct {
	Transport   string `json:"transport"` // "tcp", or "ipc" for unix sockets
	IP          string `json:"ip"`        // of "ipc": the beginning of the sockets' paths
	Key         string `json:"key"`       // of the messages' signatures; empty: they are not signed
	Scheme      string `json:"signature_scheme"`
	ShellPort   int    `json:"shell_port"`
	ControlPort int    `json:"control_port"`
	StdinPort   int    `json:"stdin_port"`
	IOPubPort   int    `json:"iopub_port"`
	HBPort      int    `json:"hb_port"`
}

// A Socket is one that messages can be sent to. Goroutines may share it.
type Socket struct {
	zmq4.Socket              // nil: messages.go calls SendMulti alone
	router      *zmtp.Router // what receive reads; nil in the others
	send        func(frames [][]byte) error
	signer      *signature.Signer
}

// RunWithSocket calls run with the socket; messages.go sends by it.
func (s *Socket) RunWithSocket(run func(zmq4.Socket) error) error { return run(s) }

// SendMulti signs a message and sends it.
func (s *Socket) SendMulti(message zmq4.Msg) error {
	s.signer.Sign(message.Frames)
	return s.send(message.Frames)
}

// A SocketGroup is one front's five channels. Requests to run code come by shell,
// those that must not wait for it by control; every front that shows the notebook gets
// what is published on iopub; the heartbeat echoes, as a sign of life; stdin asks the
// reader for a line.
type SocketGroup struct {
	ShellSocket   Socket
	ControlSocket Socket
	StdinSocket   Socket
	IOPubSocket   Socket
	Key           []byte // empty: Socket signs and checks, so that messages.go doesn't

	urgent    Socket // iopub, for what must not wait for slow readers
	pub       *zmtp.Pub
	heartbeat *zmtp.Echo
	hubs      []interface{ Linger(time.Duration) } // that may have something left to write
}

func readConnection(name string) (connection, error) {
	var c connection
	text, err := os.ReadFile(name)
	if err != nil {
		return c, fmt.Errorf("reading Jupyter's connection file: %w", err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("reading Jupyter's connection file %s: %w", name, err)
	}
	return c, nil
}

// listen opens the five sockets and has all but the heartbeat served.
func (c connection) listen() (SocketGroup, error) {
	signer, err := signature.New(c.Scheme, c.Key)
	if err != nil {
		return SocketGroup{}, fmt.Errorf("reading Jupyter's connection file: %w", err)
	}
	listeners := make(map[string]net.Listener)
	for name, port := range map[string]int{
		"shell": c.ShellPort, "control": c.ControlPort, "stdin": c.StdinPort, "iopub": c.IOPubPort, "hb": c.HBPort,
	} {
		network, address, err := c.endpoint(port)
		if err != nil {
			return SocketGroup{}, err
		}
		if listeners[name], err = zmtp.Listen(network, address); err != nil {
			return SocketGroup{}, fmt.Errorf("listening on %s for the %s channel: %w", address, name, err)
		}
	}
	return serve(listeners, signer), nil
}

// endpoint is where a channel is, as Jupyter has it: IP:port, or the file IP-port.
func (c connection) endpoint(port int) (network, address string, err error) {
	switch c.Transport {
	case "ipc":
		return "unix", c.IP + "-" + strconv.Itoa(port), nil
	case "tcp", "":
		ip := c.IP
		if ip == "*" { // ZeroMQ's name for all interfaces
			ip = ""
		}
		return "tcp", net.JoinHostPort(ip, strconv.Itoa(port)), nil
	}
	return "", "", fmt.Errorf("the connection file of Jupyter wants the transport %q: this kernel has tcp and ipc; set KernelManager.transport to one of them", c.Transport)
}

// serve makes sockets of the listeners.
func serve(listeners map[string]net.Listener, signer *signature.Signer) SocketGroup {
	var g SocketGroup
	limits := zmtp.DefaultLimits()
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil {
		half := min(files.Cur, 1<<20) / 2 // the other half is the cells'
		limits = limits.Within(int(half) / len(listeners))
	}
	route := func(name string) Socket {
		router := zmtp.NewRouter(listeners[name], signer.Check, limits, logger(name))
		g.hubs = append(g.hubs, router)
		go router.Serve()
		return Socket{router: router, send: router.Send, signer: signer}
	}
	g.ShellSocket, g.ControlSocket, g.StdinSocket = route("shell"), route("control"), route("stdin")
	pub := zmtp.NewPub(listeners["iopub"], limits, logger("iopub"))
	g.hubs = append(g.hubs, pub)
	go pub.Serve()
	g.IOPubSocket = Socket{send: pub.Send, signer: signer}
	g.urgent = Socket{send: pub.Post, signer: signer}
	g.pub = pub
	g.heartbeat = zmtp.NewEcho(listeners["hb"], limits, logger("hb"))
	return g
}

// tellMissed tells a front that was disconnected because it took nothing for too long,
// when it comes back, that it has missed something; under the latest cell.
func (g SocketGroup) tellMissed(latest func() *msgReceipt) {
	g.pub.Welcome(func(send func([][]byte) error) {
		cell := latest()
		if cell == nil {
			return
		}
		alone := *cell
		alone.Sockets.IOPubSocket = Socket{send: send, signer: g.IOPubSocket.signer}
		if err := alone.PublishWriteStream(StreamStderr, missed); err != nil {
			serverLog.Println("telling a front what it has missed:", err)
		}
	})
}

const missed = "Some output is missing here: this front, or another one, took none of it for so long that the kernel disconnected it. Its server's log says how much.\n"

// logger takes what goes wrong on a channel to the server's log.
func logger(channel string) func(string, ...any) {
	return func(format string, arguments ...any) {
		serverLog.Printf(channel+": "+format, arguments...)
	}
}

// receive calls each for every message that comes in on the socket, and never
// returns. Replies go out where the request came in. What is published for a request
// on control waits for no slow reader, because the request must not.
func (g SocketGroup) receive(socket Socket, each func(msgReceipt)) {
	if socket.router == g.ControlSocket.router {
		g.IOPubSocket = g.urgent
	}
	g.ShellSocket = socket // messages.go replies on this one
	for {
		frames, err := socket.router.Recv()
		if err != nil {
			serverLog.Println("receiving requests:", err)
			return
		}
		// The router has checked the signature, and that all parts are here.
		message, identities, err := WireMsgToComposedMsg(frames, nil)
		if err != nil {
			serverLog.Println("a request is dropped:", err)
			continue
		}
		each(msgReceipt{Msg: message, Identities: identities, Sockets: g})
	}
}

// echo answers the heartbeat, so that Jupyter knows the kernel is alive.
func (g SocketGroup) echo() { _ = g.heartbeat.Serve() }

// flush waits until what was sent is on its way, for a second at most: the process is
// about to end.
func (g SocketGroup) flush() {
	for _, hub := range g.hubs {
		hub.Linger(time.Second)
	}
}

// content decodes what a request asks for.
func content[T any](r msgReceipt) (T, error) {
	var out T
	text, err := json.Marshal(r.Msg.Content)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return out, fmt.Errorf("decoding a %s: %w", r.Msg.Header.MsgType, err)
	}
	return out, nil
}
