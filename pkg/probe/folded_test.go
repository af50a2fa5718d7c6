package probe

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func outer(inner func()) { inner() }

// TestFolded: the way has a name once, even where functions within it call each other.
func TestFolded(t *testing.T) {
	var way string
	note := func() { way = Folded() }
	outer(func() { note() })
	assert.Equal(t, "probe.TestFolded;probe.outer;probe.TestFolded", way)
	done := make(chan string)
	go func() { done <- func() string { return Folded() }() }()
	assert.Equal(t, "probe.TestFolded", <-done, "a goroutine has its own stack")
}

func TestWhatIsFolded(t *testing.T) {
	cases := []struct{ name, function, want string }{
		{"a method", "stepwise/pkg/sock.(*Socket).receive", "sock.Socket.receive"},
		{"a function within a function", "stepwise/pkg/sock.(*Socket).readInto.func1", "sock.Socket.readInto"},
		{"one deep within", "stepwise/pkg/coro.New.func1.2", "coro.New"},
		{"a bound method", "stepwise/pkg/task.(*Task).wakeup-fm", "task.Task.wakeup"},
		{"of an interpreted cell", interpreterModule + "/fast.(*Env).Run", CellFunc},
		{"of Go's library", "runtime.gopanic", ""},
		{"what tells of a call", "stepwise/pkg/sys.Told.func7", tells},
		{"what tells of a wait", "stepwise/pkg/selector.(*told).Select", tells},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, folded(c.function)) })
	}
}
