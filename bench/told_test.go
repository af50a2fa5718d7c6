package main

// What programs are told, and on which cores: each is played by this test's own program,
// which writes down how it was started.

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const playing = "STEPWISE_BENCH_PLAYS" // names the file for what is written down

func TestMain(m *testing.M) {
	if diary := os.Getenv(playing); diary != "" && len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		if err := pretend(diary, os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// pretend is a program of that name: a server on the port that is its argument, or else one
// that measures something.
func pretend(diary, name string, args []string) error {
	file, err := os.OpenFile(diary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	cores, err := usable()
	if err != nil {
		return err
	}
	serves := name == "server" || name == "c/httpd"
	if serves { // nobody else may have the number
		args = append(slices.Clone(args), "as", strconv.Itoa(os.Getpid()))
	}
	fmt.Fprintf(file, "%s %s on %v, GOMAXPROCS %s\n", name, strings.Join(args, " "), cores, os.Getenv("GOMAXPROCS"))
	if !serves {
		fmt.Println("  100 requests in 1.00s, 1MB read\ncpu_us=3 busy=0.5 rate=7 idle_bytes=11 left_bytes=-2")
		return nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	for err == nil {
		_, err = listener.Accept()
	}
	return err
}

// told returns what the programs that b starts meanwhile were told, one a line, with words
// for the server's port and process.
func told(t *testing.T, b *bench, measure func()) []string {
	diary := t.TempDir() + "/diary"
	t.Setenv(playing, diary)
	self, err := os.Executable()
	require.NoError(t, err)
	for _, name := range []string{"server", "client", "c/httpd", "c/loadgen", "wrk"} {
		b.programs.found[name] = found{argv: []string{self, name}}
	}
	measure()
	content, err := os.ReadFile(diary)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	if words := strings.Fields(lines[0]); len(words) > 3 && words[2] == "as" {
		known := strings.NewReplacer(" "+words[1]+" ", " PORT ", ":"+words[1]+"/", ":PORT/", " "+words[3]+" ", " PID ")
		for i, line := range lines {
			lines[i] = known.Replace(known.Replace(line)) // two that follow each other share a blank
		}
	}
	slices.Sort(lines[1:]) // they may have run at once
	return lines
}

func TestWhatProgramsAreTold(t *testing.T) {
	const load = "c/loadgen -p PORT -P PID -t 0.02 -w 0.01 "
	loaded, counted := sample{3, 0.5}, sample{figure: 3}
	for _, c := range []struct {
		name    string
		measure measurement
		command string
		told    []string
		want    map[string]sample
	}{
		{"echoes", echoes("e", []shape{{3, 7}, {5, 9}}, (*bench).underLoad), "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-S -c 3 -s 7 on SECOND", load + "-S -c 5 -s 9 on SECOND"},
			map[string]sample{"e 3×7": loaded, "e 5×9": loaded}},
		{"echoes on one core", echoes("e", []shape{{3, 7}}, (*bench).besideLoad), "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-c 3 -s 7 on FIRST"}, map[string]sample{"e 3×7": {figure: 3}}},
		{"growth", growthAt(77), "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-S -c 77 on SECOND"}, map[string]sample{"growth": loaded}},
		{"idle memory", idleMemory, "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-i -c 10000 on SECOND"}, map[string]sample{"idle": {figure: 11}}},
		{"one loop", rateOn(1), "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-c 64 on FIRST"}, map[string]sample{"loops": {figure: 7}}},
		{"two loops", rateOn(2), "server PORT",
			[]string{"server PORT as PID on BOTH", load + "-c 64 on FIRST", load + "-c 64 on SECOND"}, map[string]sample{"loops": {figure: 14}}},
		{"pages", httpTimes, "server PORT",
			[]string{"server PORT as PID on FIRST", load + "-S -c 64 -g /large on SECOND", load + "-S -c 64 -g /small on SECOND"},
			map[string]sample{"http small": loaded, "http 200 KB": loaded}},
		{"a client", clientOf("f"), "client PORT FETCHES",
			[]string{"c/httpd PORT as PID on SECOND", "client PORT 64 on FIRST"}, map[string]sample{"f": counted}},
		{"switches", switches, "client", []string{"client 10000 1 1 on FIRST"}, map[string]sample{"switch": counted}},
		{"spawns", spawns, "client", []string{"client 10000 0 1 on FIRST"}, map[string]sample{"spawn": counted}},
		{"timers, with less than nothing left", timerTimes, "client TIMERS",
			[]string{"client 1000 on FIRST"}, map[string]sample{"timers": counted, "timers left": {}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := ready(t)
			b.files = 1 << 20
			var got map[string]sample
			lines := told(t, b, func() {
				var err error
				got, err = c.measure(b, c.command)
				require.NoError(t, err)
			})
			assert.Equal(t, c.want, got)
			on := func(cores ...int) string { return fmt.Sprintf("on %v, GOMAXPROCS %d", cores, len(cores)) }
			cores := strings.NewReplacer("on FIRST", on(b.cores[0]), "on SECOND", on(b.cores[1]), "on BOTH", on(b.cores[:2]...))
			var want []string
			for _, line := range c.told {
				want = append(want, cores.Replace(line))
			}
			assert.Equal(t, want, lines)
		})
	}
}

func TestWhatWrkIsTold(t *testing.T) {
	b := ready(t)
	lines := told(t, b, func() {
		got, err := wrkTimes(b, "server PORT")
		require.NoError(t, err)
		assert.Len(t, got, 2)
		assert.Contains(t, got, "wrk small")
		assert.Contains(t, got, "wrk 200 KB")
	})
	for i, page := range []string{"large", "small"} {
		assert.Equal(t, fmt.Sprintf("wrk -t1 -c64 -d1s http://127.0.0.1:PORT/%s on %v, GOMAXPROCS 1", page, b.cores[1:2]), lines[1+i])
	}
	assert.Equal(t, sample{2000, 0.5}, share(2e9, 4e9, 1000), "2 s of 4, for 1000 requests")
}

func TestALoadThatFailsLeavesNoFigure(t *testing.T) {
	for name, measure := range map[string]measurement{"idle": idleMemory, "loops": rateOn(1), "growth": growthAt(8)} {
		t.Run(name, func(t *testing.T) {
			b := ready(t)
			b.files = 1 << 20
			told(t, b, func() {
				b.programs.found["c/loadgen"] = found{argv: []string{"sh", "-c", "echo no route >&2; exit 1"}}
				got, err := measure(b, "server PORT")
				assert.ErrorContains(t, err, "no route")
				assert.Empty(t, got)
			})
		})
	}
}

func TestFilesThatAreServed(t *testing.T) {
	b := ready(t)
	for name, size := range map[string]int64{"small": 1024, "large": 204800} {
		info, err := os.Stat(b.webFolder() + "/" + name)
		require.NoError(t, err)
		assert.Equal(t, size, info.Size(), name)
		assert.Equal(t, os.FileMode(0o644), info.Mode(), name)
	}
}
