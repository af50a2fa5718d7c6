package stages_test

// The tables of README.md, the first of which lesson 12 has too: which stage survives
// which server, and what it costs. All of it comes from a run. Exact values are compared with the
// committed ones; those that vary are given by order of magnitude, and made anew by
//
//	go test ./pkg/stages -run Table -update

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/scanner"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
)

var update = flag.Bool("update", false, "write the tables into README.md and lesson 12")

// places are the files that hold each table, below the clone's folder.
var places = map[string][]string{
	"survival": {"README.md", "notebooks/12-fetch.ipynb"},
	"costs":    {"README.md"},
}

func TestTableOfSurvival(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for what never comes")
	}
	holds(t, "survival", survivalTable())
}

func survivalTable() string {
	cells := make([][]string, len(stages.All()))
	var all sync.WaitGroup
	for i, stage := range stages.All() {
		cells[i] = make([]string, len(servers))
		for j, server := range servers {
			all.Go(func() { cells[i][j] = verdict(server.meets(stage)) })
		}
	}
	all.Wait()
	var b strings.Builder
	row(&b, "a server that", names()...)
	row(&b, "---", dashes(len(stages.All()))...)
	for j, server := range servers {
		var column []string
		for i := range cells {
			column = append(column, cells[i][j])
		}
		row(&b, server.name, column...)
	}
	return b.String()
}

func verdict(err error) string {
	if err == nil {
		return "yes"
	}
	return "**no**"
}

func names() (all []string) {
	for _, stage := range stages.All() {
		all = append(all, stage.Name)
	}
	return all
}

func dashes(n int) []string { return strings.Fields(strings.Repeat("--- ", n)) }

func row(b *strings.Builder, first string, rest ...string) {
	fmt.Fprintf(b, "| %s | %s |\n", first, strings.Join(rest, " | "))
}

// TestTableOfCosts measures only when it writes. Of the committed values it compares the
// exact ones: the lines of code.
func TestTableOfCosts(t *testing.T) {
	lines := make([]string, 0, len(stages.All()))
	for _, stage := range stages.All() {
		lines = append(lines, fmt.Sprint(codeLines(t, stage.File)))
	}
	if !*update {
		for _, f := range committed(t, "costs") {
			text, _ := f.between(t, "<!-- stages costs -->", "<!-- end of costs -->")
			assert.Contains(t, text, "| lines of code | "+strings.Join(lines, " | ")+" |", "make it anew: go test ./pkg/stages -run Table -update")
		}
		return
	}
	var b strings.Builder
	row(&b, "what it costs", names()...)
	row(&b, "---", dashes(len(stages.All()))...)
	row(&b, "lines of code", lines...)
	costs := map[string][]string{}
	for _, stage := range stages.All() {
		page, wait, cpu, memory := measure(t, stage)
		costs["page"] = append(costs["page"], page)
		costs["wait"] = append(costs["wait"], wait)
		costs["cpu"] = append(costs["cpu"], cpu)
		costs["memory"] = append(costs["memory"], memory)
	}
	row(&b, "system calls for a page, about", costs["page"]...)
	row(&b, "system calls in a second of waiting", costs["wait"]...)
	row(&b, "processor while it waits", costs["cpu"]...)
	row(&b, "memory for each that waits", costs["memory"]...)
	holds(t, "costs", b.String())
}

// codeLines counts the lines of a file that hold a token of Go.
func codeLines(t *testing.T, name string) int {
	source, err := os.ReadFile(name)
	require.NoError(t, err)
	set := token.NewFileSet()
	file := set.AddFile(name, -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok != token.SEMICOLON || text == ";" {
			lines[file.Line(pos)] = true
		}
	}
}

// measure runs the stage on waiting servers, and returns what that took.
func measure(t *testing.T, stage stages.Stage) (page, wait, cpu, memory string) {
	t.Helper()
	const many, pause = 100, 500 * time.Millisecond
	peer := faulty.HTTPHeld(head + "hello")
	defer peer.Close()
	addresses := make([]string, many)
	for i := range addresses {
		addresses[i] = peer.Addr()
	}
	if stage.Lesson == 1 { // it never gets beyond the first
		addresses = addresses[:1]
	}
	var calls atomic.Int64
	before := inUse()
	over := make(chan bool)
	defer stages.Observe(func(string) { calls.Add(1) })()
	go func() {
		stage.FetchAll(addresses)
		over <- true
	}()
	require.NoError(t, peer.WaitAccepted(len(addresses), 10*time.Second))
	time.Sleep(pause) // the rest of the requests is sent meanwhile
	settledCalls, settledCPU := calls.Load(), processor()
	time.Sleep(pause)
	waited, used := calls.Load()-settledCalls, processor()-settledCPU
	held := inUse() - before - int64(len(addresses))*serverSide(t)
	peer.Release()
	<-over
	total := calls.Load()
	perPage := roundTo(float64(total)/float64(len(addresses)), 1)
	if waited > 1000 {
		perPage = "no limit"
	}
	memory = memoryWords(float64(held) / float64(len(addresses)))
	if len(addresses) == 1 {
		memory = "one waits at a time"
	}
	return perPage, magnitude(float64(waited) / pause.Seconds()), share(used, pause), memory
}

