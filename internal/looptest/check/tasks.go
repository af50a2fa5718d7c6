package check

import (
	"fmt"

	"stepwise/pkg/probe"
)

// step is one step of a task.
type step struct {
	task    probe.Identity
	yielded bool
}

// Made: a future is pending. Its address may be that of one that is gone.
func (c *Checker) Made(f any) { c.futures[probe.IdentityOf(f)] = false }

// known wants that f was made, and tells whether it is done.
func (c *Checker) known(event string, f any) (done bool) {
	done, made := c.futures[probe.IdentityOf(f)]
	c.want(made, "%s of a future that was never made", event)
	return done
}

// Done: once for each future.
func (c *Checker) Done(f any, state fmt.Stringer, value any, err error) {
	c.want(!c.known("Done", f), "a future is done twice: %v, with %v, %v", state, value, err)
	c.futures[probe.IdentityOf(f)] = true
}

// Refused: only after Done.
func (c *Checker) Refused(f any, op string) {
	c.want(c.known("Refused", f), "%s is refused by a future that is pending", op)
}

// Read: only after Done.
func (c *Checker) Read(f any) { c.want(c.known("Read", f), "a future is read that is pending") }

// Named and Awaits: of a future that was made.
func (c *Checker) Named(f any, _ fmt.Stringer) { c.known("Named", f) }

// Awaits: see Named.
func (c *Checker) Awaits(f any, _ func()) { c.known("Awaits", f) }

// Spawned: the result is a future of its own, and pending.
func (c *Checker) Spawned(t, result, _ any) {
	c.want(!c.known("Spawned", result), "a task is spawned whose result is done")
	c.tasks[probe.IdentityOf(t)] = probe.IdentityOf(result)
}

// Resumed: a task that has not ended, and no other's step.
func (c *Checker) Resumed(t any, _ any, _ error) {
	c.lives("Resumed", "a task")
	result, spawned := c.tasks[probe.IdentityOf(t)]
	c.want(spawned, "a task is stepped that was never spawned")
	c.want(!c.futures[result], "a task is stepped that has ended")
	c.want(c.step == nil, "a task is stepped in the step of another")
	c.want(c.running != nil, "a task is stepped outside of a callback")
	c.step = &step{task: probe.IdentityOf(t)}
}

// Yielded: once in a step. A coroutine that unwinds as the loop closes may yield too:
// then no step is taken, and no callback runs.
func (c *Checker) Yielded(t any, _ any) {
	if c.step == nil {
		c.want(c.running == nil, "a task yields outside of its step")
		return
	}
	c.want(c.step.task == probe.IdentityOf(t), "a task yields in the step of another")
	c.want(!c.step.yielded, "a task yields twice in a step")
	c.step.yielded = true
}

// Stepped ends what Resumed began: the task has yielded, or it has ended.
func (c *Checker) Stepped(t any) {
	c.lives("Stepped", "a task")
	id := probe.IdentityOf(t)
	if c.step == nil || c.step.task != id {
		c.want(false, "the step of a task is over that didn't begin")
		return
	}
	c.want(c.step.yielded != c.futures[c.tasks[id]], "after a step a task has yielded: %v; has ended: %v", c.step.yielded, c.futures[c.tasks[id]])
	c.step = nil
}

// Canceled: a task that was spawned.
func (c *Checker) CancelAsked(t any) {
	_, spawned := c.tasks[probe.IdentityOf(t)]
	c.want(spawned, "a task is canceled that was never spawned")
}
