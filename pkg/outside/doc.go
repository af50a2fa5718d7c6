// Package outside brings in what happens off the loop: signals, blocking work,
// names.
//
// All of it runs in goroutines of its own, and comes to the loop by the one door
// that there is, CallSoonThreadsafe. The rule of use: the loop is held only while
// a task waits, so that an idle loop sleeps for it, and a deadlock stays one; and
// whatever was begun ends with the loop.
package outside
