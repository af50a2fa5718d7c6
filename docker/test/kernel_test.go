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
	id := time.Now().Format("150405.000000000")
	k.send(message{Channel: "shell", Header: header{ID: id, Type: "execute_request", Session: "test", Version: "5.3", User: "test"},
		Content: map[string]any{"code": code, "silent": false, "store_history": true, "allow_stdin": false}})
	var s seen
	for idle := false; s.status == "" || !idle; {
		m := k.receive()
		if m.Header.Type == "status" && (m.Content["execution_state"] == "restarting" || m.Content["execution_state"] == "dead") {
			s.status = "died"
			return s
		}
		if m.Parent.ID != id {
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

func (k *kernel) send(m message) {
	k.c.t.Helper()
	whole := map[string]any{"channel": m.Channel, "header": m.Header, "content": m.Content,
		"parent_header": map[string]any{}, "metadata": map[string]any{}, "buffers": []any{}}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(k.c.t, wsjson.Write(ctx, k.conn, whole))
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
