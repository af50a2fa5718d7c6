// mask.go: what may differ from run to run and is not compared. Every mask is a hole
// through which a real difference could slip, so each pattern is as narrow as
// possible. Counts, words, flags, small numbers and whole seconds are always
// compared. If something varies in one cell only, its author writes a pattern into
// the cell's metadata: "mask": ["\\d+ failed reads"]. Read render.go first.

package notebook

import (
	"fmt"
	"regexp"
)

const (
	host = `(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:.]*(?:%\w+)?\]|\blocalhost)`
	// Go's form, with at most one space before the unit. A whole number of seconds or
	// minutes is a constant of the program, not a measurement.
	duration = `\b(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?(?:ns|us| ?µs| ?μs| ?ms)\b|\b(?:\d+h)?(?:\d+m)?\d+\.\d+ ?(?:s|seconds)\b|\b0s\b`
	weekday  = `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)`
	month    = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`
)

type mask struct {
	what    string // in words, for the reader of this table
	pattern *regexp.Regexp
	as      string // with $1 for what is kept
}

// masks are applied in order, each to the result of the one before.
var masks = []mask{
	{"a date of HTTP", re(weekday + `, \d\d ` + month + ` \d{4} \d\d:\d\d:\d\d (?:GMT|UTC)`), "⟨date⟩"},
	{"a date of package log", re(`\b\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?`), "⟨date⟩"},
	{"a date of package time", re(`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: [A-Z]{3,4})?(?: m=[+-][\d.]+)?`), "⟨date⟩"},
	{"a port that the system chose", re(`(` + host + `:)\d{5}\b`), "$1⟨port⟩"},
	{"the same, by its name", re(`(?i)(\bport"?[ =:]+)\d{5}\b`), "$1⟨port⟩"},
	{"an address in memory", re(`\b0x[0-9a-f]{6,16}\b`), "⟨address⟩"},
	{"a process", re(`(?i)(\bpid[ =:]+)\d+\b`), "$1⟨pid⟩"},
	{"a goroutine", re(`(\bgoroutine )\d+\b`), "$1⟨n⟩"},
	{"a descriptor", re(`(?i)(\b(?:fd|descriptor)[ =:]+)\d+\b`), "$1⟨fd⟩"},
	{"a temporary folder", re(`(/tmp/[\w.-]*?)\d{6,}`), "$1⟨n⟩"},
	{"a measured time", re(duration), "⟨time⟩"},
}

// padding is the blanks around a masked value: a column is as wide as its values.
var padding = re(` *(⟨[a-z]+⟩) *`)

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// apply masks text with the masks above, and with own, the masks of the cell.
func apply(text string, own []*regexp.Regexp) string {
	for _, pattern := range own {
		text = pattern.ReplaceAllLiteralString(text, "⟨masked⟩")
	}
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.as)
	}
	return padding.ReplaceAllString(text, "$1")
}

// masks compiles the cell's own masks. It accepts a mask that matches nothing, but
// refuses one that matches the empty text, because that would hide everything.
func (c *Cell) masks() ([]*regexp.Regexp, error) {
	value, there := c.Metadata["mask"]
	if !there {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("metadata.mask is %T, not a list of patterns", value)
	}
	var own []*regexp.Regexp
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("metadata.mask contains %v, which is not a pattern", item)
		}
		pattern, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("metadata.mask: %w", err)
		}
		if pattern.MatchString("") {
			return nil, fmt.Errorf("metadata.mask: %q matches the empty text", text)
		}
		own = append(own, pattern)
	}
	return own, nil
}
