package draw

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// wideOf is how wide s may get, in pixels. Numbers that differ from run to run,
// descriptors and times, count as equally long: so that where things stand
// doesn't depend on them.
func wideOf(s string) int {
	return charWide * cells(volatile.ReplaceAllStringFunc(s, func(number string) string { return pad(number, 6) }))
}

var volatile = regexp.MustCompile(`fd \d+|\b(?:\d+(?:\.\d)?(?:ns|µs|ms)|\d+\.\ds)\b`)

// cells is how many letters of fixed width s takes: two for what is written in
// wide signs.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n++
		if wide(r) {
			n++
		}
	}
	return n
}

// wide is generous: it takes no harm where a sign is narrow after all.
func wide(r rune) bool { return r >= 0x1100 && r < 0x2010 || r >= 0x2E80 }

// shorten cuts s to at most n cells, and shows that it did.
func shorten(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	for cells(s) > max(0, n-1) {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s + "…"
}

// pad fills s with blanks up to n cells.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }

// lasted is a measured time, as short as it says something: 850ns, 12µs, 1.2ms, 3.0s.
func lasted(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return strconv.FormatInt(int64(d), 10) + "ns"
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + "µs"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1fms", float64(d)/1e6)
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// count is "1 event", "2 events".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// list joins words with commas, those that are empty left out.
func list(words ...string) string { return join(words, ", ") }

// parts is list for what has commas itself.
func parts(words ...string) string { return join(words, "; ") }

func join(words []string, by string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), by)
}

func num(n uint64) string { return strconv.FormatUint(n, 10) }

// local is a function's name without its package: Task.wakeup.
func local(function string) string {
	_, name, ok := strings.Cut(function, ".")
	if !ok {
		return function
	}
	return name
}
