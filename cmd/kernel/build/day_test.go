package build

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// manyLines is a cell of as many lines, whose value is their number.
func manyLines(n int) string {
	var code strings.Builder
	code.WriteString("total := 0\n")
	for i := 2; i < n; i++ {
		fmt.Fprintf(&code, "total++ // line %d\n", i)
	}
	code.WriteString("total + 2")
	return code.String()
}

// TestClumsyDay is a day of a reader who does everything wrong that can be done
// wrong, in one notebook. The kernel says what happened each time, and lives.
func TestClumsyDay(t *testing.T) {
	const kept = "everything you defined"
	day := []struct {
		name string
		step step
		says []string // in what is shown in red: errors and stderr
		out  string   // all of stdout, unless it is empty
		is   string   // the cell's value
	}{
		{"imports", step{Code: `import ("fmt"; "os"; "time"; "runtime"; "bytes"; "stepwise/pkg/loop"; "stepwise/pkg/future")`}, nil, "", ""},
		{"an endless loop, stopped", step{Code: "count := 0\nfmt.Println(\"begun\")\nfor { count++ }", InterruptOn: "begun"}, []string{"interrupted: the cell was stopped; everything it had defined so far is kept"}, "begun\n", ""},
		{"what it counted is there", step{Code: "count > 0"}, nil, "", "true"},
		{"a sleep without end, stopped", step{Code: "fmt.Println(\"begun\")\ntime.Sleep(1000 * time.Hour)", InterruptOn: "begun"}, []string{"interrupted: the cell was stopped; everything it had defined so far is kept"}, "begun\n", ""},
		{"a loop of ours that waits for a timer, stopped", step{Code: "l, err := loop.New(loop.Options{})\nl.CallLater(time.Hour, func() {})\nl.CallSoon(func() { fmt.Println(\"begun\") })\nl.Run()", InterruptOn: "begun"}, []string{"interrupted while 0 callbacks ready, 1 timer"}, "begun\n", ""},
		{"a mistyped function", step{Code: "fmt.Pritnln(\"hello\")"}, []string{"compile error: In[6]:1:5: ", "Did you mean fmt.Println?"}, "", ""},
		{"a mistyped variable", step{Code: "fmt.Println(cuont)"}, []string{"In[7]:1:13: undefined: cuont", "Did you mean count?"}, "", ""},
		{"a mistyped method", step{Code: "l.CallSon(func() {})"}, []string{"In[8]:1:3: ", "Did you mean l.CallSoon?"}, "", ""},
		{"a bracket that is never closed", step{Code: "fmt.Println(\"hello\""}, []string{"In[9]:1:", "never closed"}, "", ""},
		{"a panic in a goroutine", step{Code: "before := runtime.NumGoroutine()\ngo func() {\n\tvar none []int\n\tfmt.Println(none[3])\n}()\nfor runtime.NumGoroutine() > before { time.Sleep(time.Millisecond) }"}, []string{"panic in a goroutine, started at In[10]:2:", "The goroutine has ended; the kernel and " + kept}, "", ""},
		{"a panic in a cell", step{Code: "panic(\"enough\")"}, []string{"panic: enough"}, "", ""},
		{"the wrong type", step{Code: "var age int = \"forty\""}, []string{"In[12]:1", "cannot use \"forty\" (untyped string constant) as int value", "another type than the place"}, "", ""},
		{"the wrong type in an assignment", step{Code: "count = \"a\""}, []string{"In[13]:1:9", "another type"}, "", ""},
		{"another number of arguments", step{Code: "func add(a, b int) int { return a + b }\nadd(1)"}, []string{"In[14]:2:", "not enough arguments in call to add"}, "", ""},
		{"redefinition as another type", step{Code: "count := \"now a text\"\ncount"}, nil, "", "now a text"},
		{"redefinition of a function", step{Code: "func add(a, b int) int { return a - b }\nadd(3, 1)"}, nil, "", "2"},
		{"redefinition of a type", step{Code: "type point struct{ x int }"}, nil, "", ""},
		{"with other fields", step{Code: "type point struct{ y string }"}, nil, "", ""},
		{"which count from then on", step{Code: "point{\"b\"}.y"}, nil, "", "b"},
		{"a result that is set twice", step{Code: "f := future.New(l)\nf.SetResult(1)\nf.SetResult(2)"}, nil, "", ""},
		{"a recursion without end", step{Code: "func down(n int) int { return down(n + 1) }\ndown(0)"}, []string{"stack overflow: functions call each other without end", kept}, "", ""},
		{"os.Exit", step{Code: "os.Exit(1)"}, []string{"os.Exit(1): a program would end here", kept}, "", ""},
		{"restart, and what was defined is gone", step{Code: "count", Restart: true}, []string{"In[1]:1:1: undefined: count", "No cell that has run defines it: run the one that does, above this one"}, "", ""},
		{"the imports are gone, too", step{Code: "fmt.Println(1)"}, []string{"Write import \"fmt\" first."}, "", ""},
		{"imports again", step{Code: `import ("fmt"; "os"; "strings")`}, nil, "", ""},
		{"ten megabytes of output", step{Code: "line := strings.Repeat(\"x\", 99)\nfunc flood() { for i := 0; i < 100000; i++ { fmt.Println(line) } }\nflood()"}, nil, strings.Repeat(strings.Repeat("x", 99)+"\n", 100_000), ""},
		{"output that is no text", step{Code: "all := make([]byte, 256)\nfor i := range all { all[i] = byte(i) }\nos.Stdout.Write(all)\nprint := 1"}, nil, string(rune(0)) + "\x01", ""},
		{"unicode in names, texts and output", step{Code: "größe, 世界 := 3, \"☃ мир\"\nfmt.Println(größe, 世界)"}, nil, "3 ☃ мир\n", ""},
		{"an error behind unicode has its place", step{Code: "fmt.Println(\"☃\", 世)"}, []string{"In[7]:1:20: undefined: 世"}, "", ""},
		{"a cell of five thousand lines", step{Code: manyLines(5000)}, nil, "", "5000"},
		{"an error in the last of five thousand lines", step{Code: manyLines(4999) + "\nnothing"}, []string{"In[9]:5000:1: undefined: nothing"}, "", ""},
		{"and the kernel is there", step{Code: "fmt.Println(\"good night\")"}, nil, "good night\n", ""},
	}
	steps := make([]step, len(day))
	for i, d := range day {
		steps[i] = d.step
	}
	s := play(t, steps)
	for i, d := range day {
		t.Run(d.name, func(t *testing.T) {
			got := s.Steps[i]
			red := got.failure() + "\n" + got.stream("stderr")
			for _, piece := range d.says {
				assert.Contains(t, red, piece)
			}
			if len(d.says) == 0 {
				assert.Equal(t, "\n", red)
			}
			if out := got.stream("stdout"); d.name == "output that is no text" {
				assert.True(t, strings.HasPrefix(out, d.out) && strings.HasSuffix(out, "\uFFFD"), "%q", out)
			} else if len(d.out) > 1000 {
				assert.True(t, out == d.out, "%d bytes, want %d", len(out), len(d.out))
			} else {
				assert.Equal(t, d.out, out)
			}
			if d.is != "" {
				assert.Equal(t, d.is, got.value("text/plain"))
			}
			assert.True(t, got.Alive, "the kernel died of this cell")
		})
	}
	assert.Empty(t, s.Log, "the server's log")
}

