// Command bench measures the engine beside its peers, on this machine.
//
//	go -C bench run .           # ten minutes; the results stay in bench/
//	go -C bench run . --quick   # one minute; shows that everything works
//
// Order of reading: contests.go (what is measured), goals.go (what is wanted), rounds.go,
// measure.go and process.go (how), results.go (the arithmetic), report.go and write.go.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// made is the folder for what is built, and for the results of runs that are not full.
const made = "../.stepwise/bench"

const about = `usage: go -C bench run . [--quick] [--only CONTESTS] [--rounds N] [--update]

Measures the engine beside its peers: ten minutes on a machine that does nothing else. Writes
results.json, RESULTS.md and bars/ into bench/; a run with --quick or --only writes them into
.stepwise/bench/. There the results so far are, too, while a run goes on.

`

type options struct {
	quick, update bool
	only          string
	rounds        int // 0: as many as usual
}

func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() { fmt.Fprint(out, about); flags.PrintDefaults() }
	flags.BoolVar(&o.quick, "quick", false, "one short round, in about a minute: shows that everything works")
	flags.StringVar(&o.only, "only", "", "run only these `CONTESTS`, such as echo,fetch")
	flags.IntVar(&o.rounds, "rounds", 0, fmt.Sprintf("run `N` rounds instead of %d, for a machine that is never quiet", full.rounds))
	flags.BoolVar(&o.update, "update", false, "measure nothing: write the last full run into the two READMEs")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q: bench takes no arguments but flags; see --help", flags.Arg(0))
	case o.update && (o.quick || o.only != "" || o.rounds != 0):
		return o, errors.New("--update measures nothing, so it takes no other flag")
	case o.rounds != 0 && (o.quick || o.rounds < full.rounds):
		return o, fmt.Errorf("--rounds %d: want %d or more, without --quick", o.rounds, full.rounds)
	}
	return o, nil
}

// folder is where the results go. Those that --update reads are of a whole full run.
func (o options) folder() string {
	if o.quick || o.only != "" {
		return made
	}
	return "."
}

func (o options) size() size {
	s := full
	if o.quick {
		s = quick
	}
	s.rounds = cmp.Or(o.rounds, s.rounds)
	return s
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the whole program, in the folder bench of the clone.
func run(ctx context.Context, args []string, out, say io.Writer) error {
	o, err := parse(args, say)
	if err != nil {
		return err
	}
	if _, err := os.Stat("peers"); err != nil {
		return fmt.Errorf("%w: go -C bench run . starts it in its folder", err)
	}
	if o.update {
		r, err := read(".")
		if err == nil {
			err = r.publishable()
		}
		if err != nil {
			return err
		}
		return renew("..", r)
	}
	return measureAll(ctx, o, out, say)
}

func measureAll(ctx context.Context, o options, out, say io.Writer) error {
	all, err := chosen(o.only)
	if err != nil {
		return err
	}
	b, done, err := newBench(ctx, o.size())
	if err != nil {
		return err
	}
	defer done()
	if len(b.cores) < 2 {
		return errors.New("there is only one processor to run on: a server and its load need one each")
	}
	return b.measure(all, o, out, say)
}

// measure runs all contests and reports them.
func (b *bench) measure(all []contest, o options, out, say io.Writer) error {
	r := &Results{Date: time.Now().Format(time.DateOnly), Quick: o.quick, Machine: b.machine()}
	b.prepare(all, say)
	broken, err := b.play(all, r, func() { save(r, say) }, say)
	if err != nil {
		return fmt.Errorf("%w: what was measured until then is in %s", err, filepath.Join("bench", made))
	}
	if err := write(o.folder(), r); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\nWritten: %s, %s and bars/ in %s\n", report(r), resultsFile, reportFile, filepath.Join("bench", o.folder()))
	if broken > 0 {
		return fmt.Errorf("measurements that failed: %d; the list above says why", broken)
	}
	return nil
}

// save writes what was measured so far. If it can't, the run goes on: it may succeed later.
func save(r *Results, say io.Writer) {
	if err := write(made, r); err != nil {
		fmt.Fprintf(say, "  the results so far can't be written: %v\n", err)
	}
}

// newBench is ready to measure; done removes what servers have written.
func newBench(ctx context.Context, s size) (b *bench, done func(), err error) {
	b = &bench{ctx: ctx, size: s}
	bin, err := filepath.Abs(filepath.Join(made, "bin"))
	if err != nil {
		return nil, nil, err
	}
	b.programs = newPrograms(bin)
	for _, folder := range []string{"c", "go", "ours"} {
		if err := os.MkdirAll(filepath.Join(bin, folder), 0o755); err != nil {
			return nil, nil, err
		}
	}
	if b.cores, err = usable(); err != nil {
		return nil, nil, err
	}
	if b.files, err = allowFiles(); err != nil {
		return nil, nil, err
	}
	if b.scratch, err = os.MkdirTemp("", "stepwise-bench-"); err != nil {
		return nil, nil, err
	}
	done = func() { _ = os.RemoveAll(b.scratch) }
	err = errors.Join(os.Chmod(b.scratch, 0o755), b.makeFiles())
	if err != nil {
		done()
	}
	return b, done, err
}
