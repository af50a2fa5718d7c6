package draw

import (
	"fmt"
	"slices"
	"strings"
)

// A picture has limited room. What doesn't fit is folded, and the picture says what is
// in the fold: nothing disappears without a word.

const (
	mostLanes = 14
	mostRows  = 80
	mostTasks = 50 // lanes of a timeline, lines of a tree or of a list of futures
)

// fit folds lanes and rows until s fits into a picture.
func (s story) fit() story {
	s = s.fitLanes()
	s.rows = foldRows(s.rows)
	return s
}

func (s story) fitLanes() story {
	for len(s.lanes) > mostLanes {
		task := s.leastFunctions()
		if task == 0 {
			break
		}
		s = s.merge(func(l lane) lane { // a task's functions go into its own lane
			if l.task != task {
				return l
			}
			return lane{key: "task " + num(task), name: "task " + num(task), loop: l.loop, task: task}
		})
	}
	if over := len(s.lanes) - mostLanes; over > 0 {
		rest := slices.Clone(s.lanes[mostLanes-1:])
		other := lane{key: "others", name: count(len(rest), "other task"), loop: 1 << 30, task: 1 << 62}
		s = s.merge(func(l lane) lane {
			if slices.Contains(rest, l) {
				return other
			}
			return l
		})
	}
	return s
}

// leastFunctions returns the task with the fewest functions, so that folding them hides
// the least; 0 if no task has any left.
func (s story) leastFunctions() (task uint64) {
	functions := map[uint64]int{}
	for _, l := range s.lanes {
		if l.depth > 0 {
			functions[l.task]++
		}
	}
	for _, l := range s.lanes {
		if n := functions[l.task]; n > 0 && (task == 0 || n < functions[task]) {
			task = l.task
		}
	}
	return task
}

// merge puts lanes together. A row between two that are now one becomes a note, or goes
// if it says no more than that there was a call or a return.
func (s story) merge(into func(lane) lane) story {
	merged := story{}
	to, name := map[string]string{}, map[string]string{}
	for _, l := range s.lanes {
		to[l.key] = merged.lane(into(l))
		name[l.key] = l.name
	}
	for _, r := range s.rows {
		switch {
		case to[r.from] == "others":
			r.label = name[r.from] + ": " + r.label
		case to[r.to] == "others":
			r.label = name[r.to] + ": " + r.label
		}
		r.from, r.to = to[r.from], to[r.to]
		if r.from == r.to && (r.kind == call || r.kind == back) {
			if strings.HasPrefix(r.label, "call ") || r.label == "return" {
				continue
			}
			r.kind = note
		}
		merged.rows = append(merged.rows, r)
	}
	merged.onlyUsed()
	return merged
}

// foldRows keeps the beginning and the end of what is too long. If that leaves enough,
// it cuts where select sleeps, so that rounds of the loop stay whole.
func foldRows(rows []row) []row {
	const head, tail = mostRows * 2 / 3, mostRows - mostRows*2/3 - 1
	if len(rows) <= mostRows {
		return rows
	}
	from, to := head, len(rows)-tail
	for i := head; i > head/2; i-- {
		if rows[i].kind == sleep {
			from = i
			break
		}
	}
	to += max(0, slices.IndexFunc(rows[to:to+tail/2], func(r row) bool { return r.kind == sleep }))
	folded := row{kind: fold, from: loopLane, to: loopLane, label: inFold(rows[from:to]), seq: rows[from].seq}
	return slices.Concat(rows[:from], []row{folded}, rows[to:])
}

// inFold says in words what is folded.
func inFold(rows []row) string {
	sleeps, resumed := 0, 0
	for _, r := range rows {
		if r.kind == sleep || r.kind == note && strings.HasPrefix(r.label, asleep) {
			sleeps++
		}
		if strings.HasPrefix(r.label, "send ") || strings.HasPrefix(r.label, "throw ") {
			resumed++
		}
	}
	return fmt.Sprintf("%s, with %s and %s", foldedHere(len(rows), "row"), count(sleeps, "sleep"), count(resumed, "task step"))
}

// foldedHere is what stands in place of n things that are left out; empty for none.
func foldedHere(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 more " + what + " is folded here"
	}
	return count(n, "more "+what) + " are folded here"
}
