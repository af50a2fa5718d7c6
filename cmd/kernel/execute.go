//go:build stepwise_kernel

package main

import (
	"time"
)

// An executeRequest asks to run a cell.
type executeRequest struct {
	Code        string `json:"code"`
	Silent      bool   `json:"silent"`        // show nothing, count nothing
	StopOnError bool   `json:"stop_on_error"` // drop the cells that wait behind this one if it fails
}

// An outcome is how a cell ended: with an error, or with a value to show, which
// may be empty.
type outcome struct {
	value Data
	err   *failure
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
	result := k.runCell(request.Code)
	k.output.flush()
	if result.err == nil {
		if !request.Silent && len(result.value.Data) > 0 {
			if err := r.PublishExecutionResult(k.count, result.value); err != nil {
				serverLog.Println("showing a cell's value:", err)
			}
		}
		return r.Reply("execute_reply", map[string]any{
			"status": "ok", "execution_count": k.count, "payload": []any{}, "user_expressions": struct{}{},
		})
	}
	failed := result.err.content()
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

// runCell hands the cell to the worker and waits until it has ended or, some time
// after an interrupt, is left behind.
func (k *Kernel) runCell(code string) outcome {
	select {
	case <-k.interrupts: // meant for a cell that had ended already
	default:
	}
	done := k.worker.run(code, k.count)
	var again <-chan time.Time
	tries := 0
	for {
		select {
		case result := <-done:
			k.worker.calm()
			return result
		case <-k.interrupts:
			if again == nil {
				ticker := time.NewTicker(interruptPeriod)
				defer ticker.Stop()
				again = ticker.C
				k.worker.stopCell(tries)
			}
		case <-again:
			if tries++; tries < interruptTries {
				k.worker.stopCell(tries)
				continue
			}
			k.worker = k.worker.abandon()
			return outcome{err: abandoned()}
		}
	}
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

// show is what a cell calls as Display: it shows data at once.
func (k *Kernel) show(data Data) error {
	k.output.flush()
	return k.output.cell.Load().PublishDisplayData(data)
}
