package main

// The goals that the engine is held to: this is the only list of them.

import (
	"fmt"
	"strings"
)

// Goal compares Who's figures in Work with those of Against.
type Goal struct {
	Work    string
	Who     string
	Is      relation
	Bound   float64
	Against []string // it must hold for each; none for a bound of Who's own figure
}

// relation is how a figure and its peer's are compared.
type relation uint8

const (
	atMost  relation = iota // Who ≤ Bound × Against; without Against, Who ≤ Bound
	ahead                   // Who < Against
	faster                  // Who × Bound ≤ Against: at least Bound times as fast
	atLeast                 // Who ≥ Bound × Against, for rates
)

var goals = buildGoals()

func buildGoals() (all []Goal) {
	add := func(work, who string, is relation, bound float64, against ...string) {
		all = append(all, Goal{work, who, is, bound, against})
	}
	for _, work := range []string{"echo 1×64", "echo 64×64", "echo 512×64", "echo 64×4096"} {
		add(work, ours, atMost, 1.05, cEpoll)
		add(work, ours, ahead, 0, "gnet", goNet, "uvloop Protocol", "uvloop streams", "asyncio Protocol", "asyncio streams")
	}
	add("echo 4096×64", ours, atMost, 1.15, cEpoll)
	add("fetch", oursSock, atMost, 1.10, cEpoll)
	add("fetch", oursGet, atMost, 0.75, netHTTP)
	add("switch", ours, atMost, 1, "Gosched")
	add("switch", ours, faster, 4, "asyncio")
	add("spawn", ours, atMost, 1.5, "goroutine")
	add("spawn", ours, faster, 6, "asyncio")
	add("idle", ours, atMost, 3100)
	for _, work := range []string{"http small", "wrk small"} {
		add(work, ours, ahead, 0, netHTTP)
		add(work, ours, faster, 0.8, "nginx")
	}
	for _, work := range []string{"http 200 KB", "wrk 200 KB"} {
		add(work, ours, faster, 0.95, "nginx")
	}
	add("loops", twoLoops, atLeast, 1.8, oneLoop)
	add("growth", ours+", 10,000", atMost, 1.6, ours+", 64")
	// O(log n): a thousand times as many timers make a heap twice as high, and it no longer
	// fits the caches.
	add("timers", ours+", 1,000,000", atMost, 4, ours+", 1,000")
	add("timers left", ours+", 1,000", atMost, 1) // canceled ones don't pile up
	return all
}

// String says the goal in words.
func (g Goal) String() string {
	against := strings.Join(g.Against, "; ")
	switch {
	case len(g.Against) == 0:
		return "≤ " + number(g.Bound)
	case g.Is == ahead:
		return "ahead of " + against
	case g.Is == faster:
		return fmt.Sprintf("≥ %v × as fast as %s", g.Bound, against)
	case g.Is == atLeast:
		return fmt.Sprintf("≥ %v × %s", g.Bound, against)
	}
	return fmt.Sprintf("≤ %.2f × %s", g.Bound, against)
}

// name tells g from all others.
func (g Goal) name() string { return fmt.Sprintf("%s, %s, %v", g.Work, g.Who, g) }

// Verdict is how a goal was met. Measured and Worst are of the peer that it was met worst
// against.
type Verdict struct {
	Measured Spread
	Worst    string   // "" if the goal has no peers, or if nothing was measured
	Reached  bool     // by the medians, against all that were measured
	Missing  []string // peers that were not measured
	Known    bool     // something was measured
}

// judge holds the figures of r against g.
func (g Goal) judge(r *Results) Verdict {
	v := Verdict{Missing: g.Against}
	w := r.work(g.Work)
	if w == nil {
		return v
	}
	if len(g.Against) == 0 {
		v.Measured, v.Known = w.Figure(g.Who)
		v.Reached = v.Known && g.met(v.Measured.Median)
		return v
	}
	v.Missing, v.Reached = nil, true
	for _, peer := range g.Against {
		measured, ok := g.compare(w, peer)
		if !ok {
			v.Missing = append(v.Missing, peer)
			continue
		}
		if !v.Known || g.worse(measured.Median, v.Measured.Median) {
			v.Measured, v.Worst, v.Known = measured, peer, true
		}
		v.Reached = v.Reached && g.met(measured.Median)
	}
	v.Reached = v.Reached && v.Known
	return v
}

// compare is how many times as fast as peer Who is, or how many times as much it needs.
func (g Goal) compare(w *Work, peer string) (Spread, bool) {
	if g.Is == faster {
		return w.Ratio(peer, g.Who)
	}
	return w.Ratio(g.Who, peer)
}

func (g Goal) met(measured float64) bool {
	switch g.Is {
	case ahead:
		return measured < 1
	case faster, atLeast:
		return measured >= g.Bound
	}
	return measured <= g.Bound
}

func (g Goal) worse(a, b float64) bool {
	if g.Is == faster || g.Is == atLeast {
		return a < b
	}
	return a > b
}

// String is the verdict in words.
func (v Verdict) String() string {
	switch missing := strings.Join(v.Missing, "; "); {
	case !v.Known:
		return "not measured"
	case !v.Reached:
		return "**not reached**"
	case missing != "":
		return "reached, but not measured against " + missing
	}
	return "reached"
}
