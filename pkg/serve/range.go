package serve

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var errNoSuchRange = errors.New("no byte of the file is in that range")

// part is what of a file is sent.
type part struct {
	start, length int64
	partial       bool
}

// chosen is the part of a file of size bytes that r asks for (RFC 9110, 14): one range
// of a GET; the whole for several, for what is no range, and if the file isn't that of
// If-Range any more. errNoSuchRange if nothing of the file lies in it.
func chosen(r *http.Request, size int64, tag string, modified time.Time) (part, error) {
	whole := part{0, size, false}
	spec, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes=")
	if !ok || r.Method != http.MethodGet {
		return whole, nil
	}
	if since := r.Header.Get("If-Range"); since != "" && since != tag && since != modified.Format(http.TimeFormat) {
		return whole, nil
	}
	from, to, ok := strings.Cut(strings.TrimSpace(spec), "-")
	first, firstOK := number(from)
	last, lastOK := number(to)
	switch {
	case !ok || !firstOK && from != "" || !lastOK && to != "" || from == "" && to == "" || firstOK && lastOK && last < first:
		return whole, nil // no range at all, or several: a comma is in no number
	case !firstOK: // the last so many
		first, last = size-min(last, size), size-1
	case !lastOK:
		last = size - 1
	}
	if first >= size {
		return part{}, errNoSuchRange
	}
	return part{first, min(last, size-1) - first + 1, true}, nil
}

// number is digits alone. One that is too large is larger than every file.
func number(s string) (int64, bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64) // past the range it is the largest
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}

// unchanged reports whether r has a copy that is still good (RFC 9110, 13.1). The date
// counts only where there is no tag to compare: it has whole seconds.
func unchanged(r *http.Request, tag string, modified time.Time) bool {
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		for t := range strings.SplitSeq(tags, ",") {
			if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !modified.Truncate(time.Second).After(since)
}
