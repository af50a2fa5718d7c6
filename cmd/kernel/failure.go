//go:build stepwise_kernel

package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/cosmos72/gomacro/base"
)

// A failure is why a cell ended early, as the notebook shows it.
type failure struct {
	name  string // the kind, in a word or two
	value string // what happened
}

// content is the failure in the words of the protocol. The traceback is what the
// reader sees; every front prints it as it is.
func (f *failure) content() map[string]any {
	text := f.value
	if f.name != "" && !strings.HasPrefix(text, f.name) {
		text = f.name + ": " + text
	}
	return map[string]any{"ename": f.name, "evalue": f.value, "traceback": strings.Split(text, "\n")}
}

// failureOf makes a failure of what evaluate recovered. gomacro panics for errors
// in the code and for interrupts, too.
func failureOf(recovered any, compiled bool) *failure {
	switch p := recovered.(type) {
	case base.Signal:
		return &failure{"interrupted", "the cell was stopped; everything it had defined so far is kept"}
	case runtime.Error:
		if compiled {
			return &failure{"panic", p.Error()}
		}
		return &failure{"compile error", "the interpreter can't compile this: " + p.Error()}
	case error:
		if compiled {
			return &failure{"panic", p.Error()}
		}
		return &failure{"compile error", p.Error()}
	default:
		if compiled {
			return &failure{"panic", fmt.Sprint(p)}
		}
		return &failure{"compile error", fmt.Sprint(p)}
	}
}

func abandoned() *failure {
	return &failure{"interrupted", "the cell waits in a call that can't be stopped; it is left behind, and you can go on: everything you defined is kept"}
}

func goexit() *failure {
	return &failure{"goroutine ended", "the cell called runtime.Goexit, as a failing testing.T does; everything you defined is kept"}
}
