//go:build stepwise_kernel

package main

import (
	"errors"
	"io"

	"stepwise/cmd/kernel/cell"
)

// A cell that reads os.Stdin asks the front that sent it for a line, by the stdin
// channel: a request goes out to that front alone, and its reply comes back there.

// endOfInput is how fronts send Ctrl-D.
const endOfInput = "\x04"

// asker asks the front that sent r; nil if nobody can be asked there.
func (k *Kernel) asker(r msgReceipt, allowed bool) cell.Asker {
	if !allowed {
		return nil
	}
	r.Sockets.ShellSocket = k.sockets.StdinSocket // messages.go replies on this one
	return func(stop <-chan struct{}) (string, error) {
		k.output.flush() // the cell has printed what it wants to know
		select {
		case <-k.typed: // it came when nobody waited for it any more
		default:
		}
		if err := r.Reply("input_request", map[string]any{"prompt": "", "password": false}); err != nil {
			return "", err
		}
		select {
		case line := <-k.typed:
			if line == endOfInput {
				return "", io.EOF
			}
			return line, nil
		case <-stop:
			return "", errors.New("nobody waits for the line any more")
		}
	}
}

// hear takes a reply. One that no cell has asked for waits until a cell asks, and is
// dropped then.
func (k *Kernel) hear(r msgReceipt) {
	reply, err := content[struct {
		Value string `json:"value"`
	}](r)
	if err != nil || r.Msg.Header.MsgType != "input_reply" {
		serverLog.Println("a message on the stdin channel is no input_reply and is dropped:", r.Msg.Header.MsgType, err)
		return
	}
	select {
	case k.typed <- reply.Value:
	default:
	}
}
