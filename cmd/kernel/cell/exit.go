package cell

import (
	"fmt"
	"log"
	"os"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/cosmos72/gomacro/imports"
)

// os.Exit and log.Fatal end a program, and with the kernel everything that the
// reader defined. In a cell they end the cell: the goroutine that calls them ends,
// its deferred functions run, as with runtime.Goexit, which no recover can stop. In a
// coroutine, that reaches the cell that waits for it. Where an interpreted function has
// deferred calls, gomacro turns it into a panic with nil.
//
// Compiled code that calls them still ends the kernel, and so do the methods of a
// log.Logger; then the kernel's lastwords.go tells the reader.

// exited is what a goroutine has called to end the program; nil when that is told.
var exited atomic.Pointer[string]

// exit ends the calling goroutine instead of the program.
func exit(call string) {
	exited.Store(&call)
	runtime.Goexit()
}

// guardExits puts ours in the place of the functions that end a program.
func guardExits() {
	imports.Packages["os"].Binds["Exit"] = reflect.ValueOf(func(code int) { exit(fmt.Sprintf("os.Exit(%d)", code)) })
	imports.Packages["syscall"].Binds["Exit"] = reflect.ValueOf(func(code int) { exit(fmt.Sprintf("syscall.Exit(%d)", code)) })
	fatal := imports.Packages["log"].Binds
	fatal["Fatal"] = reflect.ValueOf(func(v ...any) { log.Print(v...); exit("log.Fatal") })
	fatal["Fatalf"] = reflect.ValueOf(func(format string, v ...any) { log.Printf(format, v...); exit("log.Fatalf") })
	fatal["Fatalln"] = reflect.ValueOf(func(v ...any) { log.Println(v...); exit("log.Fatalln") })
}

// reportExit shows in red that a goroutine which a cell started has called one of
// them; where is the place at which it was started.
func reportExit(where string) {
	if call := exited.Swap(nil); call != nil {
		fmt.Fprintf(os.Stderr, "%s in a goroutine, started at %s: a program would end here\nThe goroutine has ended; the kernel and everything you defined are still there.\n", *call, where)
	}
}
