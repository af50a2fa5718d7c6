//go:build stepwise_kernel

package main

import (
	"maps"
	"slices"
	"strings"
	"time"

	"stepwise/cmd/kernel/cell"
	"stepwise/cmd/kernel/display"
)

// An executeRequest asks to run a cell. Missing fields mean what the protocol says: the
// cell counts, and the cells behind it don't run if it fails.
type executeRequest struct {
	Code         string            `json:"code"`
	Silent       bool              `json:"silent"`           // show nothing, count nothing
	StoreHistory *bool             `json:"store_history"`    // count it, and remember it
	Expressions  map[string]string `json:"user_expressions"` // to evaluate afterwards
	AllowStdin   bool              `json:"allow_stdin"`      // the reader can be asked for a line
	StopOnError  *bool             `json:"stop_on_error"`    // drop the cells that wait behind this one if it fails
}

// counts reports whether the cell gets a number and a place in the history.
func (r executeRequest) counts() bool {
	return !r.Silent && (r.StoreHistory == nil || *r.StoreHistory)
}

// execute runs one cell and tells the notebook all about it. The order matters:
// output, value or error, then the reply.
func (k *Kernel) execute(r msgReceipt) error {
	request, err := content[executeRequest](r)
	if err != nil {
		return err
	}
	if request.counts() {
		k.count++
		k.history.Add(k.count, request.Code)
	}
	k.output.begin(&r, request.Silent)
	defer k.output.end()
	if !request.Silent {
		if err := r.PublishExecutionInput(k.count, request.Code); err != nil {
			return err
		}
		k.tellLastWords()
	}
	k.last.begin(k.count)
	defer k.last.end()
	cell.SetInput(k.asker(r, request.AllowStdin))
	defer cell.SetInput(nil)
	result := k.session.Run(request.Code, k.count)
	k.output.flush()
	if result.Failure != nil {
		return k.failed(r, request, result.Failure)
	}
	k.show(r, request, result.Value)
	values := k.values(request.Expressions)
	k.output.flush() // what they have printed
	return r.Reply("execute_reply", map[string]any{
		"status": "ok", "execution_count": k.count, "payload": []any{}, "user_expressions": values,
	})
}

// show shows a cell's value, if it has one.
func (k *Kernel) show(r msgReceipt, request executeRequest, value display.Data) {
	if request.Silent || len(value.Data) == 0 {
		return
	}
	if text, ok := value.Data[display.MIMETypeText].(string); ok && request.counts() {
		k.history.Output(k.count, text)
	}
	if err := r.PublishExecutionResult(k.count, value); err != nil {
		serverLog.Println("showing a cell's value:", err)
	}
}

// failed shows why a cell ended early, and answers it.
func (k *Kernel) failed(r msgReceipt, request executeRequest, why *cell.Failure) error {
	content := failureContent(why)
	if !request.Silent {
		if err := r.Publish("error", content); err != nil {
			serverLog.Println("showing a cell's error:", err)
		}
	}
	content["execution_count"], content["payload"], content["user_expressions"] = k.count, []any{}, struct{}{}
	err := r.Reply("execute_reply", content)
	if request.StopOnError == nil || *request.StopOnError {
		k.abortWaiting()
	}
	return err
}

// values evaluates the expressions, in the order of their names. One that fails is an
// error in its own place; the others are evaluated.
func (k *Kernel) values(expressions map[string]string) map[string]any {
	values := make(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		result := k.session.Value(expressions[name], k.count)
		if result.Failure != nil {
			values[name] = failureContent(result.Failure)
			continue
		}
		values[name] = map[string]any{"status": "ok", "data": result.Value.Data, "metadata": ensure(result.Value.Metadata)}
	}
	return values
}

// failureContent is a failure in the words of the protocol. The traceback is what
// the reader sees; every front prints it as it is.
func failureContent(f *cell.Failure) map[string]any {
	return map[string]any{"status": "error", "ename": f.Name, "evalue": f.Value, "traceback": strings.Split(f.String(), "\n")}
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

// abortWindow is how long after an error a cell that comes in still counts as part of
// the same run of all cells.
const abortWindow = 50 * time.Millisecond
