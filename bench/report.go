package main

// The results in words: a table of the goals, and one for each work.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// report is the whole run as Markdown that can be read as it is.
func report(r *Results) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# Results\n\n%s\n\n## Goals\n\n%s%s", heading(r), goalTable(r), notReached(r))
	for _, c := range contests() {
		for i, entry := range c.works {
			w := r.work(entry.Name)
			if w == nil {
				continue
			}
			if i == 0 {
				fmt.Fprintf(&out, "\n## %s\n\n%s\n", c.name, c.about)
			}
			fmt.Fprintf(&out, "\n### %s\n\n%s%s", w.Name, workTable(w), idleRemark(w))
			if drawn(w) {
				fmt.Fprintf(&out, "\n![Bars of the figures above](%s)\n", pictureName(w)+".svg")
			}
		}
	}
	if len(r.NotRun) > 0 {
		out.WriteString("\n## Not run\n\n")
		for _, n := range r.NotRun {
			fmt.Fprintf(&out, "- %s: %s\n", n.What, n.Why)
		}
	}
	return out.String()
}

// heading says where and when the run was made, and how much it is worth.
func heading(r *Results) string {
	m := r.Machine
	where := fmt.Sprintf("Measured on %s with %s on %s, %d cores, %s; %s.", r.Date, m.Go, m.CPU, m.Cores, m.Kernel, strings.Join(m.Tools, "; "))
	switch {
	case r.Quick:
		return where + " A quick run: it shows that everything works, and its figures mean little."
	case r.Rounds < r.Planned:
		return fmt.Sprintf("%s The run was ended in round %d of %d; what was measured until then is below.", where, r.Rounds+1, r.Planned)
	}
	return fmt.Sprintf("%s Medians of %d interleaved rounds, with the smallest and the largest in brackets.", where, r.Rounds)
}

func goalTable(r *Results) string {
	rows := [][]string{{"work", "who", "goal", "measured", "verdict"}}
	for _, g := range goals {
		v := g.judge(r)
		goal, measured := g.String(), "–"
		if w := r.work(g.Work); w != nil && len(g.Against) == 0 {
			goal += " " + w.Unit
		}
		if v.Known {
			measured = v.Measured.String()
		}
		if len(g.Against) > 1 && v.Known {
			measured += " × " + v.Worst + ", the worst"
		}
		rows = append(rows, []string{g.Work, g.Who, goal, measured, v.String()})
	}
	return table(rows)
}

// notReached lists the goals that were missed, each with the reason as far as it is known.
func notReached(r *Results) string {
	var out strings.Builder
	for _, g := range goals {
		if v := g.judge(r); v.Known && !v.Reached {
			reason := cmp.Or(reasons[g.name()], "no reason is written in reasons.go yet.")
			fmt.Fprintf(&out, "- %s: %s\n", g.name(), reason)
		}
	}
	if out.Len() == 0 {
		return ""
	}
	return "\nWhy goals are not reached:\n\n" + out.String()
}

func workTable(w *Work) string {
	rows := [][]string{{"", w.Unit, "× " + w.Base}}
	if w.Base == "" {
		rows[0][2] = ""
	}
	for _, who := range w.Contestants {
		figure, ok := w.Figure(who)
		if !ok {
			continue
		}
		row := []string{who, figure.String(), ""}
		if ratio, ok := w.Ratio(who, w.Base); ok {
			row[2] = ratio.String()
		}
		rows = append(rows, row)
	}
	return table(rows)
}

// nearlyAll is the share of the time in which a server under full load is busy.
const nearlyAll = 0.9

// idleRemark names those that the load left idle. A single connection leaves all idle.
func idleRemark(w *Work) string {
	if strings.HasSuffix(w.Name, shapes[0].of("")) {
		return ""
	}
	var idle []string
	for _, who := range w.Contestants {
		if busy, ok := w.Busy[who]; ok && busy < nearlyAll {
			idle = append(idle, fmt.Sprintf("%s (%.0f %%)", who, busy*100))
		}
	}
	if len(idle) == 0 {
		return ""
	}
	return "\nThe server's core was not always busy with it: " + strings.Join(idle, "; ") +
		". Either the load was the bottleneck, or something else ran on that core.\n"
}

// ratioTable compares all that took part in the echoes, in one table.
func ratioTable(r *Results) string {
	rows := [][]string{{"CPU time of an echo, connections × bytes"}}
	works := slices.DeleteFunc(slices.Clone(r.Works), func(w *Work) bool { return !strings.HasPrefix(w.Name, "echo ") })
	for _, w := range works {
		rows[0] = append(rows[0], strings.TrimPrefix(w.Name, "echo "))
	}
	for _, server := range echoServers {
		row := []string{server.name}
		for _, w := range works {
			cell := ""
			if ratio, ok := w.Ratio(server.name, cEpoll); ok {
				cell = ratio.String()
			}
			row = append(row, cell)
		}
		if strings.Join(row[1:], "") != "" {
			rows = append(rows, row)
		}
	}
	return table(rows)
}

// table is a Markdown table with aligned columns; the first row is its head.
func table(rows [][]string) string {
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var out strings.Builder
	line := func(cell func(i int) string) {
		for i := range wide {
			out.WriteString("| " + cell(i) + " ")
		}
		out.WriteString("|\n")
	}
	for n, row := range rows {
		line(func(i int) string { return row[i] + strings.Repeat(" ", wide[i]-utf8.RuneCountInString(row[i])) })
		if n == 0 {
			line(func(i int) string { return strings.Repeat("-", wide[i]) })
		}
	}
	return out.String()
}

// String is the median, and the spread in brackets.
func (s Spread) String() string {
	if s.Min == s.Max {
		return number(s.Median)
	}
	return fmt.Sprintf("%s [%s–%s]", number(s.Median), number(s.Min), number(s.Max))
}

// number has three digits that count, or all before the point, in groups of three.
func number(x float64) string {
	switch size := math.Abs(x); {
	case size < 1:
		return fmt.Sprintf("%.3f", x)
	case size < 10:
		return fmt.Sprintf("%.2f", x)
	case size < 100:
		return fmt.Sprintf("%.1f", x)
	}
	digits := fmt.Sprintf("%.0f", x)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
