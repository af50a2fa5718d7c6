package main

// The rounds of a run. In each, every contestant has its turn, so that what slows the
// machine down for a while slows down all of them.

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// prepare builds and finds what the contests need before anything is measured.
func (b *bench) prepare(all []contest, say io.Writer) {
	for _, c := range all {
		for _, who := range c.contestants {
			name := strings.Fields(who.command)[0]
			if _, seen := b.programs.found[name]; !seen {
				fmt.Fprintf(say, "building or finding %s\n", name)
				_, _ = b.programs.find(b.ctx, name) // who needs it hears of it
			}
		}
	}
}

// play runs all contests for the rounds of b's size, and calls save after each, so that
// whatever ends the run later loses nothing. If it is interrupted it returns the context's
// error; all others are noted in the results. broken is how many turns failed though nothing
// was missing.
func (b *bench) play(all []contest, r *Results, save func(), say io.Writer) (broken int, err error) {
	out := make(map[string]bool) // turns of contestants that can't take part
	r.Planned = b.size.rounds
	for r.Rounds < r.Planned {
		for _, c := range all {
			fmt.Fprintf(say, "round %d of %d: %s\n", r.Rounds+1, r.Planned, c.name)
			failed, err := b.turns(c, r, out, say)
			broken += failed
			save()
			if err != nil {
				return broken, err
			}
		}
		r.Rounds++
	}
	return broken, nil
}

// turns is a round of c, for all but those in out.
func (b *bench) turns(c contest, r *Results, out map[string]bool, say io.Writer) (broken int, err error) {
	works := r.enter(c)
	for _, who := range c.contestants {
		turn := c.name + ": " + who.name
		if out[turn] {
			continue
		}
		samples, err := who.measure(b, who.command)
		if b.ctx.Err() != nil {
			return broken, b.ctx.Err()
		}
		for _, w := range works {
			w.take(who.name, samples)
		}
		if err == nil {
			continue
		}
		r.failed(turn, err)
		if out[turn] = errors.As(err, new(*missing)); !out[turn] {
			broken++
			fmt.Fprintf(say, "  %s failed: %v\n", who.name, err)
		}
	}
	return broken, nil
}

// enter begins a round of c's works.
func (r *Results) enter(c contest) (works []*Work) {
	for _, w := range c.works {
		there := r.work(w.Name)
		if there == nil {
			there = &w
			there.Busy = make(map[string]float64)
			for _, who := range c.contestants {
				there.Contestants = append(there.Contestants, who.name)
			}
			r.Works = append(r.Works, there)
		}
		there.Rounds = append(there.Rounds, make(map[string]float64))
		works = append(works, there)
	}
	return works
}

// take notes what who needed for w in this round, if that is among the samples.
func (w *Work) take(who string, samples map[string]sample) {
	s, ok := samples[w.Name]
	if !ok {
		return
	}
	w.Rounds[len(w.Rounds)-1][who] = s.figure
	if least, seen := w.Busy[who]; s.busy > 0 && (!seen || s.busy < least) {
		w.Busy[who] = s.busy
	}
}
