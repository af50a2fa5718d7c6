package loop

import "stepwise/pkg/trace"

// Trace is what records l; nil if nothing does, and then whatever is called on
// it does nothing. Any goroutine may call it.
func (l *Loop) Trace() *trace.Recorder { return l.trace.Recorder() }

// traced is c's run, which says in a recording if c was removed meanwhile.
func (c *callback) traced(tr *trace.Loop) func() {
	return func() {
		if c.removed {
			tr.Skip()
		}
		c.runUnlessRemoved()
	}
}

// traced is t's run, which says in a recording if t was cancelled meanwhile.
func (t *Timer) traced(tr *trace.Loop) func() {
	return func() {
		if t.fn == nil {
			tr.Skip()
		}
		t.run()
	}
}
