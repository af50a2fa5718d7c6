package main

// reasons says, by the name of a goal, why it was not reached in the last full run: a sentence
// or two with what a profile shows. --update writes them below the table of goals, where it
// marks those that are missing. A name is as it stands there:
//
//	"echo 64×64, stepwise, ≤ 1.05 × C, epoll": "A future and a step of the task cost …",
var reasons = map[string]string{
	"echo 1×64, stepwise, ≤ 1.05 × C, epoll":    oneConnection,
	"echo 64×64, stepwise, ≤ 1.05 × C, epoll":   manyConnections,
	"echo 512×64, stepwise, ≤ 1.05 × C, epoll":  manyConnections,
	"echo 4096×64, stepwise, ≤ 1.15 × C, epoll": manyConnections,
	"echo 64×4096, stepwise, ≤ 1.05 × C, epoll": manyConnections,

	"echo 1×64, stepwise, ahead of gnet; Go net; uvloop Protocol; uvloop streams; asyncio Protocol; asyncio streams":   againstCallbacks,
	"echo 64×64, stepwise, ahead of gnet; Go net; uvloop Protocol; uvloop streams; asyncio Protocol; asyncio streams":  againstCallbacks,
	"echo 512×64, stepwise, ahead of gnet; Go net; uvloop Protocol; uvloop streams; asyncio Protocol; asyncio streams": againstCallbacks,

	"fetch, stepwise, sock, ≤ 1.10 × C, epoll": "Beside what C asks of the kernel, a fetch sets five options (no Nagle, keep-alive and its three times), asks whether it is connected, and to whom and from where, and changes its interest three times instead of once. Without the options it takes 2.5 µs less, and without asking for the names another 1.5, of 57 where C takes 41. 11 % of the time is in the program itself. Lessons 08 to 10 show these calls, so they stay.",

	"switch, stepwise, ≤ 1.00 × Gosched":         "A task switches twice, to its coroutine and back, and Gosched once. The two switches of iter.Pull alone take 102 to 108 ns among 10,000 coroutines, where Gosched takes 103 to 119; pkg/coro takes 116 to 139. Between the loop and the coroutine there are seven functions, and three between the coroutine and the body. The processor mispredicts the return of each, which costs 5 ns, and 10 to 12 among 10,000 (go test -bench Depth ./pkg/coro). Only fewer functions would help, and they are those that lessons 04 to 07 are about.",
	"switch, stepwise, ≥ 4 × as fast as asyncio": "See the goal above: of 0.56 µs, the switches of iter.Pull take 0.1.",
	"spawn, stepwise, ≤ 1.50 × goroutine":        "The program awaits 10,000 tasks that are done, and each such await takes a turn of the loop, which looks what is ready: a look takes 0.2 µs of 1.15. A loop that looks only after 32 callbacks takes 17 % less, but sees a message or a signal that much later.",
	"spawn, stepwise, ≥ 6 × as fast as asyncio":  "See the goal above. In asyncio, an await of what is done takes no turn, so there the same program has 10,000 turns less.",

	"idle, stepwise, ≤ 3,100": idleBytes,

	"loops, two loops, two cores, ≥ 1.8 × one loop, one core": "The loops share nothing. In two full runs of one day the median was 1.85 and 1.78; the load runs on the same two cores, so whatever else runs there counts twice.",

	"growth, stepwise, 10,000, ≤ 1.60 × stepwise, 64": "C itself grows as much in the same run: most of it is the kernel's own memory for 10,000 connections, which no cache holds.",

	"http small, stepwise, ≥ 0.8 × as fast as nginx":   smallFile,
	"wrk small, stepwise, ≥ 0.8 × as fast as nginx":    smallFile,
	"http 200 KB, stepwise, ≥ 0.95 × as fast as nginx": largeFile,
	"wrk 200 KB, stepwise, ≥ 0.95 × as fast as nginx":  largeFile,
	"fetch, stepwise, fetch.Get, ≤ 0.75 × net/http": "Four fifths of a fetch are system calls, and C's whole fetch is 0.5 to 0.6 of net/http's. " +
		"Through sock alone it is 0.8; fetch.Get adds 8 to 13 µs, of which allocation is the largest part (5 % of the whole).",
}

const (
	againstCallbacks = "It is ahead of the servers that have a task or a goroutine for each connection: Go net, uvloop's and asyncio's streams. gnet and the Protocols call a function for each message, with no task to wake. The reasons above are the difference."
	oneConnection    = "A message takes two rounds, as in asyncio: in the first its callback runs, in the second its task. So the kernel is asked twice what is ready. With the second question left out, the ratio fell from 1.20 to 1.08 on a machine that had other work to do."
	manyConnections  = "With 64 connections, 16 % of the samples of perf are in the program itself, and 8 % in a prototype that has coroutines but neither futures, tasks nor a round of callbacks; with 4096, 19 % and 8 %. What the kernel does for both is the same."
	idleBytes        = "2,048 of about 4,400 bytes are the coroutine's stack, 480 the runtime's record of its goroutine, and 280 what iter.Pull and the Pool keep. The Task has 416, the Socket 208, the Conn and its closures 112, a wait's Future 128, the watch 165, the peer's address 80, and the server's list 48. The rest is what the collector lets pile up."
	smallFile        = "A request makes 4 system calls, where nginx makes 8, and half of the time is spent in the kernel. Of the rest, http.ReadRequest takes 9 % of the whole, " +
		"allocation and the collector 9 % (22 objects for each request, most of them net/http's), and the monitor thread of Go's runtime, which wakes every 20 µs, 10 %."
	largeFile = "A request makes 4 system calls, where nginx makes 8, and 78 % of the time is spent in the kernel, half of the whole in sendfile. Head and file leave as two segments (12 %): send has no MSG_MORE. " +
		"The runtime's monitor takes the processor from a sendfile of more than 20 µs (10 %): a sendfile by RawSyscall6 took the ratio to nginx from 1.44 to 1.32, and MSG_MORE took it to 1.30."
)
