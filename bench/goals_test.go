package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestGoalsAreMeasured finds goals that no run could ever reach: each names a work and
// contestants that there are, and is judged in that work's unit.
func TestGoalsAreMeasured(t *testing.T) {
	contestants := make(map[string][]string)
	for _, c := range contests() {
		for _, w := range c.works {
			for _, who := range c.contestants {
				contestants[w.Name] = append(contestants[w.Name], who.name)
			}
		}
	}
	for _, g := range goals {
		assert.Contains(t, contestants[g.Work], g.Who, "%s: %v", g.Work, g)
		for _, peer := range g.Against {
			assert.Contains(t, contestants[g.Work], peer, "%s: %v", g.Work, g)
			assert.NotEqual(t, g.Who, peer, "%s: %v", g.Work, g)
		}
	}
}

// TestGoals compares the table of goals with the same goals in words.
func TestGoals(t *testing.T) {
	var all []string
	for _, g := range goals {
		all = append(all, g.Work+" | "+g.Who+" | "+g.String())
	}
	const peers = "ahead of gnet; Go net; uvloop Protocol; uvloop streams; asyncio Protocol; asyncio streams"
	assert.Equal(t, []string{
		"echo 1×64 | stepwise | ≤ 1.05 × C, epoll", "echo 1×64 | stepwise | " + peers,
		"echo 64×64 | stepwise | ≤ 1.05 × C, epoll", "echo 64×64 | stepwise | " + peers,
		"echo 512×64 | stepwise | ≤ 1.05 × C, epoll", "echo 512×64 | stepwise | " + peers,
		"echo 64×4096 | stepwise | ≤ 1.05 × C, epoll", "echo 64×4096 | stepwise | " + peers,
		"echo 4096×64 | stepwise | ≤ 1.15 × C, epoll",
		"fetch | stepwise, sock | ≤ 1.10 × C, epoll", "fetch | stepwise, fetch.Get | ≤ 0.75 × net/http",
		"switch | stepwise | ≤ 1.00 × Gosched", "switch | stepwise | ≥ 4 × as fast as asyncio",
		"spawn | stepwise | ≤ 1.50 × goroutine", "spawn | stepwise | ≥ 6 × as fast as asyncio",
		"idle | stepwise | ≤ 3,100",
		"http small | stepwise | ahead of net/http", "http small | stepwise | ≥ 0.8 × as fast as nginx",
		"wrk small | stepwise | ahead of net/http", "wrk small | stepwise | ≥ 0.8 × as fast as nginx",
		"http 200 KB | stepwise | ≥ 0.95 × as fast as nginx", "wrk 200 KB | stepwise | ≥ 0.95 × as fast as nginx",
		"loops | two loops, two cores | ≥ 1.8 × one loop, one core",
		"growth | stepwise, 10,000 | ≤ 1.60 × stepwise, 64",
		"timers | stepwise, 1,000,000 | ≤ 4.00 × stepwise, 1,000",
		"timers left | stepwise, 1,000 | ≤ 1.00",
	}, all)
}

