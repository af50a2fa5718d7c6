// Package stepwise is a course that builds asyncio's engine in Go, one floor at
// a time.
//
// The house, from the ground up; a floor imports only those below it, which
// floors_test.go sees to:
//
//	probe       what can be watched of a run
//	site        what lives on a loop, and which errors nobody has read
//	sys         the system calls that sockets make
//	selector    which descriptors are ready?                            lesson 03
//	loop        run callbacks when they are                             lessons 04, 14
//	future      a result that isn't there yet                           lesson 05
//	coro        a function that can pause                               lesson 06
//	task        who resumes the coroutine?                              lessons 07, 15
//	wait        event, semaphore, queue: tasks wait for each other      lesson 13
//	sock        connect, send, read, read_all, accept; datagrams        lessons 08, 09, 10, 11
//	outside     signals, names and blocking work, off the loop          lesson 17
//	fetch       a page over HTTP                                        lesson 12
//	serve       echo and HTTP servers                                   lessons 16, 18
//	stages      the same fetch seven times, each in another way         lessons 01, 02
//	trace       a recording of what really ran
//	debug       who keeps the others waiting, and what was forgotten
//	draw        pictures of a recording, and the map
//	simulation  a network and a clock that a seed decides
//	faulty      local servers that misbehave on purpose
//	trial       how a case is run, and what is said of it
//	lesson      the cases that judge what you write
//
// exercises/ holds what the learner writes, a folder a lesson, and solutions/
// mirrors it. examples/ has whole programs that stand on pkg/.
package stepwise
