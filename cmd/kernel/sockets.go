//go:build stepwise_kernel

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// This file is the kernel's side of the wire: five sockets, and the message that
// comes out of one. gophernotes' messages.go, which checks signatures and sends
// replies, fixes the names of SocketGroup, Socket and their fields.

// A connection is what Jupyter's connection file says.
type connection struct {
	Transport   string `json:"transport"`
	IP          string `json:"ip"`
	Key         string `json:"key"` // of the messages' signatures; empty: they are not signed
	ShellPort   int    `json:"shell_port"`
	ControlPort int    `json:"control_port"`
	StdinPort   int    `json:"stdin_port"`
	IOPubPort   int    `json:"iopub_port"`
	HBPort      int    `json:"hb_port"`
}

// A Socket is shared by goroutines; its lock is held while one of them sends.
type Socket struct {
	Socket zmq4.Socket
	Lock   *sync.Mutex
}

// RunWithSocket calls run while nobody else sends on the socket.
func (s *Socket) RunWithSocket(run func(zmq4.Socket) error) error {
	s.Lock.Lock()
	defer s.Lock.Unlock()
	return run(s.Socket)
}

// A SocketGroup is one front's five channels. Requests to run code come by shell,
// those that must not wait for it by control; everybody who looks at the notebook
// gets what is published on iopub; hb echoes, as a sign of life; stdin, which asks
// the reader for a line, is there because the protocol wants it.
type SocketGroup struct {
	ShellSocket   Socket
	ControlSocket Socket
	StdinSocket   Socket
	IOPubSocket   Socket
	HBSocket      Socket
	Key           []byte
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

// listen opens the five sockets.
func (c connection) listen(ctx context.Context) (SocketGroup, error) {
	group := SocketGroup{
		ShellSocket:   Socket{zmq4.NewRouter(ctx), new(sync.Mutex)},
		ControlSocket: Socket{zmq4.NewRouter(ctx), new(sync.Mutex)},
		StdinSocket:   Socket{zmq4.NewRouter(ctx), new(sync.Mutex)},
		IOPubSocket:   Socket{zmq4.NewPub(ctx), new(sync.Mutex)},
		HBSocket:      Socket{zmq4.NewRep(ctx), new(sync.Mutex)},
		Key:           []byte(c.Key),
	}
	for _, one := range []struct {
		name   string
		socket Socket
		port   int
	}{
		{"shell", group.ShellSocket, c.ShellPort},
		{"control", group.ControlSocket, c.ControlPort},
		{"stdin", group.StdinSocket, c.StdinPort},
		{"iopub", group.IOPubSocket, c.IOPubPort},
		{"hb", group.HBSocket, c.HBPort},
	} {
		address := fmt.Sprintf("%s://%s:%d", c.Transport, c.IP, one.port)
		if err := one.socket.Socket.Listen(address); err != nil {
			return group, fmt.Errorf("listening on %s for the %s channel: %w", address, one.name, err)
		}
	}
	return group, nil
}

// receive calls each for every message that comes in on the socket, and never
// returns. Replies go out where the request came in.
func (g SocketGroup) receive(socket Socket, each func(msgReceipt)) {
	g.ShellSocket = socket // messages.go replies on this one
	for {
		message, err := socket.Socket.Recv()
		if err != nil {
			serverLog.Println("receiving a request:", err)
			if errors.Is(err, context.Canceled) {
				return
			}
			continue
		}
		parsed, identities, err := parse(message.Frames, g.Key)
		if err != nil {
			serverLog.Println("a request is dropped:", err)
			continue
		}
		each(msgReceipt{Msg: parsed, Identities: identities, Sockets: g})
	}
}

// parse checks and decodes a message. messages.go takes it for granted that all
// parts are there: one that is cut short must not end the kernel.
func parse(frames [][]byte, key []byte) (message ComposedMsg, identities [][]byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it has %d frames, which is too few", len(frames))
		}
	}()
	return WireMsgToComposedMsg(frames, key)
}

// echo answers the heartbeat, so that Jupyter knows the kernel is alive.
func (g SocketGroup) echo() {
	for {
		message, err := g.HBSocket.Socket.Recv()
		if err == nil {
			err = g.HBSocket.Socket.Send(message)
		}
		if errors.Is(err, context.Canceled) {
			return
		}
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
