package leaktest

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// judge is a test that may fail, and then ends its goroutine as a test does.
type judge struct {
	testing.TB
	verdict string
}

func (j *judge) Helper() {}
func (j *judge) Fatalf(format string, args ...any) {
	j.verdict = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// verdict is what of fails with; "" if it doesn't.
func verdict(t *testing.T, of func(t testing.TB)) string {
	j, over := &judge{TB: t}, make(chan bool)
	go func() {
		defer close(over)
		of(j)
	}()
	<-over
	return j.verdict
}

func TestFiles(t *testing.T) {
	open := func(t *testing.T) *os.File {
		f, err := os.Open(os.DevNull)
		require.NoError(t, err)
		return f
	}
	t.Run("as many as before", func(t *testing.T) {
		before := Begin(t)
		require.NoError(t, open(t).Close())
		before.End()
		before.FilesSoon()
	})
	t.Run("one more", func(t *testing.T) {
		before := Begin(t)
		f := open(t)
		require.Contains(t, verdict(t, func(j testing.TB) { Count{j, before.goroutines, before.files}.End() }), "descriptors: ")
		require.NoError(t, f.Close())
	})
	t.Run("one less: it was a stranger's", func(t *testing.T) {
		f := open(t)
		before := Begin(t)
		require.NoError(t, f.Close())
		require.Contains(t, verdict(t, func(j testing.TB) { Count{j, before.goroutines, before.files}.Files() }), "descriptors: ")
	})
	t.Run("one that is closed soon", func(t *testing.T) {
		before, f := Begin(t), open(t)
		go f.Close()
		before.FilesSoon()
	})
}

func TestGoroutines(t *testing.T) {
	before, release := Begin(t), make(chan bool)
	for range 10 {
		go func() { <-release }()
	}
	inVain.Store(true) // a second is enough for what will never happen
	defer inVain.Store(false)
	require.Contains(t, verdict(t, func(j testing.TB) { Goroutines(j, before.goroutines) }), "goroutines: ")
	require.Contains(t, verdict(t, func(j testing.TB) { Until(j, "never", func() bool { return false }) }), "it didn't happen: never")
	inVain.Store(false)
	close(release)
	before.Goroutines()
}

func TestUntil(t *testing.T) {
	asked := 0
	Until(t, "the third time", func() bool { asked++; return asked == 3 })
	require.Equal(t, 3, asked)
}
