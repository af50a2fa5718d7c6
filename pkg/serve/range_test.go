package serve

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// asking sends header with a GET of path. TAG, DATE, EARLIER and LATER stand for the tag
// of a.txt, its date, and dates around it.
func (s *site) asking(path, header string) (*http.Response, string) {
	a, _ := s.one("HEAD /a.txt HTTP/1.1\r\nHost: h\r\n\r\n")
	header = strings.NewReplacer("TAG", a.Header.Get("ETag"), "DATE", modified.Format(http.TimeFormat),
		"EARLIER", modified.Add(-time.Second).Format(http.TimeFormat), "LATER", modified.Add(time.Hour).Format(http.TimeFormat)).Replace(header)
	return s.one("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n")
}

func TestRanges(t *testing.T) {
	s := files(t, folder(t))
	cases := []struct {
		name, path, header string
		status             int
		body               string // "*": any
		want               string // a header of the answer
	}{
		{"a range", "/a.txt", "Range: bytes=2-4", 206, "234", "Content-Range: bytes 2-4/10"},
		{"a range's length", "/a.txt", "Range: bytes=2-4", 206, "234", "Content-Length: 3"},
		{"one byte", "/a.txt", "Range: bytes=9-9", 206, "9", "Content-Range: bytes 9-9/10"},
		{"from there on", "/a.txt", "Range: bytes=7-", 206, "789", "Content-Range: bytes 7-9/10"},
		{"beyond the end", "/a.txt", "Range: bytes=7-99999999999999999999", 206, "789", "Content-Range: bytes 7-9/10"},
		{"the last three", "/a.txt", "Range: bytes=-3", 206, "789", "Content-Range: bytes 7-9/10"},
		{"the last hundred", "/a.txt", "Range: bytes=-100", 206, "0123456789", "Content-Range: bytes 0-9/10"},
		{"the last none", "/a.txt", "Range: bytes=-0", 416, "*", "Content-Range: bytes */10"},
		{"behind the end", "/a.txt", "Range: bytes=10-", 416, "*", "Content-Range: bytes */10"},
		{"far behind the end", "/a.txt", "Range: bytes=99999999999999999999-", 416, "*", "Content-Range: bytes */10"},
		{"of an empty file", "/empty", "Range: bytes=0-", 200, "", "Content-Length: 0"},
		{"the last five of an empty file", "/empty", "Range: bytes=-5", 200, "", "Content-Length: 0"},
		{"behind the end of an empty file", "/empty", "Range: bytes=5-", 200, "", ""},
		{"one beside nothing", "/a.txt", "Range: bytes= ,2-4, ", 206, "234", ""},
		{"the unit in capitals", "/a.txt", "Range: BYTES=2-4", 206, "234", ""},
		{"two on two lines are the whole", "/a.txt", "Range: bytes=0-1\r\nRange: bytes=3-4", 200, "0123456789", ""},
		{"a range of another tag on another line", "/a.txt", "Range: bytes=2-4\r\nIf-Range: TAG\r\nIf-Range: \"x\"", 200, "0123456789", ""},
		{"a range of that tag", "/a.txt", "Range: bytes=-1\r\nIf-Range: TAG", 206, "9", ""},
		{"a range of that tag, as a weak one", "/a.txt", "Range: bytes=-1\r\nIf-Range: W/TAG", 200, "0123456789", ""},
		{"If-Range without a range", "/a.txt", "If-Range: TAG", 200, "0123456789", ""},
		{"several are the whole", "/a.txt", "Range: bytes=0-1,3-4", 200, "0123456789", ""},
		{"backwards is no range", "/a.txt", "Range: bytes=4-2", 200, "0123456789", ""},
		{"signs are no range", "/a.txt", "Range: bytes=+1-+2", 200, "0123456789", ""},
		{"nothing is no range", "/a.txt", "Range: bytes=-", 200, "0123456789", ""},
		{"no dash is no range", "/a.txt", "Range: bytes=5", 200, "0123456789", ""},
		{"another unit", "/a.txt", "Range: lines=0-1", 200, "0123456789", ""},
		{"a part of a large one", "/big", "Range: bytes=1000000-2999999", 206, string(faulty.Pattern(3 << 20)[1_000_000:3_000_000]), ""},
		{"a range of that date", "/a.txt", "Range: bytes=2-4\r\nIf-Range: DATE", 206, "234", ""},
		{"a range of another date", "/a.txt", "Range: bytes=2-4\r\nIf-Range: EARLIER", 200, "0123456789", ""},
		{"a range of another tag", "/a.txt", "Range: bytes=2-4\r\nIf-Range: \"x\"", 200, "0123456789", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, body := s.asking(c.path, c.header)
			assert.Equal(t, c.status, a.StatusCode)
			assert.True(t, c.body == "*" || c.body == body, "got %d bytes: %.40q", len(body), body)
			name, value, _ := strings.Cut(c.want, ": ")
			assert.Equal(t, value, a.Header.Get(name))
		})
	}
}

