package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// aRun has two rounds of one echo, and nothing else.
func aRun() *Results {
	return &Results{
		Date: "2026-11-30", Rounds: 2, Planned: 2,
		Machine: Machine{CPU: "a processor", Cores: 2, Kernel: "Linux 6.1", Go: "go1.26.8", Tools: []string{"gcc 12.2", "node 20.1"}},
		Works: []*Work{{
			Name: "echo 64×64", Unit: perRequest, Base: cEpoll, Contestants: []string{cEpoll, ours, goNet, "node"},
			Rounds: []map[string]float64{{cEpoll: 6, ours: 6.12, goNet: 9}, {cEpoll: 8, ours: 8.24, goNet: 10}},
			Busy:   map[string]float64{cEpoll: 0.99, ours: 0.9, goNet: 0.42},
		}},
		NotRun: []NotRun{{"echo: node", "node is not installed: apt-get install nodejs"}},
	}
}

func TestReport(t *testing.T) {
	r := aRun()
	r.Works = append(r.Works, &Work{Name: "idle", Unit: "bytes per connection", Contestants: []string{ours}, Rounds: rounds(ours, 3200)})
	text := report(r)
	for _, want := range []string{
		"Measured on 2026-11-30 with go1.26.8 on a processor, 2 cores, Linux 6.1; gcc 12.2; node 20.1. Medians of 2 interleaved rounds",
		"| echo 64×64   | stepwise             | ≤ 1.05 × C, epoll ", // the goal
		"| 1.02 [1.02–1.03] ", "| reached ", "| not measured",
		"| idle         | stepwise             | ≤ 3,100 bytes per connection ", "| **not reached** ",
		"### echo 64×64\n\n" +
			"|          | µs of CPU per request | × C, epoll       |\n" +
			"| -------- | --------------------- | ---------------- |\n" +
			"| C, epoll | 7.00 [6.00–8.00]      | 1.00             |\n" +
			"| stepwise | 7.18 [6.12–8.24]      | 1.02 [1.02–1.03] |\n" +
			"| Go net   | 9.50 [9.00–10.0]      | 1.38 [1.25–1.50] |\n",
		"The server's core was not always busy with it: Go net (42 %). Either",
		"![Bars of the figures above](bars/echo-64x64.svg)",
		"## Not run\n\n- echo: node: node is not installed: apt-get install nodejs\n",
	} {
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, text, "fetch\n", "it was not in the run")
	assert.NotContains(t, text, "C, epoll, the worst", "of one")
	assert.NotContains(t, text, "× C, epoll µs", "a ratio has no unit")
}

func TestReportSaysOnceWhatAContestIs(t *testing.T) {
	r := aRun()
	r.Works = append(r.Works, &Work{Name: "echo 1×64", Rounds: rounds(ours, 2)})
	assert.Equal(t, 1, strings.Count(report(r), "\n## echo\n"))
	assert.Equal(t, 2, strings.Count(report(r), "\n### echo "))
}

func TestSpreadInWords(t *testing.T) {
	assert.Equal(t, "1.00", Spread{1, 1, 1}.String())
	assert.Equal(t, "1.00 [1.00–2.00]", Spread{1, 1, 2}.String())
	assert.Equal(t, "2.00 [1.00–2.00]", Spread{2, 1, 2}.String())
}

func TestReportOfAQuickRunSaysSo(t *testing.T) {
	r := aRun()
	r.Quick = true
	assert.Contains(t, report(r), "its figures mean little")
	assert.NotContains(t, report(r), "interleaved")
}

func TestReportOfARunThatWasEndedEarlySaysSo(t *testing.T) {
	r := aRun()
	r.Planned = 5
	assert.Contains(t, report(r), "The run was ended in round 3 of 5")
	assert.NotContains(t, report(r), "interleaved")
}

func TestGoalsThatAreNotReachedHaveAPlaceForTheReason(t *testing.T) {
	defer func(written map[string]string) { reasons = written }(reasons)
	reasons = map[string]string{}
	r := aRun()
	assert.Empty(t, notReached(r))
	r.Works[0].Rounds[0][ours], r.Works[0].Rounds[1][ours] = 60, 80
	const missed = "echo 64×64, stepwise, ≤ 1.05 × C, epoll"
	assert.Regexp(t, "^\nWhy goals are not reached:\n\n- "+missed+": no reason is written in reasons.go yet.\n- echo 64×64, stepwise, ahead of gnet.*yet.\n$", notReached(r))
	reasons[missed] = "because."
	assert.Contains(t, notReached(r), "- "+missed+": because.\n")
	assert.Contains(t, report(r), notReached(r))
}

func TestOneConnectionLeavesEveryServerIdle(t *testing.T) {
	w := aRun().Works[0]
	for _, name := range []string{"echo 1×64", "io_uring 1×64"} {
		w.Name = name
		assert.Empty(t, idleRemark(w), name)
	}
	w.Name = "echo 4096×64"
	assert.NotEmpty(t, idleRemark(w))
}

func TestGoalTableNamesTheWorstPeer(t *testing.T) {
	assert.Regexp(t, `ahead of gnet; Go net; .* \| 0\.752 \S+ × Go net, the worst +\| reached, but not measured against gnet; uvloop Protocol`, goalTable(aRun()))
}

func TestRatioTable(t *testing.T) {
	r := aRun()
	r.Works = append(r.Works, &Work{Name: "echo 1×64", Rounds: rounds(cEpoll, 2, ours, 5)}, &Work{Name: "fetch", Rounds: rounds(cEpoll, 2, ours, 5)}, &Work{Name: "no echo 1×64", Rounds: rounds(cEpoll, 2, ours, 5)})
	assert.Equal(t, ""+
		"| CPU time of an echo, connections × bytes | 64×64            | 1×64 |\n"+
		"| ---------------------------------------- | ---------------- | ---- |\n"+
		"| C, epoll                                 | 1.00             | 1.00 |\n"+
		"| stepwise                                 | 1.02 [1.02–1.03] | 2.50 |\n"+
		"| Go net                                   | 1.38 [1.25–1.50] |      |\n", ratioTable(r))
}

func TestNumber(t *testing.T) {
	for figure, want := range map[float64]string{
		0: "0.000", 0.1234: "0.123", 1: "1.00", 6.345: "6.34", 12.34: "12.3", 99.9: "99.9", 123.4: "123",
		1234.5: "1,234", 999999: "999,999", 1234567: "1,234,567", -0.5: "-0.500", -123: "-123", -1234: "-1,234",
	} {
		assert.Equal(t, want, number(figure))
	}
}

func TestBars(t *testing.T) {
	text := bars(aRun().Works[0]).String()
	assert.Contains(t, text, "echo 64×64: CPU time, for a thousand")
	assert.Contains(t, text, "stepwise: took 7.2ms")
	assert.NotContains(t, text, "node", "it has no figure")
	assert.Less(t, strings.Index(text, "C, epoll"), strings.Index(text, "Go net"), "in the order of the contest")
}
