package main

// What is measured: this is the only list of works and of who does them. How each is
// measured is in measure.go.

import (
	"fmt"
	"slices"
	"strings"
)

// The names that goals and contests share.
const (
	ours     = "stepwise"
	oursSock = "stepwise, sock"
	oursGet  = "stepwise, fetch.Get"
	cEpoll   = "C, epoll"
	cUring   = "C, io_uring"
	goNet    = "Go net"
	netHTTP  = "net/http"
	oneLoop  = "one loop, one core"
	twoLoops = "two loops, two cores"
)

// contest is what --only names: works that the same contestants do.
type contest struct {
	name        string
	about       string // what its figures mean
	works       []Work // names, units and bases
	contestants []contestant
	asked       bool // it answers a question of its own, so it runs only if --only names it
}

// contestant measures itself. Its command's words in capitals are filled in by the bench.
type contestant struct {
	name    string
	command string
	measure measurement
}

// measurement returns a contestant's figures by work.
type measurement func(b *bench, command string) (map[string]sample, error)

const perRequest = "µs of CPU per request"

// contests are in the order in which a round runs them.
func contests() []contest {
	return []contest{
		{name: "echo", about: "The server's CPU time for a message and its echo, of connections × bytes.",
			works: echoWorks("echo", shapes, cEpoll), contestants: each(echoes("echo", shapes, (*bench).underLoad), echoServers)},
		{name: "fetch", about: "The client's CPU time for a page of 1 KB, 64 at once, a connection for each, read to its end.",
			works: []Work{{Name: "fetch", Unit: "µs of CPU per fetch", Base: cEpoll}}, contestants: each(clientOf("fetch"), fetchers)},
		{name: "switch", about: "10,000 tasks give way to each other: from one to the next.",
			works: []Work{{Name: "switch", Unit: "µs of CPU per switch", Base: "Gosched"}}, contestants: each(switches, tasks("Gosched"))},
		{name: "spawn", about: "A task that only starts and ends, 10,000 at a time.",
			works: []Work{{Name: "spawn", Unit: "µs of CPU per task", Base: "goroutine"}}, contestants: each(spawns, tasks("goroutine"))},
		{name: "idle", about: "Resident memory for each of 10,000 connections, each of which has had one echo.",
			works: []Work{{Name: "idle", Unit: "bytes per connection", Base: cEpoll}}, contestants: each(idleMemory, echoServers)},
		{name: "http", about: "The server's CPU time for a file of 1 KB and one of 200 KB, over 64 kept connections.",
			works: pageWorks("http"), contestants: each(httpTimes, httpServers)},
		{name: "wrk", about: "The same two files, with wrk as the load.",
			works: pageWorks("wrk"), contestants: each(wrkTimes, httpServers)},
		{name: "loops", about: "Echoes a second of 64 connections on one core, and of twice as many on two, where the load shares the cores with the server.",
			works: []Work{{Name: "loops", Unit: "requests per second", Base: oneLoop}}, contestants: []contestant{
				{oneLoop, "stepwise serve echo --addr 127.0.0.1:PORT", rateOn(1)},
				{twoLoops, "stepwise serve echo --loops 2 --addr 127.0.0.1:PORT", rateOn(2)},
			}},
		{name: "growth", about: "The server's CPU time for an echo of 64 bytes, with few and with many connections.",
			works: []Work{{Name: "growth", Unit: perRequest, Base: ours + ", 64"}}, contestants: growth()},
		{name: "timers", about: "A timer is added and canceled while this many are pending, and what canceled ones leave on the heap. Up to as many as are pending may stay.",
			works: []Work{{Name: "timers", Unit: "µs of CPU per timer", Base: ours + ", 1,000"}, {Name: "timers left", Unit: "bytes per canceled timer"}}, contestants: each(timerTimes, timers)},
		{name: "io_uring", asked: true, about: "The server's CPU time for an echo on io_uring: the engine's own server on a selector of polls, and servers in pure Go on completions. The load shares the server's core.",
			works: echoWorks("io_uring", fewShapes, cUring), contestants: each(echoes("io_uring", fewShapes, (*bench).besideLoad), uringServers)},
	}
}

