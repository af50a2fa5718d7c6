package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/debug"
)

// TestTasks looks into a real server.
func TestTasks(t *testing.T) {
	t.Setenv("STEPWISEDEBUG", "1")
	s := startServer(t, "echo", "--addr", "127.0.0.1:0")
	s.echoes(s.dial())
	pid := strconv.Itoa(s.Process.Pid)
	t.Run("one program", func(t *testing.T) {
		status, out, complaint := call(t, "tasks", pid)
		require.Zero(t, status, complaint)
		assert.Contains(t, out, ", process "+pid+"\nloop 1: asleep for ")
		assert.Contains(t, out, ", 2 tasks\nTASK  FUNCTION ")
		assert.Regexp(t, `(?m)^\d+ +serve\.\S+ +fd \d+ to read `, out)
	})
	t.Run("its tree", func(t *testing.T) {
		status, out, complaint := call(t, "tasks", "--tree", pid)
		require.Zero(t, status, complaint)
		assert.Regexp(t, `(?m)^task 1 .* has been waiting for fd \d+ to read for `, out)
		assert.Regexp(t, `(?m)^   spawned by `, out)
	})
	t.Run("as JSON", func(t *testing.T) {
		status, out, complaint := call(t, "tasks", "--json", pid)
		require.Zero(t, status, complaint)
		var p debug.Process
		require.NoError(t, json.Unmarshal([]byte(out), &p))
		require.Equal(t, s.Process.Pid, p.PID)
		require.Len(t, p.Loops, 1)
		require.Len(t, p.Loops[0].Tasks, 2)
	})
	t.Run("all programs", func(t *testing.T) {
		status, out, complaint := call(t, "tasks")
		require.Zero(t, status, complaint)
		assert.Contains(t, out, ", process "+pid+"\n")
	})
	t.Run("one that doesn't offer its tasks", func(t *testing.T) {
		status, _, complaint := call(t, "tasks", strconv.Itoa(os.Getpid()))
		require.Equal(t, failed, status)
		assert.Contains(t, complaint, fmt.Sprintf("look at process %d: it doesn't offer its tasks: start it with STEPWISEDEBUG=1", os.Getpid()))
		assert.Regexp(t, `; those of yours that do: (\d+, )*`+pid+`\b`, complaint)
		assert.Contains(t, complaint, "Try: stepwise tasks --help")
	})
}

// a crawl of three tasks, the last of which keeps the loop.
var crawl = debug.Process{PID: 42, Program: "crawler", Loops: []debug.Loop{
	{Number: 1, Doing: debug.Stuck, For: 3217 * time.Millisecond, What: "task 3 main.parse", At: []string{"main.parse at main.go:50", "main.spin at main.go:60"}, Tasks: []debug.Task{
		{ID: 1, Name: "main.crawl", Spawned: "main.main at main.go:12", Waits: "2 others", For: 75 * time.Second, WaitsFor: []uint64{2}, Group: []uint64{2, 3}, Stack: []string{"main.crawl", "task.Gather"}, At: "main.crawl at main.go:20"},
		{ID: 2, Name: "main.fetch", Spawned: "main.crawl at main.go:18", Waits: "fd 7 to read", For: 250 * time.Millisecond, Stack: []string{"main.fetch", "sock.Read"}, At: "main.fetch at main.go:30"},
		{ID: 3, Name: "main.parse", Spawned: "main.crawl at main.go:19", For: 3217 * time.Millisecond},
		{ID: 4, Name: "main.log", Spawned: "main.main at main.go:13", Waits: "task main.fetch", For: time.Second, WaitsFor: []uint64{2}, Stack: []string{"main.log"}, At: "main.log at main.go:40"},
		{ID: 5, Name: "main.a", Spawned: "main.main at main.go:14", Waits: "task main.b", WaitsFor: []uint64{6}},
		{ID: 6, Name: "main.b", Spawned: "main.main at main.go:15", Waits: "3 others", WaitsFor: []uint64{1, 2, 5}},
	}},
	{Number: 2, Doing: debug.Asleep, For: time.Millisecond},
}}

func TestTasksText(t *testing.T) {
	for _, c := range []struct {
		name string
		tasksCommand
		p    debug.Process
		want string
	}{
		{"a list", tasksCommand{}, crawl, `crawler, process 42
loop 1: stuck in task 3 main.parse for 3.2s: nothing else can run, 6 tasks
   in main.spin at main.go:60
   in main.parse at main.go:50
TASK  FUNCTION    WAITS FOR         TIME   IN
1     main.crawl  task 2            1m15s  task.Gather
2     main.fetch  fd 7 to read      250ms  sock.Read
3     main.parse  nothing: it runs  3.2s   -
4     main.log    task 2            1s     main.log
5     main.a      task 6            0s     -
6     main.b      tasks 1, 2 and 5  0s     -
loop 2: asleep for 1ms, 0 tasks
`},
		{"a tree", tasksCommand{Tree: true}, crawl, `crawler, process 42
loop 1: stuck in task 3 main.parse for 3.2s: nothing else can run, 6 tasks
   in main.spin at main.go:60
   in main.parse at main.go:50
task 4 main.log has been waiting for task 2 for 1s
   in main.log, main.log at main.go:40
   spawned by main.main at main.go:13
      task 2 main.fetch has been waiting for fd 7 to read for 250ms
         in main.fetch > sock.Read, main.fetch at main.go:30
         spawned by main.crawl at main.go:18
task 1 main.crawl has been waiting for task 2 for 1m15s
   in main.crawl > task.Gather, main.crawl at main.go:20
   spawned by main.main at main.go:12
   can't end before its group: tasks 2 and 3
      task 2 main.fetch (see above)
      task 3 main.parse has been running for 3.2s
         spawned by main.crawl at main.go:19
task 5 main.a has been waiting for task 6 for 0s
   spawned by main.main at main.go:14
      task 6 main.b has been waiting for tasks 1, 2 and 5 for 0s
         spawned by main.main at main.go:15
            task 1 main.crawl (see above)
            task 2 main.fetch (see above)
            task 5 main.a (see above)
loop 2: asleep for 1ms, 0 tasks
`},
		{"a group whose body has returned", tasksCommand{}, debug.Process{PID: 1, Program: "x", Loops: []debug.Loop{{Number: 1, Doing: debug.Asleep, Tasks: []debug.Task{
			{ID: 1, Name: "main.a", Waits: "2 others", Group: []uint64{2, 3}}, {ID: 2, Name: "main.b", Waits: "its turn"},
			{ID: 3, Name: "main.c", Waits: "its time, in 2s", Group: []uint64{2}},
		}}}}, `x, process 1
loop 1: asleep for 0s, 3 tasks
TASK  FUNCTION  WAITS FOR        TIME  IN
1     main.a    tasks 2 and 3    0s    -
2     main.b    its turn         0s    -
3     main.c    its time, in 2s  0s    -
`},
		{"no loop", tasksCommand{}, debug.Process{PID: 1, Program: "x"}, "x, process 1\nno loop\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, c.print(&out, c.p))
			require.Equal(t, c.want, out.String())
		})
	}
}
