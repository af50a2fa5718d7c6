//go:build !race

package cell

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// In these tests a goroutine runs a cell's code while another cell is compiled. Then the
// interpreter reads its map of types in one goroutine and writes it in another, without any
// synchronization that the race detector could see: alone.go says how the kernel lives with
// that. So they are not built with -race.

// Goroutines that a cell has started outlive the stop button, whatever they wait for.
func TestBackgroundGoesOn(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "time")
in, out, ticks := make(chan int), make(chan int), make(chan bool)
go func() { for v := range in { out <- 2 * v } }()
go func() { for { time.Sleep(time.Millisecond); ticks <- true } }()`)
	result, _, _ := interrupts(t, s, "fmt.Println(`started`)\n<-out")
	assert.NotNil(t, result.Failure)
	assert.Equal(t, "6", runs(t, s, "in <- 3\n<-ticks\n<-ticks\n<-out").Data["text/plain"])
}

// The next cells declare types, and the goroutines make variables all the time.
func TestCompiledNextToBusyGoroutines(t *testing.T) {
	s := newSession(t)
	runs(t, s, "type point struct{ x, y int }\nstop := false")
	for range 2 {
		runs(t, s, "go func() { for !stop { var p point; p.x++; q := &p; q.y++ } }()")
	}
	for i := range 10 {
		code := ""
		for j := range 40 {
			code += fmt.Sprintf("type t%[1]d struct{ a int; b []point; f func(*t%[1]d) [%[1]d]int }\nv%[1]d := &t%[1]d{}\nv%[1]d.a++\n", 100*i+j)
		}
		runs(t, s, code)
	}
	runs(t, s, "stop = true")
}
