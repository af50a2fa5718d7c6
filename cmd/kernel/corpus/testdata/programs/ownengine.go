package main

import (
	"container/heap"
	"errors"
	"fmt"
)

type timer struct {
	when int
	fn   func()
}

type timers []*timer

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].when < t[j].when }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)        { *t = append(*t, x.(*timer)) }
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

type Loop struct {
	now     int
	ready   []func()
	timers  timers
	stopped bool
}

func (l *Loop) CallSoon(fn func())         { l.ready = append(l.ready, fn) }
func (l *Loop) CallLater(d int, fn func()) { heap.Push(&l.timers, &timer{l.now + d, fn}) }
func (l *Loop) Run() {
	for len(l.ready) > 0 || l.timers.Len() > 0 {
		if len(l.ready) == 0 {
			t := heap.Pop(&l.timers).(*timer)
			l.now = t.when
			l.ready = append(l.ready, t.fn)
		}
		now := l.ready
		l.ready = nil
		for _, fn := range now {
			fn()
		}
	}
}

type Future struct {
	loop      *Loop
	done      bool
	value     any
	err       error
	callbacks []func(*Future)
}

func (f *Future) SetResult(v any) {
	f.done, f.value = true, v
	for _, cb := range f.callbacks {
		f.loop.CallSoon(func() { cb(f) })
	}
	f.callbacks = nil
}

func (f *Future) AddDoneCallback(cb func(*Future)) {
	if f.done {
		f.loop.CallSoon(func() { cb(f) })
		return
	}
	f.callbacks = append(f.callbacks, cb)
}

type Step func(in any, err error) (out *Future, result any, done bool)

type Task struct {
	*Future
	step Step
}

var ErrBad = errors.New("bad")

func (l *Loop) Spawn(step Step) *Task {
	t := &Task{&Future{loop: l}, step}
	l.CallSoon(func() { t.run(nil, nil) })
	return t
}

func (t *Task) run(v any, err error) {
	out, result, done := t.step(v, err)
	if done {
		t.SetResult(result)
		return
	}
	out.AddDoneCallback(func(f *Future) { t.run(f.value, f.err) })
}

func Sleep(l *Loop, d int) *Future {
	f := &Future{loop: l}
	l.CallLater(d, func() { f.SetResult(d) })
	return f
}

func main() {
	l := &Loop{}
	for i, name := range []string{"slow", "fast"} {
		n := 0
		t := l.Spawn(func(in any, err error) (*Future, any, bool) {
			if n++; n > 3 {
				return nil, name, true
			}
			fmt.Println(l.now, name, n, in)
			return Sleep(l, 10-6*i), nil, false
		})
		t.AddDoneCallback(func(f *Future) { fmt.Println(l.now, "done:", f.value) })
	}
	l.Run()
	fmt.Println(l.now, len(l.timers))
}
