// Package callbacks is the exercise of lesson 04: run callbacks when there is a
// reason to.
package callbacks

import (
	"stepwise/pkg/lesson"
	"stepwise/pkg/selector"
)

// Loop runs callbacks, all of them in the one goroutine that runs the loop.
//
// Give it what it has to remember: its selector, the queue of callbacks that are
// ready to run, and the reader of each descriptor.
type Loop struct{}

// New makes a loop on s, which it owns from now on.
func New(s selector.Selector) lesson.EventLoop {
	return &Loop{}
}

// CallSoon puts fn behind all that is ready. It runs in the next round, and not
// in here.
func (l *Loop) CallSoon(fn func()) {}

// AddReader runs fn in each round in which fd is readable, until RemoveReader.
// It is an error if fd has a reader, which stays, or if l is closed.
func (l *Loop) AddReader(fd int, fn func()) error {
	return lesson.ErrTODO
}

// RemoveReader ends what AddReader began, and reports whether there was something
// to end. The reader never runs after it, even if it is in the queue already.
// The selector forgets fd, which may then get another reader.
func (l *Loop) RemoveReader(fd int) bool {
	return false
}

// Round selects once, puts the readers of what is ready into the queue, and runs
// what is in the queue. What is called soon meanwhile waits for the next round.
//
//  1. It sleeps only if the queue is empty and nobody has called Stop. Otherwise
//     it selects with a time of 0.
//  2. If there is no reader either, it returns loop.ErrDeadlock, of
//     stepwise/pkg/loop, instead of sleeping. A reader that was removed doesn't
//     count. A round on a closed loop is loop.ErrClosed, and one inside another
//     round is loop.ErrRunning.
//  3. A callback that panics ends neither the round nor Run. Print what it says, for
//     yourself.
//  4. If select fails, it returns that error. What is in the queue runs in this
//     round or in the next one.
func (l *Loop) Round() error {
	return lesson.ErrTODO
}

// Run runs rounds until Stop, and then returns nil. An error of a round ends it.
// What is in the queue then stays there, for the next Run. In a callback it is refused,
// and changes nothing.
func (l *Loop) Run() error {
	return lesson.ErrTODO
}

// Stop makes Run return when the round that runs now is over. If none runs, the
// next Run returns after one round.
func (l *Loop) Stop() {}

// Close closes the selector, and no descriptor of a reader. In a callback it may refuse
// to, with an error; then the loop goes on. A second Close does nothing.
func (l *Loop) Close() error {
	return lesson.ErrTODO
}