// serverSide is what one waiting connection takes in the server, which is in this process
// too.
func serverSide(t *testing.T) int64 {
	const many = 100
	peer := faulty.HTTPHeld("")
	defer peer.Close()
	before := inUse()
	family, sa, err := sock.Sockaddr(peer.Addr())
	require.NoError(t, err)
	for range many {
		fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
		require.NoError(t, err)
		defer unix.Close(fd)
		require.NoError(t, unix.Connect(fd, sa))
		_, err = unix.Write(fd, stages.Request(peer.Addr()))
		require.NoError(t, err)
	}
	require.NoError(t, peer.WaitAccepted(many, 10*time.Second))
	time.Sleep(200 * time.Millisecond)
	return (inUse() - before) / many
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func processor() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}

func share(used, of time.Duration) string {
	if used*4 > of {
		return "a whole core"
	}
	return "none"
}

func roundTo(n, step float64) string { return fmt.Sprint(math.Round(n/step) * step) }

func magnitude(n float64) string {
	if n < 10 {
		return "none"
	}
	words := []string{"tens", "hundreds", "thousands", "more than 10,000"}
	return words[min(int(math.Log10(n)), len(words))-1]
}

// memoryWords has no finer steps: the runtime keeps and reuses memory of the stage before,
// so runs differ by a kilobyte or two.
func memoryWords(n float64) string {
	switch {
	case n < 4<<10:
		return "under 4 KB"
	case n < 16<<10:
		return "under 16 KB"
	case n < 64<<10:
		return "under 64 KB"
	}
	return "more"
}

// holds checks that each of the places has the table, or writes it there.
func holds(t *testing.T, name, table string) {
	t.Helper()
	for path, f := range committed(t, name) {
		old, write := f.between(t, "<!-- stages "+name+" -->", "<!-- end of "+name+" -->")
		if *update {
			require.NoError(t, os.WriteFile(path, write(table), 0o644))
			continue
		}
		assert.Equal(t, strings.TrimSpace(old), strings.TrimSpace(table), "%s: make it anew: go test ./pkg/stages -run Table -update", path)
	}
}

// document is a file with the tables, in lines. A notebook is JSON, in which each line of
// a cell is a string on a line of its own.
type document struct {
	lines    []string
	notebook bool
}

// between is the text between two lines, and a way to replace it.
func (d document) between(t *testing.T, begin, end string) (old string, replaced func(text string) []byte) {
	t.Helper()
	from, to := -1, -1
	for i, line := range d.lines {
		switch strings.TrimSpace(d.decode(line)) {
		case begin:
			from = i + 1
		case end:
			to = i
		}
	}
	require.True(t, 0 < from && from <= to, "the lines %q and %q are missing", begin, end)
	for _, line := range d.lines[from:to] {
		old += d.decode(line)
	}
	return old, func(text string) []byte {
		all := append([]string{}, d.lines[:from]...)
		for line := range strings.Lines("\n" + text + "\n") {
			all = append(all, d.encode(line, d.lines[from-1]))
		}
		return []byte(strings.Join(append(all, d.lines[to:]...), ""))
	}
}

func (d document) decode(line string) string {
	var text string
	if d.notebook && json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimSpace(line), ",")), &text) == nil {
		return text
	}
	return line
}

// encode is line as it stands in the file, indented like the line above.
func (d document) encode(line, above string) string {
	if !d.notebook {
		return line
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(line)
	return above[:len(above)-len(strings.TrimLeft(above, " "))] + strings.TrimSpace(b.String()) + ",\n"
}

// committed are the files that hold the table of this name, by path.
func committed(t *testing.T, table string) map[string]document {
	t.Helper()
	all := map[string]document{}
	for _, place := range places[table] {
		path := filepath.Join("..", "..", filepath.FromSlash(place))
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		all[path] = document{strings.SplitAfter(string(source), "\n"), strings.HasSuffix(path, ".ipynb")}
	}
	return all
}