func TestConditions(t *testing.T) {
	s := files(t, folder(t))
	cases := []struct {
		name, header string
		status       int
	}{
		{"unchanged", "If-Modified-Since: DATE", 304},
		{"unchanged for long", "If-Modified-Since: LATER", 304},
		{"changed", "If-Modified-Since: EARLIER", 200},
		{"a date that is none", "If-Modified-Since: yesterday", 200},
		{"another tag beats the date", "If-None-Match: \"x\"\r\nIf-Modified-Since: DATE", 200},
		{"any tag", "If-None-Match: *", 304},
		{"its tag", "If-None-Match: TAG", 304},
		{"its tag behind another, as a weak one", "If-None-Match: \"x\", W/TAG", 304},
		{"its tag on a second line", "If-None-Match: \"x\"\r\nIf-None-Match: TAG", 304},
		{"other tags on two lines", "If-None-Match: \"x\"\r\nIf-None-Match: \"y\"", 200},
		{"two dates are none", "If-Modified-Since: DATE\r\nIf-Modified-Since: DATE", 200},

		{"still the one that you have", "If-Match: TAG", 200},
		{"still one of those that you have", "If-Match: \"x\"\r\nIf-Match: TAG", 200},
		{"still there", "If-Match: *", 200},
		{"not the one that you have", "If-Match: \"x\"", 412},
		{"a weak tag may be of another", "If-Match: W/TAG", 412},
		{"not changed since", "If-Unmodified-Since: DATE", 200},
		{"not changed for long", "If-Unmodified-Since: LATER", 200},
		{"changed since", "If-Unmodified-Since: EARLIER", 412},
		{"not changed since a date that is none", "If-Unmodified-Since: yesterday", 200},

		{"order: If-Match beats the date, and holds", "If-Match: TAG\r\nIf-Unmodified-Since: EARLIER", 200},
		{"order: If-Match beats the date, and fails", "If-Match: \"x\"\r\nIf-Unmodified-Since: LATER", 412},
		{"order: If-Match ahead of If-None-Match", "If-Match: \"x\"\r\nIf-None-Match: TAG", 412},
		{"order: both hold", "If-Match: TAG\r\nIf-None-Match: TAG", 304},
		{"order: the dates of both", "If-Unmodified-Since: EARLIER\r\nIf-Modified-Since: LATER", 412},
		{"order: not changed since, and the tag is known", "If-Unmodified-Since: DATE\r\nIf-None-Match: TAG", 304},
		{"order: ahead of a range", "If-Match: \"x\"\r\nRange: bytes=2-4", 412},
		{"order: changed since, ahead of a range", "If-Unmodified-Since: EARLIER\r\nRange: bytes=2-4", 412},
		{"order: ahead of a range that is behind the end", "If-Match: \"x\"\r\nRange: bytes=10-", 412},
		{"order: ahead of a range and its If-Range", "If-Match: \"x\"\r\nRange: bytes=2-4\r\nIf-Range: TAG", 412},
		{"order: known, ahead of a range", "If-None-Match: TAG\r\nRange: bytes=2-4", 304},
		{"order: a range of the one that you have", "If-Match: TAG\r\nRange: bytes=2-4", 206},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, body := s.asking("/a.txt", c.header)
			assert.Equal(t, c.status, a.StatusCode)
			assert.NotEmpty(t, a.Header.Get("ETag"), "which one is there now")
			if c.status >= 300 {
				assert.NotContains(t, body, "234")
			}
		})
	}
	t.Run("a resumed download of a file that was replaced", func(t *testing.T) {
		dir := t.TempDir()
		name := filepath.Join(dir, "a.txt")
		require.NoError(t, os.WriteFile(name, []byte("0123456789"), 0o644))
		s := files(t, dir)
		first, _ := s.one("GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=0-4\r\n\r\n")
		require.NoError(t, os.Chtimes(name, time.Time{}, modified))
		rest, _ := s.one("GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=5-\r\nIf-Match: " + first.Header.Get("ETag") + "\r\n\r\n")
		assert.Equal(t, 412, rest.StatusCode)
	})
}

