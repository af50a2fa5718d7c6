// Package leaktest counts what a test may leave behind: goroutines and open
// descriptors. It imports nothing of the course, so that the tests inside of any
// package may use it.
package leaktest

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Patience is how long a test waits for something real, such as a socket, a process
// or a goroutine that is on its way out. No test depends on its length: it ends one
// that hangs.
const Patience = time.Minute

// A Count is what there was at its beginning.
type Count struct {
	t                 testing.TB
	goroutines, files int
}

// Begin counts.
func Begin(t testing.TB) Count {
	t.Helper()
	return Count{t, runtime.NumGoroutine(), Files(t)}
}

// Goroutines waits until there are no more than there were.
func (c Count) Goroutines() {
	c.t.Helper()
	Goroutines(c.t, c.goroutines)
}

// Files wants exactly the descriptors that there were, now: to wait would let the
// collector close what was forgotten.
func (c Count) Files() {
	c.t.Helper()
	if now := Files(c.t); now != c.files {
		c.t.Fatalf("descriptors: %d, were %d", now, c.files)
	}
}

// FilesSoon is Files for descriptors that a goroutine is about to close.
func (c Count) FilesSoon() {
	c.t.Helper()
	if !eventually(func() bool { return Files(c.t) <= c.files }) {
		c.t.Fatalf("descriptors: %d, were %d", Files(c.t), c.files)
	}
}

// End wants the descriptors back now, and the goroutines soon.
func (c Count) End() {
	c.t.Helper()
	c.Files()
	c.Goroutines()
}

// Files is how many descriptors this process has open, and one for the look; 0 where
// the system doesn't say.
func Files(t testing.TB) int {
	t.Helper()
	openPoller()
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(names)
}

// openPoller has Go's own poller open its descriptors, which stay: the first pipe or
// socket does that, and it must not do it between two counts.
var openPoller = sync.OnceFunc(func() {
	if r, w, err := os.Pipe(); err == nil {
		r.Close()
		w.Close()
	}
})

// Goroutines waits for those that are on their way out, until no more than most are left.
func Goroutines(t testing.TB, most int) {
	t.Helper()
	if !eventually(func() bool { return runtime.NumGoroutine() <= most }) {
		all := make([]byte, 1<<16)
		t.Fatalf("goroutines: %d, were %d\n%s", runtime.NumGoroutine(), most, all[:runtime.Stack(all, true)])
	}
}

// Until asks cond until it is true, and lets others run in between.
func Until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	if !eventually(cond) {
		t.Fatalf("it didn't happen: %s", what)
	}
}

// inVain: one has waited with all its patience. The run is red now, and the next ones
// needn't wait as long: where each test leaks, there would be a minute for each.
var inVain atomic.Bool

func eventually(cond func() bool) bool {
	patience := Patience
	if inVain.Load() {
		patience = time.Second
	}
	for end := time.Now().Add(patience); !cond(); runtime.Gosched() {
		if time.Now().After(end) {
			inVain.Store(true)
			return false
		}
	}
	return true
}
