//go:build stepwise_kernel

package main

import (
	"strings"
	"time"

	"stepwise/cmd/kernel/cell"
)

// An executeRequest asks to run a cell.
type executeRequest struct {
	Code        string `json:"code"`
	Silent      bool   `json:"silent"`        // show nothing, count nothing
	StopOnError bool   `json:"stop_on_error"` // drop the cells that wait behind this one if it fails
}

// execute runs one cell and tells the notebook all about it. The order matters:
// output, value or error, then the reply.
func (k *Kernel) execute(r msgReceipt) error {
	request, err := content[executeRequest](r)
	if err != nil {
		return err
	}
	if !request.Silent {
		k.count++
		if err := r.PublishExecutionInput(k.count, request.Code); err != nil {
			return err
		}
	}
	k.output.cell.Store(&r)
	k.tellLastWords()
	k.last.begin(k.count)
	defer k.last.end()
	result := k.session.Run(request.Code, k.count)
	k.output.flush()
	if result.Failure == nil {
		if !request.Silent && len(result.Value.Data) > 0 {
			if err := r.PublishExecutionResult(k.count, result.Value); err != nil {
				serverLog.Println("showing a cell's value:", err)
			}
		}
		return r.Reply("execute_reply", map[string]any{
			"status": "ok", "execution_count": k.count, "payload": []any{}, "user_expressions": struct{}{},
		})
	}
	failed := failureContent(result.Failure)
	if err := r.Publish("error", failed); err != nil {
		serverLog.Println("showing a cell's error:", err)
	}
	failed["status"], failed["execution_count"] = "error", k.count
	err = r.Reply("execute_reply", failed)
	if request.StopOnError {
		k.abortWaiting()
	}
	return err
}

// failureContent is a failure in the words of the protocol. The traceback is what
// the reader sees; every front prints it as it is.
func failureContent(f *cell.Failure) map[string]any {
	return map[string]any{"ename": f.Name, "evalue": f.Value, "traceback": strings.Split(f.String(), "\n")}
}

// abortWaiting answers the cells that were sent before the reader could see that
// this one failed: they don't run. Other requests are answered as always. A front
// that runs all cells sends them at once, so they are here within a moment.
func (k *Kernel) abortWaiting() {
	deadline := time.After(abortWindow)
	for {
		select {
		case r := <-k.requests:
			if r.Msg.Header.MsgType != "execute_request" {
				k.answer(r)
				continue
			}
			k.status(r, "busy")
			if err := r.Reply("execute_reply", map[string]any{"status": "aborted", "execution_count": k.count}); err != nil {
				serverLog.Println("refusing a cell:", err)
			}
			k.status(r, "idle")
		case <-deadline:
			return
		}
	}
}

// abortWindow is how long cells that come in after an error are taken for part of
// the same run of all cells.
const abortWindow = 50 * time.Millisecond
