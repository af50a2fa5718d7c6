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
		{"echo", "The server's CPU time for a message and its echo, of connections × bytes.", echoWorks(), each(echoTimes, echoServers)},
		{"fetch", "The client's CPU time for a page of 1 KB, 64 at once, a connection for each, read to its end.",
			[]Work{{Name: "fetch", Unit: "µs of CPU per fetch", Base: cEpoll}}, each(clientOf("fetch"), fetchers)},
		{"switch", "10,000 tasks give way to each other: from one to the next.",
			[]Work{{Name: "switch", Unit: "µs of CPU per switch", Base: "Gosched"}}, each(switches, tasks("Gosched"))},
		{"spawn", "A task that only starts and ends, 10,000 at a time.",
			[]Work{{Name: "spawn", Unit: "µs of CPU per task", Base: "goroutine"}}, each(spawns, tasks("goroutine"))},
		{"idle", "Resident memory for each of 10,000 connections, each of which has had one echo.",
			[]Work{{Name: "idle", Unit: "bytes per connection", Base: cEpoll}}, each(idleMemory, echoServers)},
		{"http", "The server's CPU time for a file of 1 KB and one of 200 KB, over 64 kept connections.",
			[]Work{{Name: "http small", Unit: perRequest, Base: "nginx"}, {Name: "http 200 KB", Unit: perRequest, Base: "nginx"}}, each(httpTimes, httpServers)},
		{"wrk", "The same file of 1 KB, with wrk as the load.",
			[]Work{{Name: "wrk small", Unit: perRequest, Base: "nginx"}}, each(wrkTimes, httpServers)},
		{"loops", "Echoes a second of 64 connections on one core, and of twice as many on two, where the load shares the cores with the server.",
			[]Work{{Name: "loops", Unit: "requests per second", Base: oneLoop}}, []contestant{
				{oneLoop, "stepwise serve echo --addr 127.0.0.1:PORT", rateOn(1)},
				{twoLoops, "stepwise serve echo --loops 2 --addr 127.0.0.1:PORT", rateOn(2)},
			}},
		{"growth", "The server's CPU time for an echo of 64 bytes, with few and with many connections.",
			[]Work{{Name: "growth", Unit: perRequest, Base: ours + ", 64"}}, growth()},
		{"timers", "A timer is added and canceled while this many are pending, and what canceled ones leave on the heap. Up to as many as are pending may stay.",
			[]Work{{Name: "timers", Unit: "µs of CPU per timer", Base: ours + ", 1,000"}, {Name: "timers left", Unit: "bytes per canceled timer"}}, each(timerTimes, timers)},
	}
}

var echoServers = []contestant{
	{name: cEpoll, command: "c/echo_epoll PORT"},
	{name: "C, io_uring", command: "c/echo_uring PORT"},
	{name: ours, command: "stepwise serve echo --addr 127.0.0.1:PORT"},
	{name: "gnet", command: "go/echo_gnet PORT"},
	{name: goNet, command: "go/echo_net PORT"},
	{name: "uvloop Protocol", command: "uvloop peers/python/echo_protocol.py PORT uvloop"},
	{name: "uvloop streams", command: "uvloop peers/python/echo_streams.py PORT uvloop"},
	{name: "asyncio Protocol", command: "python peers/python/echo_protocol.py PORT"},
	{name: "asyncio streams", command: "python peers/python/echo_streams.py PORT"},
	{name: "node", command: "node peers/node/echo.js PORT"},
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

var shapes = []shape{{1, 64}, {64, 64}, {512, 64}, {4096, 64}, {64, 4096}}

func (s shape) String() string { return fmt.Sprintf("echo %d×%d", s.conns, s.bytes) }

func echoWorks() (all []Work) {
	for _, s := range shapes {
		all = append(all, Work{Name: s.String(), Unit: perRequest, Base: cEpoll})
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

// chosen returns the contests that only names, separated by commas; all if it names none.
func chosen(only string) ([]contest, error) {
	all := contests()
	if only == "" {
		return all, nil
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
