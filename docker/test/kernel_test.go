package test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
)

// This file talks to a kernel as Lab does: it starts one by REST and runs cells by
// a websocket. Read container_test.go first.

// A kernel is a kernel of a container's Jupyter.
type kernel struct {
	c    *container
	id   string
	conn *websocket.Conn
}

// message has the fields of Jupyter's messages that the tests use.
type message struct {
	Channel string         `json:"channel"`
	Header  header         `json:"header"`
	Parent  header         `json:"parent_header"`
	Content map[string]any `json:"content"`
}

type header struct {
	ID      string `json:"msg_id"`
	Type    string `json:"msg_type"`
	Session string `json:"session"`
	Version string `json:"version"`
	User    string `json:"username"`
}

// kernel starts one.
func (c *container) kernel() *kernel {
	c.t.Helper()
	var made struct{ ID string }
	status, raw := c.call("POST", "/api/kernels", map[string]string{"name": "gophernotes"}, &made)
	require.Equal(c.t, 201, status, raw)
	k := &kernel{c: c, id: made.ID}
	k.connect()
	return k
}

func (k *kernel) connect() {
	k.c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	address := strings.Replace(k.c.url, "http", "ws", 1) + "/api/kernels/" + k.id + "/channels"
	conn, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"token " + k.c.token}}})
	require.NoError(k.c.t, err)
	conn.SetReadLimit(1 << 26)
	k.conn = conn
	k.c.t.Cleanup(func() { _ = conn.CloseNow() })
	k.subscribe()
}

// subscribe waits until the connection hears what the kernel publishes. Jupyter waits
// for that itself, unless it believes that the kernel is busy; and of a kernel that
// died in a cell it believes that even when the next one has started. What a cell
// printed before the subscription arrived would be lost.
func (k *kernel) subscribe() {
	k.c.t.Helper()
	heard, asked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(asked)
		again := time.NewTicker(100 * time.Millisecond)
		defer again.Stop()
		for {
			if k.write(request("kernel_info_request", map[string]any{})) != nil {
				return // receive says why
			}
			select {
			case <-heard:
				return
			case <-again.C:
			}
		}
	}()
	for {
		m := k.receive()
		if m.Channel == "iopub" && m.Parent.Type == "kernel_info_request" {
			break
		}
	}
	close(heard)
	<-asked
}

// A seen is how a cell ended and what it showed.
type seen struct {
	status string // ok, error, or died
	text   string // streams and errors
}

// run runs a cell and waits until it ends.
func (k *kernel) run(code string) seen { return k.runAnd(code, "", nil) }

// runAnd is run, and calls on as soon as the output contains when, while the cell
// still runs.
func (k *kernel) runAnd(code, when string, on func()) seen {
	k.c.t.Helper()
	asked := request("execute_request", map[string]any{"code": code, "silent": false, "store_history": true, "allow_stdin": false})
	require.NoError(k.c.t, k.write(asked))
	var s seen
	for idle := false; s.status == "" || !idle; {
		m := k.receive()
		if m.Header.Type == "status" && (m.Content["execution_state"] == "restarting" || m.Content["execution_state"] == "dead") {
			s.status = "died"
			return s
		}
		if m.Parent.ID != asked.Header.ID {
			continue
		}
		switch m.Header.Type {
		case "stream":
			text, _ := m.Content["text"].(string)
			s.text += text
		case "error":
			text, _ := m.Content["evalue"].(string)
			s.text += text
		case "execute_reply":
			s.status, _ = m.Content["status"].(string)
		case "status":
			idle = m.Content["execution_state"] == "idle"
		}
		if on != nil && strings.Contains(s.text, when) {
			on()
			on = nil
		}
	}
	return s
}

// request is one on the shell channel.
func request(kind string, content map[string]any) message {
	return message{Channel: "shell", Content: content, Header: header{
		ID: time.Now().Format("150405.000000000"), Type: kind, Session: "test", Version: "5.3", User: "test",
	}}
}

func (k *kernel) write(m message) error {
	whole := map[string]any{"channel": m.Channel, "header": m.Header, "content": m.Content,
		"parent_header": map[string]any{}, "metadata": map[string]any{}, "buffers": []any{}}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return wsjson.Write(ctx, k.conn, whole)
}

func (k *kernel) receive() message {
	k.c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, raw, err := k.conn.Read(ctx)
	require.NoError(k.c.t, err, "the kernel said nothing more")
	var m message
	require.NoError(k.c.t, json.Unmarshal(raw, &m), "%s", raw)
	return m
}

// interrupt is Lab's button.
func (k *kernel) interrupt() {
	k.c.t.Helper()
	status, raw := k.c.call("POST", "/api/kernels/"+k.id+"/interrupt", nil, nil)
	require.Equal(k.c.t, 204, status, raw)
}
