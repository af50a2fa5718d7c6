//go:build stepwise_kernel

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/signature"
)

// These tests drive a kernel without a network: they hand it requests, and note what it
// sends. The sockets are package zmtp's to test, and a whole kernel under a real Jupyter
// client package build's. Like the kernel, they need the overlay and the tag;
// TestKernelPackage of package build runs them.

// A sent is one message of the kernel's.
type sent struct {
	channel, kind string
	parent        string // the kind of the request that it belongs to; empty: none
	content       map[string]any
}

// String is what matters of a message where the order of messages does.
func (s sent) String() string {
	text := s.channel + " " + s.kind
	for _, key := range []string{"execution_state", "status", "execution_count", "name", "text", "ename"} {
		if value, ok := s.content[key]; ok {
			text += fmt.Sprintf(" %v", value)
		}
	}
	return text
}

// A rig is a kernel whose sockets are a notebook's memory.
type rig struct {
	*Kernel
	t    testing.TB
	news chan sent     // each message, for await
	log  *bytes.Buffer // what the kernel tells its server; read it when nothing runs

	mu  sync.Mutex
	all []sent
}

// newRig makes a kernel. What it takes over of the process is given back at the end:
// the testing package prints to os.Stdout too.
func newRig(t testing.TB) *rig {
	t.Helper()
	stdout, stderr, logged := os.Stdout, os.Stderr, log.Writer()
	r := &rig{t: t, news: make(chan sent, 1000), log: new(bytes.Buffer)}
	serverLog.SetOutput(r.log)
	t.Cleanup(func() {
		os.Stdout, os.Stderr = stdout, stderr
		log.SetOutput(logged)
		serverLog.SetOutput(stderr)
	})
	var err error
	r.Kernel, err = newKernel(r.sockets(r.note))
	require.NoError(t, err)
	return r
}

// sockets are channels that hand every message to note.
func (r *rig) sockets(note func(sent)) SocketGroup {
	signer, err := signature.New("", "")
	require.NoError(r.t, err)
	to := func(channel string) Socket {
		return Socket{signer: signer, send: func(frames [][]byte) error {
			message, _, err := WireMsgToComposedMsg(frames, nil)
			content, _ := message.Content.(map[string]any)
			note(sent{channel, message.Header.MsgType, message.ParentHeader.MsgType, content})
			return err
		}}
	}
	return SocketGroup{ShellSocket: to("shell"), ControlSocket: to("control"), StdinSocket: to("stdin"), IOPubSocket: to("iopub")}
}

func (r *rig) note(s sent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, s)
	r.news <- s
}

// request is one that came in on shell.
func (r *rig) request(kind string, content map[string]any) msgReceipt {
	r.t.Helper()
	wire, err := json.Marshal(content)
	require.NoError(r.t, err)
	message := ComposedMsg{Header: MsgHeader{MsgType: kind}}
	require.NoError(r.t, json.Unmarshal(wire, &message.Content))
	return msgReceipt{Msg: message, Sockets: r.Kernel.sockets}
}

// cell is a request to run code, with options of the protocol's: name, value, …
func (r *rig) cell(code string, options ...any) msgReceipt {
	content := map[string]any{"code": code}
	for i := 0; i < len(options); i += 2 {
		content[options[i].(string)] = options[i+1]
	}
	return r.request("execute_request", content)
}

// onControl is a request that came in on control.
func (r *rig) onControl(kind string, content map[string]any) msgReceipt {
	request := r.request(kind, content)
	request.Sockets.ShellSocket = request.Sockets.ControlSocket // as receive has it
	return request
}

// answered has a request answered, and returns what was sent for that.
func (r *rig) answered(request msgReceipt) []sent {
	r.take()
	r.answer(request)
	return r.take()
}

// take returns what was sent since the last call.
func (r *rig) take() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

// await waits for a message that reads so.
func (r *rig) await(text string) {
	r.t.Helper()
	for s := range r.news {
		if s.String() == text {
			return
		}
	}
}

// reply is the one message on the channel.
func reply(t testing.TB, all []sent, channel string) map[string]any {
	t.Helper()
	var found []sent
	for _, s := range all {
		if s.channel == channel {
			found = append(found, s)
		}
	}
	require.Len(t, found, 1, "%s in %v", channel, all)
	return found[0].content
}

// lines are messages as an order of messages is written.
func lines(all []sent) []string {
	var text []string
	for _, s := range all {
		text = append(text, s.String())
	}
	return text
}

// frame puts the two statuses around what is sent for a request.
func frame(between ...string) []string {
	return append(append([]string{"iopub status busy"}, between...), "iopub status idle")
}
