//go:build stepwise_kernel

package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
)

// Some things end the process, and nothing can catch them: two goroutines that use a
// map at once, a stack that compiled code overflows, memory that runs out, a compiled
// function that calls os.Exit. Jupyter then starts another kernel with the same
// connection file, and the reader sees an empty notebook without a word. So a kernel
// leaves its last words in a file beside the connection file: which cell it runs,
// and, by the runtime's own hand, the error that ended it. The next kernel reads
// them, and tells them in the server's log and above the first cell that it runs.

// lastWords is that file while the kernel lives. Its methods may be called on nil,
// and do nothing then.
type lastWords struct {
	file  *os.File
	heard string // those of the kernel before this one, in words for a reader; empty if it ended well
}

// openLastWords reads what the kernel before this one has left, and begins anew.
func openLastWords(connectionFile string) (*lastWords, error) {
	name := strings.TrimSuffix(connectionFile, ".json") + ".last-words"
	left, _ := os.ReadFile(name)
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the file for last words: %w", err)
	}
	l := &lastWords{file: file, heard: explainEnd(string(left))}
	if l.heard != "" {
		serverLog.Println(l.heard)
	}
	if err := debug.SetCrashOutput(file, debug.CrashOptions{}); err != nil {
		return l, fmt.Errorf("asking for the runtime's last words: %w", err)
	}
	return l, nil
}

// begin notes the cell that runs. What the runtime writes comes behind it.
func (l *lastWords) begin(cell int) { l.write(fmt.Sprintf("In[%d]\n", cell)) }

// end notes that no cell runs.
func (l *lastWords) end() { l.write("") }

func (l *lastWords) write(text string) {
	if l == nil {
		return
	}
	err := l.file.Truncate(0)
	if err == nil {
		_, err = l.file.WriteString(text)
	}
	if err != nil {
		serverLog.Println("noting which cell runs:", err)
	}
}

// close removes the file: the kernel ends as it should.
func (l *lastWords) close() {
	if l != nil {
		_ = os.Remove(l.file.Name())
	}
}

// tellLastWords shows those of the kernel before this one, once, under the cell
// that is about to run, and above all that it prints: the flush waits until they
// are out, for the cell's own output may come by the other pipe.
func (k *Kernel) tellLastWords() {
	if k.last == nil || k.last.heard == "" {
		return
	}
	fmt.Fprintln(os.Stderr, k.last.heard+"\nThis is a new one: run the cells above again, or what they defined is missing.")
	k.output.flush()
	k.last.heard = ""
}

// ends are explanations of what the runtime writes as it ends the process: a panic's
// own line, or of a fatal error the stacks alone. Its first line goes to the server's
// log, and there only.
var ends = []struct {
	has   *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`maps\.fatal\(`), "fatal error: concurrent map access: two goroutines used a map at once. Keep a map in one goroutine, or lock a sync.Mutex around it"},
	{regexp.MustCompile(`sync\.fatal\(`), "fatal error: misuse of a mutex: it was unlocked, and nobody had locked it"},
	{regexp.MustCompile(`runtime\.newstack\(`), "fatal error: stack overflow: functions called each other without end"},
	{regexp.MustCompile(`runtime\.(\(\*mheap\)|sysMap|sysAlloc|\(\*mcache\))`), "fatal error: there was no memory left"},
	{regexp.MustCompile(`(?m)^panic: .*`), "$0: compiled code panicked in a goroutine of its own, where the kernel can't catch it"},
	{regexp.MustCompile(`(?m)^goroutine \d+ .*\[running|^runtime stack:`), "a fatal error, which the log of Jupyter's server names"},
}

// explainEnd says how a kernel ended, by what it has left; empty if it ended well.
func explainEnd(left string) string {
	if left == "" {
		return ""
	}
	where := "between two cells"
	if first, _, _ := strings.Cut(left, "\n"); strings.HasPrefix(first, "In[") {
		where = "while " + first + " ran"
	}
	for _, end := range ends {
		if found := end.has.FindString(left); found != "" {
			return "The kernel before this one ended " + where + ": " + strings.Replace(end.means, "$0", found, 1) + ". Nothing can catch that."
		}
	}
	return "The kernel before this one ended " + where + " without a word: it was killed, perhaps because memory ran out, or compiled code called os.Exit, as the Fatal methods of a log.Logger do."
}
