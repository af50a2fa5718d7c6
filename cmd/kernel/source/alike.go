// alike.go: an unknown name is usually a mistyped one.

package source

import (
	"slices"
	"strings"
)

// DidYouMean asks whether one of the known names was meant that look like name, each with
// prefix before it; empty if no name looks like it.
func DidYouMean(prefix, name string, known []string) string {
	names := alike(name, known)
	for i := range names {
		names[i] = prefix + names[i]
	}
	switch last := len(names) - 1; {
	case last < 0:
		return ""
	case last == 0:
		return "Did you mean " + names[0] + "?"
	default:
		return "Did you mean " + strings.Join(names[:last], ", ") + " or " + names[last] + "?"
	}
}

// alike are the names closest to name, three at most: they differ by one or two letters,
// or in capitals. The name itself is not among them.
func alike(name string, names []string) []string {
	best := 2
	if len(name) < 5 {
		best = 1
	}
	var found []string
	slices.Sort(names)
	for _, other := range slices.Compact(names) {
		distance := distance(strings.ToLower(name), strings.ToLower(other))
		if other == name || distance > best || len(name) == 1 {
			continue
		}
		if distance < best {
			found, best = nil, distance
		}
		found = append(found, other)
	}
	return found[:min(len(found), 3)]
}

// distance is how many letters must be added, removed or changed to turn a into b; two
// letters that have swapped places count once (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
