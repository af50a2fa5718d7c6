package task_test

import (
	"runtime"
	"sync"
	"testing"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func newLoop(tb testing.TB) *loop.Loop {
	l, err := loop.New(loop.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	return l
}

func BenchmarkAwaitOfAFinishedFuture(b *testing.B) {
	l := newLoop(b)
	f := future.New(l)
	_ = f.SetResult(1)
	b.ReportAllocs()
	_, _ = task.Run(l, func(yield coro.Yield) (any, error) {
		for b.Loop() {
			if _, err := task.Await(yield, f); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

func BenchmarkSpawnAndFinish(b *testing.B) {
	l := newLoop(b)
	b.ReportAllocs()
	for b.Loop() {
		task.Spawn(l, func(coro.Yield) (any, error) { return nil, nil })
		_ = l.Round()
	}
}

// BenchmarkParkedCoroutine reports the memory of a task that waits.
func BenchmarkParkedCoroutine(b *testing.B) {
	const tasks = 10_000
	for b.Loop() {
		l := newLoop(b)
		f := future.New(l)
		before := inUse()
		for range tasks {
			task.Spawn(l, func(yield coro.Yield) (any, error) { return task.Await(yield, f) })
		}
		_ = l.Round()
		b.ReportMetric(float64(inUse()-before)/tasks, "B/task")
		l.SetExceptionHandler(func(loop.Exception) {})
		_ = l.Close()
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// BenchmarkSwitch is 10,000 tasks that take turns; an op is one turn.
func BenchmarkSwitch(b *testing.B) {
	const tasks = 10_000
	l := newLoop(b)
	left := b.N
	for range tasks {
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			for left > 0 {
				left--
				if err := task.Checkpoint(yield); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
	}
	_ = l.Round()
	left = b.N
	b.ResetTimer()
	for left > 0 {
		_ = l.Round()
	}
	b.StopTimer()
	_ = l.Round() // they end
}

// BenchmarkSpawnMany spawns 1,000 tasks at a time; an op is one of them.
func BenchmarkSpawnMany(b *testing.B) {
	l := newLoop(b)
	b.ReportAllocs()
	for n := 0; n < b.N; n += 1000 {
		for range 1000 {
			task.Spawn(l, func(coro.Yield) (any, error) { return nil, nil })
		}
		_ = l.Round()
	}
}

// The same with goroutines.
func BenchmarkGosched(b *testing.B) {
	const tasks = 10_000
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var wg sync.WaitGroup
	left := b.N
	for range tasks {
		wg.Go(func() {
			for left > 0 {
				left--
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
}

func BenchmarkGoroutines(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for n := 0; n < b.N; n += 1000 {
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {})
		}
		wg.Wait()
	}
}