var echoServers = []contestant{
	{name: cEpoll, command: "c/echo_epoll PORT"},
	{name: cUring, command: "c/echo_uring PORT"},
	{name: ours, command: "stepwise serve echo --addr 127.0.0.1:PORT"},
	{name: "gnet", command: "go/echo_gnet PORT"},
	{name: goNet, command: "go/echo_net PORT"},
	{name: "uvloop Protocol", command: "uvloop peers/python/echo_protocol.py PORT uvloop"},
	{name: "uvloop streams", command: "uvloop peers/python/echo_streams.py PORT uvloop"},
	{name: "asyncio Protocol", command: "python peers/python/echo_protocol.py PORT"},
	{name: "asyncio streams", command: "python peers/python/echo_streams.py PORT"},
	{name: "node", command: "node peers/node/echo.js PORT"},
}

// uringServers are described in peers/go/uring.
var uringServers = []contestant{
	{name: cUring, command: "c/echo_uring PORT"},
	{name: cEpoll, command: "c/echo_epoll PORT"},
	{name: "Go, callbacks", command: "go/uring PORT callbacks"},
	{name: "Go, coroutines", command: "go/uring PORT coroutines"},
	{name: "Go, the engine's tasks", command: "go/uring PORT tasks"},
	{name: ours + ", epoll", command: "stepwise serve echo --addr 127.0.0.1:PORT"},
	{name: ours + ", polls", command: "go/uring PORT poll"},
	{name: ours + ", multishot polls", command: "go/uring PORT edge"},
}

var fetchers = []contestant{
	{name: cEpoll, command: "c/fetch PORT 64 FETCHES"},
	{name: oursSock, command: "ours/fetch PORT 64 FETCHES sock"},
	{name: oursGet, command: "ours/fetch PORT 64 FETCHES get"},
	{name: "net.Dial", command: "go/fetch_net PORT 64 FETCHES dial"},
	{name: netHTTP, command: "go/fetch_net PORT 64 FETCHES http"},
	{name: "uvloop streams", command: "uvloop peers/python/fetch.py PORT 64 FETCHES streams uvloop"},
	{name: "asyncio sock_*", command: "python peers/python/fetch.py PORT 64 FETCHES sock"},
	{name: "asyncio streams", command: "python peers/python/fetch.py PORT 64 FETCHES streams"},
}

var httpServers = []contestant{
	{name: "nginx", command: "nginx -p SCRATCH -e stderr -c NGINX_CONF"},
	{name: ours, command: "stepwise serve http --addr 127.0.0.1:PORT --dir FILES"},
	{name: netHTTP, command: "go/http_net PORT FILES"},
}

// asyncio's can't say what canceled timers leave behind.
var timers = []contestant{
	{name: ours + ", 1,000", command: "ours/timers 1000 TIMERS"},
	{name: ours + ", 1,000,000", command: "ours/timers 1000000 TIMERS"},
	{name: "asyncio, 1,000,000", command: "python peers/python/timers.py 1000000 TIMERS"},
}

func tasks(goroutines string) []contestant {
	return []contestant{
		{name: goroutines, command: "go/tasks_go"},
		{name: ours, command: "ours/tasks"},
		{name: "asyncio", command: "python peers/python/tasks.py"},
	}
}

// shape is a load of echoes.
type shape struct{ conns, bytes int }

var (
	shapes    = []shape{{1, 64}, {64, 64}, {512, 64}, {4096, 64}, {64, 4096}}
	fewShapes = []shape{{1, 64}, {64, 64}, {512, 64}, {64, 4096}}
)

func (s shape) of(work string) string { return fmt.Sprintf("%s %d×%d", work, s.conns, s.bytes) }

func echoWorks(name string, shapes []shape, base string) (all []Work) {
	for _, s := range shapes {
		all = append(all, Work{Name: s.of(name), Unit: perRequest, Base: base})
	}
	return all
}

func growth() (all []contestant) {
	for _, server := range []contestant{echoServers[2], echoServers[0]} {
		for _, n := range []int{64, many} {
			all = append(all, contestant{server.name + ", " + map[int]string{64: "64", many: "10,000"}[n], server.command, growthAt(n)})
		}
	}
	return all
}

func each(m measurement, all []contestant) []contestant {
	all = slices.Clone(all)
	for i := range all {
		all[i].measure = m
	}
	return all
}

// chosen returns the contests that only names, separated by commas. If it names none, these
// are all but those that run only if they are asked for.
func chosen(only string) ([]contest, error) {
	all := contests()
	if only == "" {
		return slices.DeleteFunc(all, func(c contest) bool { return c.asked }), nil
	}
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	wanted := strings.Split(only, ",")
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("--only %s: there is no contest %q; choose from %s", only, name, strings.Join(names, ","))
		}
	}
	return slices.DeleteFunc(all, func(c contest) bool { return !slices.Contains(wanted, c.name) }), nil
}
