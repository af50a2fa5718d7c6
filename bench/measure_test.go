package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"golang.org/x/sys/unix"

	"stepwise/bench/internal/meter"
)

func TestPairs(t *testing.T) {
	got, err := pairs("some words\nconns=64 rate=1.5e5 cpu_us=6.35\n\n")
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"conns": 64, "rate": 1.5e5, "cpu_us": 6.35}, got)
	for name, out := range map[string]string{
		"words": "conns=64\nno figures here", "a key alone": "conns=64 cpu_us=", "no key": "64",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pairs(out)
			assert.ErrorContains(t, err, "not key=value with numbers")
		})
	}
}

func TestRequestsOfWrk(t *testing.T) {
	const good = "Running 1s test @ http://127.0.0.1:80/small\n  62836 requests in 2.01s, 75.75MB read\nRequests/sec:  31309.64\n"
	n, err := requests(good)
	require.NoError(t, err)
	assert.Equal(t, 62836.0, n)
	for _, c := range []struct{ name, out, want string }{
		{"errors", good + "  Socket errors: connect 0, read 3, write 0, timeout 0\n", "Socket errors: connect 0, read 3"},
		{"refusals", good + "  Non-2xx or 3xx responses: 4\n", "Non-2xx"},
		{"none", "  0 requests in 1.00s, 0.00B read\n", "no requests"},
		{"something else", "unable to connect\n", "no requests"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := requests(c.out)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestFill(t *testing.T) {
	words := map[string]string{"PORT": "80", "FILES": "/a folder/PORT/SCRATCH", "SCRATCH": "/tmp"}
	program := append(make([]string, 0, 9), "/bin/x")
	assert.Equal(t, []string{"/bin/x", "--addr", "127.0.0.1:80", "/a folder/PORT/SCRATCH", "/tmp", "plain"},
		fill("x --addr 127.0.0.1:PORT FILES SCRATCH plain", program, words))
	assert.Empty(t, program[:2][1], "the program's words are used again")
}

// bodies of contestants that no program stands behind.
func always(samples map[string]sample, err error) (measurement, *int) {
	calls := new(int)
	return func(*bench, string) (map[string]sample, error) { *calls++; return samples, err }, calls
}

func TestPlay(t *testing.T) {
	good, goodCalls := always(map[string]sample{"w": {2, 0.5}, "no work": {1, 1}}, nil)
	absent, absentCalls := always(nil, &missing{"it is not installed"})
	flaky, flakyCalls := always(map[string]sample{"w": {3, 0}}, errors.New("half of it failed"))
	b := &bench{ctx: context.Background(), size: size{rounds: 3}}
	r := new(Results)
	broken, err := b.play([]contest{{name: "c", works: []Work{{Name: "w"}, {Name: "v"}}, contestants: []contestant{{"good", "", good}, {"absent", "", absent}, {"flaky", "", flaky}}}}, r, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, 3, *goodCalls)
	assert.Equal(t, 1, *absentCalls, "what isn't there is not tried again")
	assert.Equal(t, 3, *flakyCalls, "what failed is tried again")
	assert.Equal(t, 3, broken, "only what failed without need")
	assert.Equal(t, 3, r.Rounds)
	round := map[string]float64{"good": 2, "flaky": 3}
	assert.Equal(t, []*Work{
		{Name: "w", Contestants: []string{"good", "absent", "flaky"}, Rounds: []map[string]float64{round, round, round}, Busy: map[string]float64{"good": 0.5}},
		{Name: "v", Contestants: []string{"good", "absent", "flaky"}, Rounds: []map[string]float64{{}, {}, {}}, Busy: map[string]float64{}},
	}, r.Works)
	assert.Equal(t, []NotRun{{"c: absent", "it is not installed"}, {"c: flaky", "half of it failed"}}, r.NotRun, "each is said once")
}

func TestTheLeastBusyRoundIsKept(t *testing.T) {
	w := &Work{Name: "w", Busy: make(map[string]float64)}
	for _, busy := range []float64{0.9, 0.3, 0.8, 0} {
		w.Rounds = append(w.Rounds, make(map[string]float64))
		w.take("us", map[string]sample{"w": {1, busy}})
	}
	assert.Equal(t, map[string]float64{"us": 0.3}, w.Busy)
}

func TestPlayEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stops := func(*bench, string) (map[string]sample, error) { cancel(); return nil, errors.New("signal: killed") }
	b := &bench{ctx: ctx, size: size{rounds: 3}}
	r := new(Results)
	_, err := b.play([]contest{{name: "c", contestants: []contestant{{"one", "", stops}, {"two", "", stops}}}}, r, io.Discard)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, r.NotRun, "it isn't the contestant's fault")
}

func TestProgramsSayWhyTheyCantBeHad(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, want := range map[string]string{
		"c/loadgen": "gcc is not installed: apt-get install gcc libc6-dev",
		"nginx":     "nginx is not installed: apt-get install nginx-light",
		"node":      "node is not installed: apt-get install nodejs",
		"wrk":       "wrk is not installed: apt-get install wrk",
		"go/x":      "go could not build it: ",
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrograms(t.TempDir())
			for range 2 {
				_, err := p.find(t.Context(), name)
				assert.ErrorContains(t, err, want)
				assert.ErrorAs(t, err, new(*missing))
			}
		})
	}
}

