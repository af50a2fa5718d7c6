package loop

import (
	"errors"
	"fmt"
	"os"

	"stepwise/pkg/probe"
	"stepwise/pkg/site"
)

// Exception is a failure that no result could report: what asyncio passes to its
// exception handler.
type Exception struct {
	Message string // what happened: "callback panicked"
	Err     error  // why; never nil
	Stack   []byte // of a panic; otherwise nil
}

// String is the report as the default handler prints it.
func (e Exception) String() string {
	s := fmt.Sprintf("stepwise: %s: %v", e.Message, e.Err)
	if len(e.Stack) > 0 {
		s += "\n" + string(e.Stack)
	}
	return s
}

var errGoexit = errors.New("runtime.Goexit was called")

// SetExceptionHandler has h called for each Exception, in the loop's goroutine. The
// default, which nil restores, prints it to standard error. Only the loop's goroutine
// may call it.
func (l *Loop) SetExceptionHandler(h func(Exception)) { l.handler = h }

// CallExceptionHandler reports e. If e has no Stack and its Err is a panic, the panic's
// is used. If the handler itself panics, the default handler reports both. Only the
// loop's goroutine may call it.
func (l *Loop) CallExceptionHandler(e Exception) {
	if p := site.Panic(nil); e.Stack == nil && errors.As(e.Err, &p) {
		e.Stack = p.StackTrace()
	}
	if e.Stack != nil {
		e.Stack = []byte(probe.WithoutInterpreter(string(e.Stack)))
	}
	if l.handler == nil {
		fmt.Fprintln(os.Stderr, e)
		return
	}
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintln(os.Stderr, Exception{"exception handler panicked", asError(v), nil})
			fmt.Fprintln(os.Stderr, e)
		}
	}()
	l.handler(e)
}

func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return fmt.Errorf("%v", v)
}
