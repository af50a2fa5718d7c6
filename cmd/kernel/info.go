//go:build stepwise_kernel

package main

import (
	"cmp"
	"fmt"
	"runtime"

	"stepwise/cmd/kernel/history"
	"stepwise/cmd/kernel/source"
)

// inform answers the requests that run no code.
func (k *Kernel) inform(r msgReceipt) error {
	request, err := content[struct {
		Code   string `json:"code"`
		Cursor int    `json:"cursor_pos"` // in characters
	}](r)
	if err != nil {
		return err
	}
	switch r.Msg.Header.MsgType {
	case "kernel_info_request":
		return r.Reply("kernel_info_reply", kernelInfo())
	case "is_complete_request":
		return r.Reply("is_complete_reply", completeness(request.Code))
	case "complete_request":
		return r.Reply("complete_reply", k.completions(request.Code, request.Cursor))
	case "inspect_request":
		return r.Reply("inspect_reply", k.explanation(request.Code, request.Cursor))
	case "comm_info_request":
		return r.Reply("comm_info_reply", map[string]any{"status": "ok", "comms": struct{}{}})
	case "history_request":
		return k.remember(r)
	case "comm_open", "comm_msg", "comm_close":
		return nil // widgets: this kernel has none
	default:
		return fmt.Errorf("no answer to a %s: this kernel does not know it", r.Msg.Header.MsgType)
	}
}

// kernelInfo says who we are. language_info goes into every notebook that is
// saved; without a lexer its export would be colored as Python.
func kernelInfo() map[string]any {
	return map[string]any{
		"status":                 "ok",
		"protocol_version":       ProtocolVersion,
		"implementation":         "gophernotes",
		"implementation_version": version,
		"banner":                 fmt.Sprintf("Go, by gophernotes %s with the packages of Stepwise", version),
		"language_info": map[string]any{
			"name":            "go",
			"version":         runtime.Version(),
			"mimetype":        "text/x-go",
			"file_extension":  ".go",
			"pygments_lexer":  "go",
			"codemirror_mode": "go",
		},
		"help_links": []map[string]string{
			{"text": "Go", "url": "https://go.dev/doc/"},
			{"text": "Go's standard library", "url": "https://pkg.go.dev/std"},
		},
	}
}

// completeness tells a console whether Enter should run the code or start
// another line.
func completeness(code string) map[string]any {
	status, indent := source.Completeness(code)
	return map[string]any{"status": status, "indent": indent}
}

// completions are the names that may stand at the cursor.
func (k *Kernel) completions(code string, cursor int) map[string]any {
	matches, start, end := k.session.Complete(code, cursor)
	if matches == nil {
		matches = []string{}
	}
	return map[string]any{
		"status":       "ok",
		"matches":      matches,
		"cursor_start": start,
		"cursor_end":   end,
		"metadata":     struct{}{},
	}
}

// remember answers with cells that have run, each as session, line and code; or code
// and output as one pair.
func (k *Kernel) remember(r msgReceipt) error {
	request, err := content[struct {
		Output  bool   `json:"output"`
		Kind    string `json:"hist_access_type"`
		Session int    `json:"session"`
		Start   int    `json:"start"`
		Stop    int    `json:"stop"` // null is the end
		N       int    `json:"n"`
		Pattern string `json:"pattern"`
		Unique  bool   `json:"unique"`
	}](r)
	if err != nil {
		return err
	}
	var found []history.Entry
	switch request.Kind {
	case "tail":
		found = k.history.Tail(request.N)
	case "range":
		found = k.history.Range(request.Session, request.Start, request.Stop)
	case "search":
		found = k.history.Search(cmp.Or(request.Pattern, "*"), request.N, request.Unique)
	}
	entries := []any{}
	for _, e := range found {
		var text any = e.Input // raw or not: nothing is changed in a cell before it runs
		if request.Output {
			text = []any{e.Input, null(e.Output)}
		}
		entries = append(entries, []any{history.Session, e.Line, text})
	}
	return r.Reply("history_reply", map[string]any{"status": "ok", "history": entries})
}

// null turns no text into nil, JSON's null.
func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// explanation is what Shift-Tab shows of the name at the cursor.
func (k *Kernel) explanation(code string, cursor int) map[string]any {
	data := map[string]any{}
	explained, found := k.session.Inspect(code, cursor)
	if found {
		data = explained.Data()
	}
	return map[string]any{"status": "ok", "found": found, "data": data, "metadata": struct{}{}}
}