// both is what we and net/http answer to r for a file that holds content: status and
// body, without the words of an error.
func both(t *testing.T, r *http.Request, content string) (ours, theirs string) {
	v := version{`"1"`, modified, modified.Format(http.TimeFormat)}
	status, sent := v.condition(r), ""
	if status == 0 {
		p, err := v.part(r, int64(len(content)))
		status, sent = 200, content[p.start:p.start+p.length]
		switch {
		case err != nil:
			status, sent = 416, ""
		case p.partial:
			require.NotEmpty(t, sent)
			status = 206
		}
	}
	w := httptest.NewRecorder()
	w.Header().Set("ETag", v.tag)
	http.ServeContent(w, r, "a.txt", v.modified, strings.NewReader(content))
	if w.Code >= 300 {
		w.Body.Reset()
	}
	return fmt.Sprintf("%d %q", status, sent), fmt.Sprintf("%d %q", w.Code, w.Body)
}

// TestConditionsAgree tries every mixture of conditions and ranges.
func TestConditionsAgree(t *testing.T) {
	day := func(d time.Duration) string { return modified.Add(d).Format(http.TimeFormat) }
	tags := []string{"", `"1"`, `W/"1"`, `"x"`, `"x", "1"`, "*"}
	dates := []string{"", day(-time.Hour), day(0), day(time.Hour)}
	fields := []struct {
		name   string
		values []string
	}{
		{"If-Match", tags}, {"If-Unmodified-Since", dates}, {"If-None-Match", tags}, {"If-Modified-Since", dates},
		{"If-Range", []string{"", `"1"`, `W/"1"`, `"x"`, day(0), day(time.Hour)}}, {"Range", []string{"", "bytes=2-4", "bytes=-3", "bytes=20-"}},
	}
	r := httptest.NewRequest("GET", "/", nil)
	mixtures := 0
	var mix func(i int)
	mix = func(i int) {
		if i == len(fields) {
			mixtures++
			for _, content := range []string{"", "0123456789"} {
				ours, theirs := both(t, r, content)
				if theirs != `206 ""` { // "bytes 0--1/0" is no range
					require.Equal(t, theirs, ours, "%q", r.Header)
				}
			}
			return
		}
		for _, value := range fields[i].values {
			r.Header.Del(fields[i].name)
			if value != "" {
				r.Header.Set(fields[i].name, value)
			}
			mix(i + 1)
		}
		r.Header.Del(fields[i].name)
	}
	mix(0)
	require.Equal(t, 6*4*6*4*6*4, mixtures)
}
