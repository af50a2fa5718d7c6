package trial

// A call that stops between two of its steps, so that a case can do something meanwhile.
// Read stuck.go before it.

import (
	"regexp"
	"strings"
	"time"

	"stepwise/pkg/probe"
)

// Aside is a call on a goroutine of its own. Its methods are for the one that started it.
type Aside struct {
	number   string
	returned chan struct{}
	failed   any // what it has panicked with
}

// Beside starts call on a goroutine of its own.
func Beside(call func()) *Aside {
	a := &Aside{returned: make(chan struct{})}
	number := make(chan string)
	go func() {
		defer close(a.returned)
		defer func() { a.failed = recover() }()
		number <- own()
		call()
	}()
	a.number = <-number
	return a
}

// Stops waits until the call goes on no further: until it is in a system call that a
// function of this name makes ("read"), or until it rests. It reports the former. A system
// call that returns at once may be seen too.
func (a *Aside) Stops(name string) bool {
	made := regexp.MustCompile(`(?i)\.` + name + `\(`)
	for ; ; time.Sleep(10 * time.Microsecond) {
		stack := stackOf(a.number)
		switch g := parse(stack); {
		case g.state == "syscall" && made.MatchString(stack):
			return true
		case a.rests(g):
			return false
		}
	}
}

// Rests waits until the call has returned, or waits for a lock or a channel.
func (a *Aside) Rests() {
	for !a.rests(parse(stackOf(a.number))) {
		time.Sleep(10 * time.Microsecond)
	}
}

func (a *Aside) rests(g goroutine) bool {
	return a.Over() || g.waits() || g.state == "select" || g.state == "semacquire"
}

// Over reports whether the call has returned.
func (a *Aside) Over() bool {
	select {
	case <-a.returned:
		return true
	default:
		return false
	}
}

// End waits until the call has returned, and panics as it did.
func (a *Aside) End() {
	<-a.returned
	if a.failed != nil {
		panic(a.failed)
	}
}

// stackOf is the stack of goroutine number, or "" if that has ended.
func stackOf(number string) string {
	for stack := range strings.SplitSeq(probe.Stacks(), "\n\n") {
		if parse(stack).number == number {
			return stack
		}
	}
	return ""
}
