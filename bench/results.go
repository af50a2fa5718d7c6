package main

// What a run has measured, and the arithmetic of it. Each figure is compared with that of a
// peer in the same round: the speed of a machine drifts, and the drift cancels out.

import (
	"cmp"
	"fmt"
	"slices"
)

// Results is a run. It is what the JSON file holds, and all reports are made from it.
type Results struct {
	Date    string   `json:"date"` // 2006-01-02
	Quick   bool     `json:"quick"`
	Rounds  int      `json:"rounds"`  // that were run to their end
	Planned int      `json:"planned"` // Rounds is less if the run was ended early
	Machine Machine  `json:"machine"`
	Works   []*Work  `json:"works"`
	NotRun  []NotRun `json:"not_run"`
}

// publishable is an error if r has too few rounds for a median and a spread.
func (r *Results) publishable() error {
	if r.Quick || r.Rounds < full.rounds {
		return fmt.Errorf("%s has %d rounds, and the READMEs take %d or more of a full run: go -C bench run . makes one", resultsFile, r.Rounds, full.rounds)
	}
	return nil
}

// Machine is where a run was made.
type Machine struct {
	CPU    string   `json:"cpu"`
	Cores  int      `json:"cores"` // that the run could use
	Kernel string   `json:"kernel"`
	Go     string   `json:"go"`
	Tools  []string `json:"tools"` // versions of what peers run on
}

// NotRun says what could not be measured, and why.
type NotRun struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// Work is one thing that is measured, of several contestants.
type Work struct {
	Name        string   `json:"name"`
	Unit        string   `json:"unit"` // of all its figures
	Base        string   `json:"base"` // the contestant that the others are compared with
	Contestants []string `json:"contestants"`
	// Rounds has the figures of each round, by contestant. One that failed is missing.
	Rounds []map[string]float64 `json:"rounds"`
	// Busy is the smallest share of the time in which the contestant's core was busy. If
	// that isn't nearly all, the load was the bottleneck, or the core wasn't its own.
	Busy map[string]float64 `json:"busy,omitempty"`
}

// Spread sums up the figures of several rounds.
type Spread struct{ Median, Min, Max float64 }

// spread of no figures is not ok.
func spread(figures []float64) (s Spread, ok bool) {
	if len(figures) == 0 {
		return s, false
	}
	sorted := slices.Sorted(slices.Values(figures))
	half := len(sorted) / 2
	median := sorted[half]
	if len(sorted)%2 == 0 {
		median = (sorted[half-1] + sorted[half]) / 2
	}
	return Spread{median, sorted[0], sorted[len(sorted)-1]}, true
}

// Figure sums up what who needed.
func (w *Work) Figure(who string) (Spread, bool) {
	var figures []float64
	for _, round := range w.Rounds {
		if figure, ok := round[who]; ok {
			figures = append(figures, figure)
		}
	}
	return spread(figures)
}

// Ratio sums up who's figures, each divided by that of the same round of against. Rounds in
// which one of the two is missing don't count.
func (w *Work) Ratio(who, against string) (Spread, bool) {
	var ratios []float64
	for _, round := range w.Rounds {
		figure, ok := round[who]
		if base := round[against]; ok && base != 0 {
			ratios = append(ratios, figure/base)
		}
	}
	return spread(ratios)
}

// work returns the work of that name; nil if it was not in the run.
func (r *Results) work(name string) *Work {
	if i := slices.IndexFunc(r.Works, func(w *Work) bool { return w.Name == name }); i >= 0 {
		return r.Works[i]
	}
	return nil
}

// failed notes what could not be measured, once.
func (r *Results) failed(what string, err error) {
	note := NotRun{what, err.Error()}
	if !slices.Contains(r.NotRun, note) {
		r.NotRun = append(r.NotRun, note)
	}
	slices.SortStableFunc(r.NotRun, func(a, b NotRun) int { return cmp.Compare(a.What, b.What) })
}
