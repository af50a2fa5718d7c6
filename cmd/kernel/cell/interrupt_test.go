package cell

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// interrupts runs a cell and interrupts it when it has said "started".
func interrupts(t *testing.T, s *Session, code string) (result Result, stdout, stderr string) {
	t.Helper()
	stdout, stderr = printed(t, "", func() {
		stopped := make(chan bool)
		go func() {
			defer close(stopped)
			for {
				text, _ := os.ReadFile(os.Stdout.Name())
				if len(text) > 0 {
					s.Interrupt()
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		result = s.Run(code, 1)
		<-stopped
	})
	return result, stdout, stderr
}

func TestInterrupt(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "time"; "errors"; "stepwise/pkg/loop"; "stepwise/pkg/task"; "stepwise/pkg/coro"; "stepwise/pkg/faulty"; "stepwise/pkg/sock"; "stepwise/pkg/future")
kept := 7
mute := faulty.Stall("x")
l, err := loop.New(loop.Options{})
in := make(chan int)`)
	cases := []struct {
		name, code, failure, out, red string
	}{
		{"an endless loop", "fmt.Println(`started`)\nfor {}", "interrupted: the cell was stopped", "", ""},
		{"a sleep", "fmt.Println(`started`)\ntime.Sleep(time.Hour)", "interrupted: the cell waits in a call that can't be stopped", "", ""},
		{"a channel", "fmt.Println(`started`)\n<-in", "interrupted: the cell waits in a call that can't be stopped", "", ""},
		{"our loop, and the cell goes on", "l.CallLater(time.Hour, func() {})\nl.CallSoon(func() { fmt.Println(`started`) })\nerr = l.Run()\nfmt.Println(err)", "",
			"loop: run: interrupted while 0 callbacks ready, 1 timer, the next in 59m59.", "loop: run: interrupted while"},
		{"a task on our loop", `_, err = task.Run(l, func(yield coro.Yield) (interface{}, error) {
	s, err := sock.Connect(yield, mute.Addr())
	if err != nil { return nil, err }
	fmt.Println("started")
	return sock.ReadAll(yield, s, 100)
})`, "", "started", "1 task alive\n  a task awaits fd "},
		{"a callback that never returns", "l.CallSoon(func() { fmt.Println(`started`); for {} })\nl.Run()", "", "started", "callback panicked: "},
		{"a coroutine that never yields", "coro.New(func(yield coro.Yield) (interface{}, error) { fmt.Println(`started`); for {} }).Send(nil)\nfmt.Println(`on`)", "", "started", ""},
		{"our loop, and the cell takes its time with the error", "l.CallLater(time.Hour, func() {})\nl.CallSoon(func() { fmt.Println(`started`) })\nerr = l.Run()\nfor i := 0; i < 10; i++ { time.Sleep(70 * time.Millisecond) }\nfmt.Println(`done`, err)", "",
			"done loop: run: interrupted while", "loop: run: interrupted while"},
		{"our loop, and an endless loop behind it", "l.CallSoon(func() { fmt.Println(`started`) })\nl.Run()\nfor {}", "interrupted: the cell was stopped", "", "loop: run: interrupted while"},
		{"a loop that is run again and again", "l.CallSoon(func() { fmt.Println(`started`) })\nfor { l.Run() }", "interrupted: the cell was stopped", "", "loop: run: interrupted while"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result, out, red := interrupts(t, s, c.code)
			switch {
			case c.failure != "" && assert.NotNil(t, result.Failure):
				assert.Contains(t, result.Failure.String(), c.failure)
			case c.failure == "" && result.Failure != nil:
				assert.NotContains(t, result.Failure.String(), "left behind")
			}
			assert.Contains(t, out, c.out)
			assert.Contains(t, red, c.red)
			assert.Equal(t, "7", runs(t, s, "kept").Data["text/plain"], "what was defined is kept")
		})
	}
}

// A recursion without end is stopped before the runtime ends the program.
func TestRecursion(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"time\"\nfunc down(n int) int { return down(n+1) + 1 }\nfunc nothing() { nothing() }\nfunc ping(n int) { pong(n) }\nvar pong func(n int)")
	for _, code := range []string{"down(0)", "nothing()", "pong = func(n int) { ping(n) }\nping(1)"} {
		t.Run(code, func(t *testing.T) {
			result := s.Run(code, 1)
			if assert.NotNil(t, result.Failure) {
				assert.Equal(t, "stack overflow", result.Failure.Name)
			}
			runs(t, s, "time.Sleep(50 * time.Millisecond)\nlater := 1") // long enough to be looked at
		})
	}
}