func TestUringRefusalSaysWhy(t *testing.T) {
	for _, c := range []struct {
		errno unix.Errno
		want  string
	}{
		{unix.EPERM, "io_uring is forbidden here"}, {unix.EACCES, "io_uring is forbidden here"}, {unix.ENOSYS, "this kernel has no io_uring"},
	} {
		err := uringRefusal(c.errno)
		assert.ErrorContains(t, err, c.want)
		assert.ErrorAs(t, err, new(*missing))
	}
	assert.NoError(t, uringRefusal(unix.EFAULT), "it has looked at the parameters")
}

func TestProgramsThatDontCompileSayWhere(t *testing.T) {
	needs(t, "gcc")
	_, err := built(t.Context(), "", "gcc", "-o", t.TempDir()+"/x", "-xc", "/dev/null")
	assert.ErrorContains(t, err, "main")
}

// TestEveryProgramCanBeBuilt needs what the README lists to be installed.
func TestEveryProgramCanBeBuilt(t *testing.T) {
	needs(t, "gcc")
	b := ready(t)
	for _, c := range contests() {
		for _, who := range c.contestants {
			name, _, _ := strings.Cut(who.command, " ")
			if sourceOf(name) == "" && name != "stepwise" {
				continue // installed, not built
			}
			if _, err := b.programs.find(t.Context(), name); err != nil {
				assert.ErrorContains(t, err, "liburing is not installed", name)
			}
		}
	}
}

func TestFewFilesLeaveOutManyConnections(t *testing.T) {
	b := &bench{files: 1024}
	assert.NoError(t, b.needs(924))
	assert.ErrorAs(t, b.needs(925), new(*missing))
	_, err := growthAt(many)(b, "")
	assert.ErrorContains(t, err, "only 1024 files")
}

func TestAProcessRunsOnItsCoresAlone(t *testing.T) {
	before, err := usable()
	require.NoError(t, err)
	last := before[len(before)-1]
	out, err := runOn(t.Context(), []int{last}, []string{"grep", "Cpus_allowed_list", "/proc/self/status"})
	require.NoError(t, err)
	assert.Equal(t, []string{"Cpus_allowed_list:", strconv.Itoa(last)}, strings.Fields(out))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	after, err := usable()
	require.NoError(t, err)
	assert.Equal(t, before, after, "we still run on all")
}

// TestCPUTime reads that of another process as it reads its own.
func TestCPUTime(t *testing.T) {
	self := &server{pid: os.Getpid()}
	before := meter.CPU()
	got, err := self.cpu()
	require.NoError(t, err)
	assert.LessOrEqual(t, before, got)
	assert.LessOrEqual(t, got, meter.CPU())
	_, err = (&server{pid: 1<<22 + 1}).cpu()
	assert.Error(t, err, "nobody has this number")
}

func TestAServerThatEndsSaysWhy(t *testing.T) {
	_, err := serveOn(t.Context(), []int{0}, []string{"sh", "-c", "echo the port is taken >&2; exit 3"}, 1)
	assert.EqualError(t, err, "sh ended before it served: the port is taken")
}

func TestARunThatFailsSaysWhy(t *testing.T) {
	_, err := runOn(t.Context(), []int{0}, []string{"sh", "-c", "echo one; echo two; echo three; echo four; exit 3"})
	assert.EqualError(t, err, "sh: exit status 3: two; three; four")
}
