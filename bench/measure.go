package main

// How each contest is measured: a server on one core and the load on another, or a program
// that measures itself. The kernel's clocks give CPU time in nanoseconds.

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const many = 10_000 // connections

// size of a run. The quick one shows that everything works; its figures mean little.
type size struct {
	rounds, fetches, switches, spawns int
	timers                            int // more than are pending, so that canceled ones are thrown away in between
	window, warm                      time.Duration
}

var (
	full  = size{5, 10_000, 100, 10, 1_500_000, 600 * time.Millisecond, 150 * time.Millisecond}
	quick = size{1, 2_000, 10, 2, 20_000, 200 * time.Millisecond, 50 * time.Millisecond}
)

// bench is what measurements need.
type bench struct {
	ctx      context.Context
	programs *programs
	size     size
	cores    []int  // at least two; the server has the first, the load the second
	files    int    // that a process may open
	scratch  string // folder for what peers write
}

// sample is a figure, and how busy the measured core was; 0 if that isn't known.
type sample struct{ figure, busy float64 }

// serve starts command's program on cores.
func (b *bench) serve(command string, cores []int) (*server, error) {
	program, err := b.programs.find(b.ctx, strings.Fields(command)[0])
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	words := map[string]string{"PORT": strconv.Itoa(port), "FILES": b.webFolder(), "SCRATCH": b.scratch, "NGINX_CONF": filepath.Join(b.scratch, "nginx.conf")}
	if strings.Contains(command, "NGINX_CONF") {
		if err := b.configureNginx(words["NGINX_CONF"], port); err != nil {
			return nil, err
		}
	}
	return serveOn(b.ctx, cores, fill(command, program, words), port)
}

// run runs command's program on the first core, and reads its last line.
func (b *bench) run(command string, words map[string]string) (map[string]float64, error) {
	program, err := b.programs.find(b.ctx, strings.Fields(command)[0])
	if err != nil {
		return nil, err
	}
	out, err := runOn(b.ctx, b.cores[:1], fill(command, program, words))
	if err != nil {
		return nil, err
	}
	return pairs(out, "cpu_us")
}

// load runs the load generator against s, on core. Among what it says must be wanted.
func (b *bench) load(s *server, core int, wanted string, flags ...string) (map[string]float64, error) {
	argv, err := b.programs.find(b.ctx, "c/loadgen")
	if err != nil {
		return nil, err
	}
	argv = append(argv, "-p", strconv.Itoa(s.port), "-P", strconv.Itoa(s.pid), "-t", seconds(b.size.window), "-w", seconds(b.size.warm))
	out, err := runOn(b.ctx, []int{core}, append(argv, flags...))
	if err != nil {
		return nil, err
	}
	return pairs(out, wanted)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// needs is an error if a process can't have that many connections.
func (b *bench) needs(conns int) error {
	if b.files < conns+100 {
		return &missing{fmt.Sprintf("a process may open only %d files here, and %d connections need more: raise the hard limit (ulimit -Hn)", b.files, conns)}
	}
	return nil
}

// underLoad starts a server on the first core and has a load that never sleeps, on the
// second, tell its CPU time for a request.
func (b *bench) underLoad(command string, works []string, flags func(work int) []string) (map[string]sample, error) {
	return b.served(command, works, b.cores[1], func(i int) []string { return append([]string{"-S"}, flags(i)...) })
}

// besideLoad is underLoad with both on the first core. Each sleeps while the other runs, so
// the server finds the messages of all connections whenever it runs. That is the same on a
// machine that does something else, too.
func (b *bench) besideLoad(command string, works []string, flags func(work int) []string) (map[string]sample, error) {
	samples, err := b.served(command, works, b.cores[0], flags)
	for work, s := range samples {
		samples[work] = sample{figure: s.figure} // neither is busy all the time
	}
	return samples, err
}

// served starts a server on the first core and has the load on core tell its figures.
func (b *bench) served(command string, works []string, core int, flags func(work int) []string) (map[string]sample, error) {
	s, err := b.serve(command, b.cores[:1])
	if err != nil {
		return nil, err
	}
	defer s.close()
	samples := make(map[string]sample)
	for i, work := range works {
		values, err := b.load(s, core, "cpu_us", flags(i)...)
		if err != nil {
			return samples, fmt.Errorf("%s: %w", work, err)
		}
		samples[work] = sample{values["cpu_us"], values["busy"]}
	}
	return samples, nil
}

// placing is underLoad or besideLoad.
type placing func(b *bench, command string, works []string, flags func(work int) []string) (map[string]sample, error)

// echoes measures a server in each of shapes.
func echoes(name string, shapes []shape, place placing) measurement {
	return func(b *bench, command string) (map[string]sample, error) {
		var works []string
		for _, s := range shapes {
			if err := b.needs(s.conns); err != nil {
				return nil, err
			}
			works = append(works, s.of(name))
		}
		return place(b, command, works, func(i int) []string {
			return []string{"-c", strconv.Itoa(shapes[i].conns), "-s", strconv.Itoa(shapes[i].bytes)}
		})
	}
}

func growthAt(conns int) measurement {
	return func(b *bench, command string) (map[string]sample, error) {
		if err := b.needs(conns); err != nil {
			return nil, err
		}
		return b.underLoad(command, []string{"growth"}, func(int) []string { return []string{"-c", strconv.Itoa(conns)} })
	}
}

func idleMemory(b *bench, command string) (map[string]sample, error) {
	if err := b.needs(many); err != nil {
		return nil, err
	}
	s, err := b.serve(command, b.cores[:1])
	if err != nil {
		return nil, err
	}
	defer s.close()
	values, err := b.load(s, b.cores[1], "idle_bytes", "-i", "-c", strconv.Itoa(many))
	if err != nil {
		return nil, err
	}
	return map[string]sample{"idle": {figure: values["idle_bytes"]}}, nil
}

// clientOf measures clients of a server that closes after a page, on the load's core.
func clientOf(work string) measurement {
	return func(b *bench, command string) (map[string]sample, error) {
		s, err := b.serve("c/httpd PORT", b.cores[1:2])
		if err != nil {
			return nil, err
		}
		defer s.close()
		return b.itself(work, command, map[string]string{"PORT": strconv.Itoa(s.port), "FETCHES": strconv.Itoa(b.size.fetches)})
	}
}

// itself has a program measure its own CPU time.
func (b *bench) itself(work, command string, words map[string]string) (map[string]sample, error) {
	values, err := b.run(command, words)
	if err != nil {
		return nil, err
	}
	samples := map[string]sample{work: {figure: values["cpu_us"]}}
	if left, ok := values["left_bytes"]; ok && work == "timers" {
		samples["timers left"] = sample{figure: max(0, left)}
	}
	return samples, nil
}

func switches(b *bench, command string) (map[string]sample, error) {
	return b.itself("switch", fmt.Sprint(command, " 10000 ", b.size.switches, " 1"), nil)
}

func spawns(b *bench, command string) (map[string]sample, error) {
	return b.itself("spawn", fmt.Sprint(command, " 10000 0 ", b.size.spawns), nil)
}

func timerTimes(b *bench, command string) (map[string]sample, error) {
	return b.itself("timers", command, map[string]string{"TIMERS": strconv.Itoa(b.size.timers)})
}
