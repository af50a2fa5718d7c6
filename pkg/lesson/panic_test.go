package lesson

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/pkg/coro"
)

const (
	exerciseStack = "goroutine 9 [running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/stack.go:26 +0x5e\n" +
		"stepwise/exercises/09_send.Send.func1()\n\t/course/exercises/09_send/send.go:3 +0x1\n" +
		"panic({0x1, 0x2})\n\t/go/src/runtime/panic.go:783 +0x132\nstepwise/pkg/sock.(*Socket).FD(0x0)\n\t/course/pkg/sock/socket.go:70 +0x1\n" +
		"stepwise/exercises/09_send.Send(0x1)\n\t/course/exercises/09_send/send.go:14 +0x10\nstepwise/exercises/09_send.other()\n\t/course/exercises/09_send/send.go:40 +0x10\n"
	courseStack = "goroutine 9 [running]:\npanic({0x1, 0x2})\n\t/go/src/runtime/panic.go:783 +0x132\nstepwise/pkg/sock.(*Socket).FD(0x0)\n\t/course/pkg/sock/socket.go:70 +0x1\n"
)

func TestAPanicSaysWhereInTheExerciseItHappened(t *testing.T) {
	cases := []struct{ name, stack, want string }{
		{"the innermost line of the exercise, below the panic", exerciseStack, "panic: boom, at 09_send/send.go:14"},
		{"no line of an exercise", courseStack, "panic: boom"},
		{"a stack that is cut off behind the function", "\npanic({0x1})\nstepwise/exercises/09_send.Send(0x1)", "panic: boom"},
		{"a file without folders", "\npanic({0x1})\nstepwise/exercises/09_send.Send(0x1)\n\tsend.go:14", "panic: boom, at send.go:14"},
		{"no stack", "", "panic: boom"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.EqualError(t, panicked("boom", []byte(c.stack)), c.want)
			assert.Equal(t, `the error "`+c.want[:len("panic: boom")]+`"`+c.want[len("panic: boom"):],
				said(&coro.PanicError{Value: "boom", Stack: []byte(c.stack)}))
		})
	}
}
