package cell

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

const sending = `import ("golang.org/x/sys/unix"; "stepwise/pkg/coro"; "stepwise/pkg/sock")`

// hasty ignores what was left over.
const hasty = `func send(yield coro.Yield, s *sock.Socket, data []byte) error {
	_, err := unix.Write(s.FD(), data)
	return err
}`

const asking = `import ("net"; "stepwise/pkg/stages")`

// forgetful reads once.
const forgetful = `func ask(address string, question []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.Write(question); err != nil {
		return nil, err
	}
	p := make([]byte, 4096)
	n, _ := conn.Read(p)
	return p[:n], nil
}`

func TestJudge(t *testing.T) {
	cases := []struct {
		name   string
		cells  []string
		says   []string
		failed string // the command's error; "" if there is none
	}{
		{"a lesson's cases", []string{sending, hasty, "%test 09"}, []string{"ok    W05", "FAIL  W01", "cases pass"}, ""},
		{"one digit", []string{sending, hasty, "%test 9"}, []string{"FAIL  W01"}, ""},
		{"one case", []string{sending, hasty, "%test 09 w05"}, []string{"ok    W05", "1 of 1 cases pass"}, ""},
		{"the newest definition", []string{sending, hasty, "func send(yield coro.Yield, s *sock.Socket, data []byte) error { return sock.Send(yield, s, data) }", "%test 09 W01"},
			[]string{"ok    W01"}, ""},
		{"a variable", []string{sending, "send := sock.Send", "%test 09 W01"}, []string{"ok    W01"}, ""},
		{"a selector", []string{`import ("stepwise/pkg/lesson"; "stepwise/pkg/selector")`, "func newSelector() (lesson.Poller, error) { return selector.New() }", "%test 03 S29"},
			[]string{"ok    S29"}, ""},
		{"a selector that isn't defined", []string{"%test 03"}, nil, "define `func newSelector() (lesson.Poller, error)` first"},
		{"a loop that isn't defined", []string{"%test 04"}, nil, "define `func newLoop(selector.Selector) lesson.EventLoop` first"},
		{"not defined", []string{sending, "%test 09"}, nil, "lesson 09 judges a function send, and the notebook has none: define `func send(coro.Yield, *sock.Socket, []byte) error` first"},
		{"an ask that blocks", []string{asking, forgetful, "%test 01"}, []string{"ok    Q01", "FAIL  Q02", "your blocking ask reads once"}, ""},
		{"a poll", []string{asking, "func poll(talks []*stages.Talk) { stages.Poll(talks) }", "%test 02"}, []string{"ok    Q01", "9 of 9 cases pass"}, ""},
		{"a panic, without the interpreter's frames", []string{sending, "func send(yield coro.Yield, s *sock.Socket, data []byte) error { var p []byte; p[3] = 1; return nil }", "%test 09"},
			[]string{"FAIL  W05", "index out of range"}, ""},
		{"a panic, in Go's words", []string{sending, "func send(yield coro.Yield, s *sock.Socket, data []byte) error { _ = make([]byte, len(data)-2_000_000); return nil }", "%test 09 W01"},
			[]string{"panic: runtime error: makeslice: len out of range"}, ""},
		{"a loop that never sleeps", []string{sending, `func send(yield coro.Yield, s *sock.Socket, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(s.FD(), data)
		if err == unix.EAGAIN {
			_, err = yield(nil)
			n = 0
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}`, "%test 09"}, []string{"your loop never slept: 1000 rounds while nothing could happen", "asks again at each turn"}, ""},
		{"no ask", []string{asking, "%test 01"}, nil, "define `func ask(string, []byte) ([]byte, error)` first"},
		{"no poll", []string{asking, "%test 02"}, nil, "define `func poll([]*stages.Talk)` first"},
		{"of another type", []string{"func send() {}", "%test 09"}, nil, "a function send of another type"},
		{"no function", []string{"send := 3", "%test 09"}, nil, "a function send of another type"},
		{"no such lesson", []string{"%test 99"}, nil, "no lesson 99 has cases; these have: 0"},
		{"no such case", []string{"%test 09 Z99"}, nil, "lesson 09 has no case Z99; it has W01"},
		{"no lesson named", []string{"%test"}, nil, "want the number of a lesson"},
		{"two functions", []string{`import ("stepwise/pkg/lesson"; "stepwise/pkg/task"; "stepwise/pkg/wait")`, "type places struct{ *wait.Semaphore }\nfunc (p places) Release() { p.Semaphore.Release() }\nfunc newSemaphore(n int) lesson.Semaphore { return places{wait.NewSemaphore(n)} }\ngather := task.Gather", "%test 13"},
			[]string{fmt.Sprintf("%d of %[1]d cases pass", len(lesson.Together.Cases))}, ""},
		{"one of two functions", []string{`import "stepwise/pkg/task"`, "gather := task.Gather", "%test 13"}, nil, "lesson 13 judges a function newSemaphore, and the notebook has none: define `func newSemaphore(int) lesson.Semaphore` first"},
		{"another command", []string{"%fly"}, nil, "no such command"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			last := len(c.cells) - 1
			for _, code := range c.cells[:last] {
				runs(t, s, code)
			}
			said, _ := printed(t, "", func() {
				failure := s.Run(c.cells[last], 1).Failure
				if c.failed == "" {
					require.Nil(t, failure)
					return
				}
				require.NotNil(t, failure)
				assert.Contains(t, failure.String(), c.failed)
			})
			for _, part := range c.says {
				assert.Contains(t, said, part)
			}
			assert.NotContains(t, said, "gomacro")
			assert.NotContains(t, said, "goroutine ")
		})
	}
}
