package main

import (
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryContestEndToEnd runs a round that is as short as can be. Contestants that need
// what isn't installed are left out, as in any run.
func TestEveryContestEndToEnd(t *testing.T) {
	needs(t, "gcc")
	b := ready(t)
	all := slices.DeleteFunc(contests(), func(c contest) bool { return c.name == "idle" || c.name == "growth" }) // the same servers
	for _, c := range all {
		if isEcho(c) {
			copy(c.contestants, each(fewEchoes(c.name), c.contestants))
		}
	}
	r := new(Results)
	b.prepare(all, io.Discard)
	broken, err := b.play(all, r, func() {}, io.Discard)
	require.NoError(t, err)
	assert.Zero(t, broken, "%v", r.NotRun)
	for _, c := range all {
		for _, who := range c.contestants {
			if strings.HasPrefix(who.name, ours) && !strings.HasSuffix(who.name, "polls") || slices.Contains([]string{cEpoll, goNet, "gnet", netHTTP, "goroutine", oneLoop}, who.name) {
				assertPositive(t, r, c, who.name)
			}
		}
	}
}

// assertPositive looks for figures of those that need nothing but gcc and Go.
func assertPositive(t *testing.T, r *Results, c contest, who string) {
	for _, w := range c.works {
		if isEcho(c) && w.Name != few.of(c.name) || c.name == "wrk" || w.Name == "timers left" {
			continue
		}
		figure, ok := r.work(w.Name).Figure(who)
		assert.True(t, ok, "%s: %s has no figure", w.Name, who)
		assert.Positive(t, figure.Median, "%s: %s", w.Name, who)
	}
}

// fewEchoes leaves the machine to others: few connections, and a load that sleeps.
func fewEchoes(name string) measurement {
	return func(b *bench, command string) (map[string]sample, error) {
		return b.besideLoad(command, []string{few.of(name)}, func(int) []string { return []string{"-c", "8", "-s", "64"} })
	}
}

var few = shape{64, 64}

func isEcho(c contest) bool { return c.name == "echo" || c.name == "io_uring" }

// TestIdleConnectionsCost memory, in a server that keeps 64 KB for each.
func TestIdleConnectionsCost(t *testing.T) {
	b := ready(t)
	b.program(t, "heavy", "go func() { b := make([]byte, 1<<16); for i := range b { b[i] = 1 }; for { n, err := c.Read(b); if err != nil { return }; c.Write(b[:n]) } }()")
	s, err := b.serve("heavy PORT", b.cores[:1])
	require.NoError(t, err)
	defer s.close()
	values, err := b.load(s, b.cores[1], "idle_bytes", "-i", "-c", "100")
	require.NoError(t, err)
	assert.Greater(t, values["idle_bytes"], 60e3)
	assert.Less(t, values["idle_bytes"], 200e3)
}

// TestTheLoadNoticesAWrongEcho with a server that sends back something else.
func TestTheLoadNoticesAWrongEcho(t *testing.T) {
	b := ready(t)
	b.program(t, "wrong", "go func() { b := make([]byte, 64); for { n, err := c.Read(b); if err != nil { return }; b[n-1]++; c.Write(b[:n]) } }()")
	for name, flags := range map[string][]string{"under load": nil, "while it is idle": {"-i"}} {
		t.Run(name, func(t *testing.T) {
			_, err := b.besideLoad("wrong PORT", []string{"w"}, func(int) []string { return append(flags, "-c", "2") })
			assert.ErrorContains(t, err, "the echo differs from what was sent")
		})
	}
}

// program adds a server in Go that does serve with each connection, c.
func (b *bench) program(t *testing.T, name, serve string) {
	needs(t, "gcc") // for the load
	path := b.scratch + "/" + name
	require.NoError(t, os.WriteFile(path+".go", []byte(`package main
import ("net"; "os")
func main() {
	l, _ := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	for { c, err := l.Accept(); if err != nil { return }; `+serve+` }
}`), 0o644))
	program, err := built(t.Context(), path, "go", "build", "-o", path, path+".go")
	require.NoError(t, err)
	b.programs.found[name] = found{argv: program}
}

// ready is a bench that measures as short as it can.
func ready(t *testing.T) *bench {
	b, done, err := newBench(t.Context(), quick)
	require.NoError(t, err)
	t.Cleanup(done)
	b.size = size{rounds: 1, fetches: 64, switches: 1, spawns: 1, timers: 1000, window: 20 * time.Millisecond, warm: 10 * time.Millisecond}
	b.cores = append(b.cores, b.cores[0]) // a machine with one core takes longer
	return b
}

func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("NOT TESTED: install %s", program)
	}
}
