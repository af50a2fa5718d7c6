// fetch_output.go: what `stepwise fetch` prints. Bodies arrive in any order, and are
// printed in the order of the arguments.

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"stepwise/pkg/fetch"
)

// output is standard output, which the URLs share.
//
// Invariants: slots before turn are printed and ended; slots[turn] writes straight
// to standard output; each slot after it writes to a file of its own.
type output struct {
	streams
	json     bool
	slots    []*slot
	turn     int
	failures int
	now      func() time.Duration
	progress *progressLine // nil if nobody looks
}

// slot is one URL's part of the output. Its body is written to it.
type slot struct {
	out   *output
	index int
	url   string
	sum   hash.Hash // of the body; with --json
	bytes int64
	// length is that of the whole body; -1 if it isn't known, or not yet.
	length int64
	file   *os.File // the part of the body that came before its turn; nil if none did
	last   func() error
}

func newOutput(s streams, urls []string, json bool, now func() time.Duration) *output {
	o := &output{streams: s, json: json, now: now}
	for i, url := range urls {
		o.slots = append(o.slots, &slot{out: o, index: i, url: url, sum: sha256.New(), length: -1})
	}
	if terminal := watched(s); terminal != nil {
		o.progress = &progressLine{terminal: terminal, out: o, marks: []mark{{at: now()}}}
		o.Err = o.progress // what is said there comes in between
	}
	return o
}

// outputError says that a body could not be printed. Then there is no point in
// fetching anything else.
type outputError struct{ error }

func (e *outputError) Error() string { return "print what was fetched: " + e.error.Error() }
func (e *outputError) Unwrap() error { return e.error }

// Write takes a part of the body.
func (s *slot) Write(p []byte) (n int, err error) {
	s.bytes += int64(len(p))
	if s.out.json {
		return s.sum.Write(p)
	}
	var to io.Writer = s.out.Out
	if s.out.turn != s.index {
		if s.file == nil {
			s.file, err = os.CreateTemp("", "stepwise-fetch-")
			if err != nil {
				return 0, &outputError{err}
			}
			_ = os.Remove(s.file.Name()) // the file is gone once it is closed, however we end
		}
		to = s.file
	}
	n, err = to.Write(p)
	if err != nil {
		err = &outputError{err}
	}
	return n, err
}

// writeHead writes the head of an answer; nothing with --json.
func (s *slot) writeHead(r *http.Response) error {
	if s.out.json {
		return nil
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "%s %s\n", r.Proto, r.Status)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			fmt.Fprintf(&head, "%s: %s\n", name, value)
		}
	}
	_, err := s.Write(append(shown(head.Bytes()), '\n'))
	return err
}

// end reports how the fetch ended, and prints the slots whose turn it is now.
func (s *slot) end(r *http.Response, err error, took time.Duration) error {
	s.last = func() error { return s.tell(r, err, took) }
	o := s.out
	for o.turn < len(o.slots) && o.slots[o.turn].last != nil {
		if err := o.slots[o.turn].last(); err != nil {
			return err
		}
		o.turn++
		if err := o.catchUp(); err != nil {
			return err
		}
	}
	return nil
}

// catchUp prints what the slot whose turn it is has put aside.
func (o *output) catchUp() error {
	if o.turn == len(o.slots) || o.slots[o.turn].file == nil {
		return nil
	}
	s := o.slots[o.turn]
	defer s.close()
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return &outputError{err}
	}
	if _, err := io.Copy(o.Out, s.file); err != nil {
		return &outputError{err}
	}
	return nil
}

func (s *slot) close() {
	if s.file != nil {
		_ = s.file.Close()
		s.file = nil
	}
}

func (o *output) close() {
	for _, s := range o.slots {
		s.close()
	}
	if o.progress != nil {
		o.progress.clear()
	}
}

// tell reports how the fetch of a URL ended.
func (s *slot) tell(r *http.Response, err error, took time.Duration) error {
	if err != nil {
		s.out.failures++
	}
	if s.out.json {
		return s.tellJSON(r, err, took)
	}
	switch {
	case err != nil:
		fmt.Fprintf(s.out.Err, "stepwise: %v%s\n", err, advice(err))
	case r.StatusCode/100 != 2:
		fmt.Fprintf(s.out.Err, "stepwise: fetch %s: the status is %q\n", r.Request.URL, r.Status)
	}
	return nil
}

// advice returns what to type, or "" if nothing helps.
func advice(err error) string {
	switch {
	case errors.Is(err, fetch.ErrDowngrade):
		return "; --redirect-to-http follows it"
	case errors.Is(err, fetch.ErrPrivate):
		return "; --redirect-to-private follows it"
	}
	return ""
}

func (s *slot) tellJSON(r *http.Response, err error, took time.Duration) error {
	line := struct {
		URL    string `json:"url"`
		Status int    `json:"status"`
		Bytes  int64  `json:"bytes"`
		SHA256 string `json:"sha256"`
		Error  string `json:"error"`
		MS     int64  `json:"ms"`
	}{URL: s.url, Bytes: s.bytes, MS: took.Milliseconds()}
	if err != nil {
		line.Error = err.Error()
	} else {
		line.Status, line.SHA256 = r.StatusCode, hex.EncodeToString(s.sum.Sum(nil))
	}
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := s.out.Out.Write(append(plain(data), '\n')); err != nil {
		return &outputError{err}
	}
	return nil
}

// shown returns a head that a terminal can't obey, as fetch's errors are.
func shown(head []byte) (out []byte) {
	for text := string(head); text != ""; {
		r, n := utf8.DecodeRuneInString(text)
		if (unicode.IsPrint(r) || r == '\n' || r == '\t') && (r != utf8.RuneError || n > 1) {
			out = append(out, text[:n]...)
		} else {
			quoted := strconv.Quote(text[:n])
			out = append(out, quoted[1:len(quoted)-1]...)
		}
		text = text[n:]
	}
	return out
}

// plain returns JSON with the same meaning, without characters that a terminal might
// obey: package json writes control characters beyond ASCII as they are.
func plain(data []byte) (out []byte) {
	for _, r := range string(data) {
		if unicode.IsPrint(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}
