// Package stepwise is a course that builds asyncio's engine in Go, one floor at
// a time.
//
// The house, from the ground up; a floor imports only those below it, which
// floors_test.go sees to:
//
//	probe     what can be watched of all that follows
//	sys       the system calls that sockets make
//	selector  which descriptors are ready?                         lesson 03
//	loop      run callbacks when they are                          lesson 04
//	future    a result that isn't there yet                        lesson 05
//	coro      a function that can pause                            lesson 06
//	task      who resumes the coroutine?                           lesson 07
//	wait      event, semaphore, queue: tasks wait for each other   lesson 13
//	sock      connect, send, read, read_all, accept; datagrams     lessons 08–11
//	outside   signals, blocking work and names, off the loop       lesson 17
//	fetch     a page over HTTP                                     lesson 12
//	serve     echo and HTTP servers                                lesson 16
//	stages    the same fetch seven times, deliberately unfinished  lessons 01–12
//	trace     a recording of what really ran
//	debug     who keeps the others waiting, and what was forgotten
//	draw      pictures of a recording
//	simulation  a network, a clock and a kernel's whims, decided by a seed
//	faulty    local servers that misbehave on purpose
//	lesson    the cases that judge what a learner writes
//
// exercises/ holds what the learner writes, a folder a lesson, and solutions/
// mirrors it.
package stepwise
