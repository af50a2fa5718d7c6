package trace

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func list(names string) []string { return strings.Fields(names) }

func TestWithEntered(t *testing.T) {
	for _, c := range []struct {
		name, compiled string
		said           []*entered
		want           string
	}{
		{"nothing said", "main.a sock.Read", nil, "main.a sock.Read"},
		{"cells outside of the library", "sock.Read sock.wait", []*entered{{"fetch", 0}, {"readAll", 0}}, "fetch readAll sock.Read sock.wait"},
		{"a cell that is called back", "draw.Run draw.body sock.Read", []*entered{{"cell", 2}}, "draw.Run draw.body cell sock.Read"},
		{"on both sides", "b d", []*entered{{"a", 0}, {"c", 1}, {"e", 2}}, "a b c d e"},
		{"compiled and said: once", "main.fetch sock.Read", []*entered{{"fetch", 1}}, "main.fetch sock.Read"},
		{"the end of a name is not the name", "main.prefetch", []*entered{{"fetch", 1}}, "main.prefetch fetch"},
		{"deeper than the stack is now", "a", []*entered{{"b", 3}}, "a b"},
		{"recursion", "", []*entered{{"a", 0}, {"b", 0}, {"a", 0}}, "a b a"},
	} {
		assert.Equal(t, list(c.want), withEntered(list(c.compiled), c.said), c.name)
	}
}

func TestHidden(t *testing.T) {
	for function, want := range map[string]bool{
		"":                                      true,
		"runtime.goexit":                        true,
		"github.com/cosmos72/gomacro/fast.x":    true,
		"stepwise/pkg/coro.(*Coro).run":         true,
		"stepwise/pkg/task.AwaitAs[...]":        true,
		"stepwise/pkg/task.Run":                 false,
		"stepwise/pkg/task.(*Task).Cancel":      true,
		"stepwise/pkg/loop.(*Loop).AddReader":   true,
		"stepwise/pkg/future.New":               true,
		"stepwise/pkg/sock.ReadAll":             false,
		"stepwise/pkg/sock.(*Socket).wait":      true,
		"stepwise/pkg/sock.(*Socket).Close":     false,
		"stepwise/pkg/draw.Run.func1":           true,
		"stepwise/pkg/sock_test.reads":          false,
		"stepwise/pkg/stages/futures.read":      false,
		"stepwise/pkg/sock.(*stream).Read":      true,
		"bufio.(*Reader).fill":                  true,
		"net/http.ReadResponse":                 true,
		"crypto/tls.(*Conn).Read":               true,
		"example.org/bufio.Read":                false,
		"stepwise.TestAll":                      false,
		"main.read":                             false,
		"main.main.func1":                       false,
		"example.org/stepwise/pkg/sock.private": false,
	} {
		assert.Equal(t, want, hidden(function), function)
	}
}

func TestEnter(t *testing.T) {
	r, l := recorded(func() time.Duration { return 0 })
	task, result := new(int), new(string)
	l.Made(result)
	l.Spawned(task, result, nothing)
	outside := l.Entered("outside")
	l.Resumed(task, nil, nil)
	a := l.Entered("a")
	b := l.Entered("b")
	l.Yielded(task, nil)
	l.Stepped(task)
	outside()
	l.Resumed(task, nil, nil)
	b()
	b()
	l.Yielded(task, nil)
	a() // unwinding, outside of the step that entered it
	l.Stepped(task)
	a()
	var got []string
	for _, e := range r.Events() {
		switch e.Kind {
		case Called, Left:
			got = append(got, e.Kind.String()+" "+e.Name+" "+itoa(e.Task))
		case Yielded:
			got = append(got, strings.Join(e.Stack, " "))
		}
	}
	assert.Equal(t, []string{"called outside 0", "called a 1", "called b 1", "a b", "left outside 0", "left b 1", "a", "left a 1"}, got)
	assert.Empty(t, r.names)
}

func TestPlace(t *testing.T) {
	assert.Regexp(t, `^trace.TestPlace at .*stack_test.go:\d+$`, Place())
	assert.Equal(t, "stepwise", module)
	assert.Equal(t, "stepwise/pkg/", library)
}