// TestLastWords: what nothing can catch ends the kernel, and the next one says why.
func TestLastWords(t *testing.T) {
	ends := []struct{ name, code, says, log string }{
		{"a map that goroutines share", `m := map[int]int{}
func write() { for { m[1]++ } }
for i := 0; i < 8; i++ { go write() }
write()`, "ended while In[1] ran: fatal error: concurrent map access: two goroutines used a map at once", "fatal error: concurrent map"},
		{"a log.Logger that is fatal", "import (\"log\"; \"os\")\nlogger := log.New(os.Stderr, \"\", 0)\nlogger.Fatal(\"over\")", "ended while In[2] ran without a word: it was killed, perhaps because memory ran out, or compiled code called os.Exit", ""},
		{"a signal", "import (\"syscall\"; \"os\")\nsyscall.Kill(os.Getpid(), syscall.SIGKILL)", "ended while In[2] ran without a word", ""},
		{"a mutex that nobody had locked", "import \"sync\"\nvar mu sync.Mutex\nmu.Unlock()", "ended while In[2] ran: fatal error: misuse of a mutex: it was unlocked, and nobody had locked it", "fatal error: sync: unlock of unlocked mutex"},
	}
	var steps []step
	for _, e := range ends {
		steps = append(steps, step{Code: e.code, Dies: true}, step{Code: "import \"fmt\"\nfmt.Println(\"again\")\nx := 1\nx"})
	}
	steps = append(steps, step{Code: "x"}, step{Code: "x := 2\nx", Restart: true},
		step{Code: "import \"fmt\"\nfmt.Println(\"begun\")\nfor {}", InterruptOn: "begun", RestartIt: true}, step{Code: "x := 3\nx"})
	s := play(t, steps)
	for i, e := range ends {
		t.Run(e.name, func(t *testing.T) {
			assert.False(t, s.Steps[2*i].Alive, "the kernel lives: then this needs no last words")
			assert.Contains(t, s.Steps[2*i+1].stream("stderr"), "The kernel before this one "+e.says)
			assert.Contains(t, s.Steps[2*i+1].stream("stderr"), "run the cells above again")
			assert.Equal(t, "stderr", s.Steps[2*i+1].Outputs[0].Name, "above what the cell prints")
			assert.Equal(t, "again\n", s.Steps[2*i+1].stream("stdout"))
			assert.Equal(t, "1", s.Steps[2*i+1].value("text/plain"), "the cell itself runs as always")
			assert.Contains(t, s.Log, "The kernel before this one "+e.says)
			assert.Contains(t, s.Log, e.log)
		})
	}
	t.Run("it is said once", func(t *testing.T) { assert.Empty(t, s.Steps[2*len(ends)].stream("stderr")) })
	t.Run("a restart by the menu is no such end", func(t *testing.T) {
		assert.Empty(t, s.Steps[2*len(ends)+1].stream("stderr"))
		assert.Empty(t, s.Steps[len(steps)-1].stream("stderr"), "in the midst of a cell")
	})
}
