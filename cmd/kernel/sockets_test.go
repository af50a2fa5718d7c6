//go:build stepwise_kernel

package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/signature"
	"stepwise/cmd/kernel/zmtp"
)

func TestEndpoint(t *testing.T) {
	rows := []struct {
		name             string
		connection       connection
		network, address string
		says             string
	}{
		{"tcp", connection{Transport: "tcp", IP: "127.0.0.1"}, "tcp", "127.0.0.1:7", ""},
		{"tcp, where nothing is said", connection{IP: "127.0.0.1"}, "tcp", "127.0.0.1:7", ""},
		{"IPv6", connection{Transport: "tcp", IP: "::1"}, "tcp", "[::1]:7", ""},
		{"all interfaces", connection{Transport: "tcp", IP: "*"}, "tcp", ":7", ""},
		{"a file", connection{Transport: "ipc", IP: "/run/kernel"}, "unix", "/run/kernel-7", ""},
		{"another", connection{Transport: "udp"}, "", "", `wants the transport "udp"`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			network, address, err := row.connection.endpoint(7)
			assert.Equal(t, []string{row.network, row.address}, []string{network, address})
			if row.says == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, row.says)
			}
		})
	}
}

// What is wrong with a connection file is said before anything listens.
func TestRunSaysWhatIsWrong(t *testing.T) {
	rows := []struct{ name, text, says string }{
		{"no JSON", "{", "reading Jupyter's connection file"},
		{"a transport that we don't have", `{"transport": "udp"}`, `"udp"`},
		{"a way to sign that we don't have", `{"signature_scheme": "none", "key": "k"}`, "none"},
		{"an address that is not ours", `{"ip": "192.0.2.1"}`, "listening on 192.0.2.1:0"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "kernel.json")
			require.NoError(t, os.WriteFile(name, []byte(row.text), 0o600))
			assert.ErrorContains(t, run(name), row.says)
		})
	}
	assert.ErrorIs(t, run(filepath.Join(t.TempDir(), "missing.json")), os.ErrNotExist)
}

// A kernel that serves runs the cells of one front one after the other, in their order,
// while another asks control.
func TestServe(t *testing.T) {
	r := newRig(t)
	signer, err := signature.New("", "")
	require.NoError(t, err)
	listeners := make(map[string]net.Listener)
	for _, name := range []string{"shell", "control", "stdin", "iopub", "hb"} {
		listeners[name], err = zmtp.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
	}
	r.Kernel.sockets = serve(listeners, signer)
	var urgent atomic.Int64
	post := r.Kernel.sockets.urgent.send
	r.Kernel.sockets.urgent.send = func(frames [][]byte) error {
		urgent.Add(1)
		return post(frames)
	}
	go r.Kernel.serve() // goes on until the process ends
	dial := func(channel string) zmq4.Socket {
		socket := zmq4.NewDealer(context.Background())
		t.Cleanup(func() { _ = socket.Close() })
		require.NoError(t, socket.Dial("tcp://"+listeners[channel].Addr().String()))
		return socket
	}
	send := func(socket zmq4.Socket, request msgReceipt) {
		parts, err := request.Msg.ToWireMsg(nil)
		require.NoError(t, err)
		require.NoError(t, socket.SendMulti(zmq4.NewMsgFrom(append([][]byte{[]byte("<IDS|MSG>")}, parts...)...)))
	}
	receive := func(channel string, socket zmq4.Socket) string {
		message, err := socket.Recv()
		require.NoError(t, err)
		composed, _, err := WireMsgToComposedMsg(message.Frames, nil)
		require.NoError(t, err)
		content, _ := composed.Content.(map[string]any)
		return sent{channel, composed.Header.MsgType, composed.ParentHeader.MsgType, content}.String()
	}
	shell, control := dial("shell"), dial("control")
	send(shell, r.cell("n := 1"))
	send(shell, r.cell("n++\nn"))
	send(shell, r.cell("for {}"))
	send(shell, r.cell("n++")) // waits, and is dropped
	assert.Equal(t, "shell execute_reply ok 1", receive("shell", shell))
	assert.Equal(t, "shell execute_reply ok 2", receive("shell", shell))
	assert.Zero(t, urgent.Load(), "what shell publishes waits for slow readers")
	send(control, r.request("kernel_info_request", nil))
	assert.Equal(t, "control kernel_info_reply ok", receive("control", control), "what control is asked is answered there")
	assert.NotZero(t, urgent.Load(), "what control publishes waits for none")
	last := make(chan string)
	go func() { last <- receive("shell", shell) }()
	for { // an interrupt that comes before the endless cell is forgotten
		send(control, r.request("interrupt_request", nil))
		require.Equal(t, "control interrupt_reply ok", receive("control", control))
		select {
		case reply := <-last:
			assert.Equal(t, "shell execute_reply error 3 interrupted", reply)
			assert.Equal(t, "shell execute_reply aborted 3", receive("shell", shell))
			return
		default:
		}
	}
}
