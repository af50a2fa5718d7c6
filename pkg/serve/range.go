package serve

// Which part of a file a client wants, and on which conditions.

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var errNoSuchRange = errors.New("no byte of the file is in that range")

// version is what a client compares its copy with.
type version struct {
	tag      string    // two versions differ in it, unless they have one length and one time of the disk's clock
	modified time.Time // UTC
	date     string    // modified, for a header
}

func versionOf(info fs.FileInfo) version {
	modified := info.ModTime().UTC()
	return version{fmt.Sprintf(`"%x-%x"`, modified.UnixNano(), info.Size()), modified, modified.Format(http.TimeFormat)}
}

// condition is the status that r's conditions ask for instead of the file, in the order of
// RFC 9110, 13.2.2; otherwise 0. A date counts only if there is no tag to compare, since
// it has only whole seconds. An invalid date doesn't count at all.
func (v version) condition(r *http.Request) int {
	since := func(name string) (after, ok bool) {
		date := joined(r, name)
		if date == "" { // to say that this is no date costs more than the rest
			return false, false
		}
		t, err := http.ParseTime(date)
		return v.modified.Truncate(time.Second).After(t), err == nil
	}
	if tags := joined(r, "If-Match"); tags != "" {
		if !v.isAmong(tags, false) {
			return http.StatusPreconditionFailed
		}
	} else if changed, ok := since("If-Unmodified-Since"); ok && changed {
		return http.StatusPreconditionFailed
	}
	if tags := joined(r, "If-None-Match"); tags != "" {
		if v.isAmong(tags, true) {
			return http.StatusNotModified
		}
	} else if changed, ok := since("If-Modified-Since"); ok && !changed {
		return http.StatusNotModified
	}
	return 0
}

// isAmong looks for the tag in a list, and for "*", which means any. A weak tag, W/"…",
// may stand for more than one version.
func (v version) isAmong(tags string, weak bool) bool {
	for t := range strings.SplitSeq(tags, ",") {
		t = strings.TrimSpace(t)
		if weak {
			t = strings.TrimPrefix(t, "W/")
		}
		if t == "*" || t == v.tag {
			return true
		}
	}
	return false
}

// part is the part of a file that is sent.
type part struct {
	start, length int64
	partial       bool
}

// part is the part of a file of size bytes that r asks for (RFC 9110, 14): one range, for a
// GET; the whole file for several ranges, for an invalid one, for an empty file, and if
// the file is no longer that of If-Range. The error is errNoSuchRange if the range is
// outside the file.
func (v version) part(r *http.Request, size int64) (part, error) {
	whole := part{0, size, false}
	unit, spec, ok := strings.Cut(joined(r, "Range"), "=")
	if !ok || !strings.EqualFold(unit, "bytes") || r.Method != http.MethodGet || size == 0 {
		return whole, nil
	}
	if since := joined(r, "If-Range"); since != "" && since != v.tag && since != v.date {
		return whole, nil
	}
	from, to, ok := strings.Cut(strings.Trim(spec, ", \t"), "-") // a list may have empty elements
	first, firstOK := number(from)
	last, lastOK := number(to)
	switch {
	case !ok || !firstOK && from != "" || !lastOK && to != "" || from == "" && to == "" || firstOK && lastOK && last < first:
		return whole, nil // an invalid range, or several: a comma is in no number
	case !firstOK: // the last bytes, as many as it says
		first, last = size-min(last, size), size-1
	case !lastOK:
		last = size - 1
	}
	if first >= size {
		return part{}, errNoSuchRange
	}
	return part{first, min(last, size-1) - first + 1, true}, nil
}

// number reads digits, and nothing else. A number that overflows is larger than any file.
func number(s string) (int64, bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64) // if it overflows, it is the largest
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
