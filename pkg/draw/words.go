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

// wideOf returns how wide s may be, in pixels. Numbers that differ from run to run,
// descriptors and times, count as equally long, so that no position depends on them.
func wideOf(s string) int {
	return charWide * cells(volatile.ReplaceAllStringFunc(s, func(number string) string { return pad(number, 6) }))
}

var volatile = regexp.MustCompile(`fd \d+|\b(?:\d+(?:\.\d)?(?:ns|µs|ms)|\d+\.\ds)\b`)

// cells returns how many letters of fixed width s takes; a wide character takes two.
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

// wide reports whether r may be wide. Where it isn't, that only costs space.
func wide(r rune) bool { return r >= 0x1100 && r < 0x2010 || r >= 0x2E80 }

// shorten cuts s to at most n cells, and marks the cut.
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

// pad fills s with spaces up to n cells.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }

// lasted returns a measured time in two or three digits: 850ns, 12µs, 1.2ms, 3.0s. From a
// minute on it has whole seconds: 1h7m3s.
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
	case d >= time.Minute:
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// count returns "1 event", "2 events".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// times returns "once", "2 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// once adds word to a list, unless it is empty or there.
func once(words []string, word string) []string {
	if word == "" || slices.Contains(words, word) {
		return words
	}
	return append(words, word)
}

// list joins words with commas, leaving out empty ones.
func list(words ...string) string { return join(words, ", ") }

// parts joins with semicolons what may have commas itself.
func parts(words ...string) string { return join(words, "; ") }

func join(words []string, by string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), by)
}

// orElse returns s after before, or otherwise if s is empty.
func orElse(s, before, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return before + s
}

// shortList joins the first words of a list, and says how many it leaves out.
func shortList(words []string) string {
	const most = 4
	if len(words) > most {
		words = append(slices.Clone(words[:most]), "and "+num(uint64(len(words)-most))+" more")
	}
	return strings.Join(words, ", ")
}

func num(n uint64) string { return strconv.FormatUint(n, 10) }

// local returns a function's name without its package: Task.wakeup.
func local(function string) string {
	_, name, ok := strings.Cut(function, ".")
	if !ok {
		return function
	}
	return name
}