func TestJudge(t *testing.T) {
	against := func(is relation, bound float64, peers ...string) Goal { return Goal{"work", "us", is, bound, peers} }
	for _, c := range []struct {
		name   string
		goal   Goal
		rounds []map[string]float64
		want   string // the verdict, and the worst peer
		figure float64
	}{
		{"a cost at the bound", against(atMost, 1.5, "a"), rounds("us", 3, "a", 2), "reached a", 1.5},
		{"a cost above it", against(atMost, 1.5, "a"), rounds("us", 3.1, "a", 2), "**not reached** a", 1.55},
		{"ahead", against(ahead, 0, "a", "b"), rounds("us", 1, "a", 2, "b", 4), "reached a", 0.5},
		{"equal is not ahead", against(ahead, 0, "a"), rounds("us", 2, "a", 2), "**not reached** a", 1},
		{"behind one of two", against(ahead, 0, "a", "b"), rounds("us", 3, "a", 2, "b", 4), "**not reached** a", 1.5},
		{"behind the other", against(ahead, 0, "a", "b"), rounds("us", 3, "a", 4, "b", 2), "**not reached** b", 1.5},
		{"as many times as fast", against(faster, 4, "a"), rounds("us", 1, "a", 4), "reached a", 4},
		{"not as many times", against(faster, 4, "a"), rounds("us", 1, "a", 3.9), "**not reached** a", 3.9},
		{"nearly as fast may be enough", against(faster, 0.8, "a"), rounds("us", 5, "a", 4), "reached a", 0.8},
		{"the slowest of several counts", against(faster, 2, "a", "b"), rounds("us", 1, "a", 3, "b", 2.5), "reached b", 2.5},
		{"a rate at the bound", against(atLeast, 1.8, "a"), rounds("us", 18, "a", 10), "reached a", 1.8},
		{"a rate below it", against(atLeast, 1.8, "a"), rounds("us", 17, "a", 10), "**not reached** a", 1.7},
		{"the lowest of several rates counts", against(atLeast, 1.8, "a", "b"), rounds("us", 10, "a", 5, "b", 4), "reached a", 2},
		{"a figure of its own at the bound", against(atMost, 3100), rounds("us", 3100), "reached ", 3100},
		{"a figure of its own above it", against(atMost, 3100), rounds("us", 3101), "**not reached** ", 3101},
		{"a peer is missing", against(ahead, 0, "a", "b"), rounds("us", 1, "b", 2), "reached, but not measured against a b", 0.5},
		{"a peer is missing, and another is ahead", against(ahead, 0, "a", "b"), rounds("us", 3, "b", 2), "**not reached** b", 1.5},
		{"all peers are missing", against(ahead, 0, "a", "b"), rounds("us", 3), "not measured ", 0},
		{"we are missing", against(ahead, 0, "a"), rounds("a", 3), "not measured ", 0},
		{"we are missing, and the bound is of our own figure", against(atMost, 3100), rounds("a", 3), "not measured ", 0},
		{"the median decides, not a bad round", against(atMost, 1.5, "a"),
			append(rounds("us", 1, "a", 1), append(rounds("us", 9, "a", 1), rounds("us", 1.2, "a", 1)...)...), "reached a", 1.2},
		{"the median of its own figure, too", against(atMost, 3100), append(rounds("us", 3200), append(rounds("us", 3000), rounds("us", 3300)...)...), "**not reached** ", 3200},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.goal.judge(&Results{Works: []*Work{{Name: "work", Rounds: c.rounds}}})
			assert.Equal(t, c.want, v.String()+" "+v.Worst)
			assert.InDelta(t, c.figure, v.Measured.Median, 1e-9)
			assert.Equal(t, c.want[0] == 'r', v.Reached)
		})
	}
}

// rounds is one round, of pairs of a name and a figure.
func rounds(pairs ...any) []map[string]float64 {
	round := make(map[string]float64)
	for i := 0; i < len(pairs); i += 2 {
		switch figure := pairs[i+1].(type) {
		case int:
			round[pairs[i].(string)] = float64(figure)
		case float64:
			round[pairs[i].(string)] = figure
		}
	}
	return []map[string]float64{round}
}

func TestAWorkThatWasNotInTheRunIsNotMeasured(t *testing.T) {
	for _, g := range goals {
		assert.Equal(t, "not measured", g.judge(&Results{}).String(), "%s: %v", g.Work, g)
	}
}

// TestReasonsAreOfGoals finds those of a goal that has another name by now.
func TestReasonsAreOfGoals(t *testing.T) {
	names := make(map[string]bool)
	for _, g := range goals {
		assert.False(t, names[g.name()], "%s is there twice", g.name())
		names[g.name()] = true
	}
	for name, reason := range reasons {
		assert.True(t, names[name], "no goal is called %q", name)
		assert.NotEmpty(t, reason, name)
	}
}
