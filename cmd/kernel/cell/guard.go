package cell

import (
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/gls"
	"github.com/cosmos72/gomacro/imports"
)

// guard is the function that really runs in the goroutine, f in the clothes of
// kind. While it does, the goroutine is known as one that outlives an interrupt.
func (s *Session) guard(f reflect.Value, kind reflect.Type, where string) reflect.Value {
	return reflect.MakeFunc(kind, func(arguments []reflect.Value) (results []reflect.Value) {
		me := gls.GoID()
		stops.others.add(me)
		defer stops.others.remove(me)
		returned := false
		defer func() {
			if recovered := recover(); recovered != nil {
				if isGoexit(recovered) {
					reportExit(where)
				} else {
					reportPanic(where, recovered, s.placesOf(me))
				}
				results = nil
				for out := range kind.Outs() {
					results = append(results, reflect.Zero(out))
				}
			} else if !returned {
				reportExit(where)
			}
		}()
		if f.Type().IsVariadic() {
			results = f.CallSlice(arguments)
		} else {
			results = f.Call(arguments)
		}
		returned = true
		return results
	})
}

// reportPanic shows a goroutine's panic in red, under the latest cell.
func reportPanic(where string, recovered any, at string) {
	if _, ok := recovered.(base.Signal); ok {
		return // an interrupt
	}
	fmt.Fprintf(os.Stderr, "panic in a goroutine, started at %s: %s\nThe goroutine has ended; the kernel and everything you defined are still there.\n", where, lines(panicText(recovered), at))
}

// guardTimers guards what time.AfterFunc runs, which is in a goroutine of its own.
func guardTimers() {
	binds := imports.Packages["time"].Binds
	binds["AfterFunc"] = reflect.ValueOf(func(d time.Duration, f func()) *time.Timer {
		return time.AfterFunc(d, func() {
			defer func() {
				if recovered := recover(); recovered != nil {
					reportPanic("a time.AfterFunc", recovered, "")
				}
			}()
			f()
		})
	})
}
