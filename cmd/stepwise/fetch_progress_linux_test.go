package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

// screen is a terminal, with what the program has written to it.
type screen struct {
	program *os.File
	mu      sync.Mutex
	written string
	ended   chan struct{}
}

func newScreen(t *testing.T, columns uint16) *screen {
	user, program := newTerminal(t, columns)
	s := &screen{program: program, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		buffer := make([]byte, 4096)
		for {
			n, err := user.Read(buffer)
			s.mu.Lock()
			s.written += string(buffer[:n])
			s.mu.Unlock()
			if err != nil { // the program's end is closed
				return
			}
		}
	}()
	t.Cleanup(func() { _ = program.Close(); <-s.ended })
	return s
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written
}

// lines returns what a reader sees in the end, and how wide it ever was.
func (s *screen) lines() (lines []string, widest int) {
	_ = s.program.Close()
	<-s.ended
	row, column := []rune{}, 0
	for _, r := range s.written {
		switch r {
		case '\r':
			column = 0
		case '\n':
			lines, row = append(lines, strings.TrimRight(string(row), " ")), nil
		default:
			for len(row) <= column {
				row = append(row, ' ')
			}
			row[column] = r
			column++
			widest = max(widest, column)
		}
	}
	if rest := strings.TrimRight(string(row), " "); rest != "" {
		lines = append(lines, rest)
	}
	return lines, widest
}

// halves is a server whose pages have two MiB each. It holds the second half back until
// release is closed; /missing has none.
func halves(t *testing.T) (rawURL string, release chan struct{}) {
	release = make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.Error(w, "", http.StatusNotFound)
			return
		}
		if r.URL.Path != "/chunks" {
			w.Header().Set("Content-Length", "2097152")
		}
		half := make([]byte, 1<<20)
		_, _ = w.Write(half)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-release:
			_, _ = w.Write(half)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, release
}

// TestFetchProgress: on a terminal, a line shows how far a fetch has come; in the end it is
// gone.
func TestFetchProgress(t *testing.T) {
	for _, test := range []struct {
		name    string
		columns uint16
		paths   []string
		shows   []string // before the second half comes
		left    []string // in the end
	}{
		{"a file", 80, []string{"/"}, []string{"\r1.0 MiB of 2.0 MiB  50%  ", "/s  eta "}, nil},
		{"60 columns", 60, []string{"/"}, []string{"\r1.0 MiB of 2.0 MiB  50%  ", "/s  eta "}, nil},
		{"12 columns", 12, []string{"/"}, []string{"\r1.0 MiB of \r"}, nil},
		{"a width that isn't known", 0, []string{"/"}, []string{"\r1.0 MiB of 2.0 MiB  50%  "}, nil},
		{"no length", 80, []string{"/chunks"}, []string{"\r1.0 MiB  "}, nil},
		{"a message over it", 80, []string{"/", "/missing"}, []string{"\r1 of 2: 1.0 MiB of 2.0 MiB  50%  "},
			[]string{`stepwise: fetch URL/missing: the status is "404 Not Found"`}},
		{"three URLs and a message", 80, []string{"/missing", "/", "/"}, []string{"\r1 of 3: 2.0 MiB of 4.0 MiB  50%  "},
			[]string{`stepwise: fetch URL/missing: the status is "404 Not Found"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rawURL, release := halves(t)
			s := newScreen(t, test.columns)
			file := filepath.Join(t.TempDir(), "pages")
			args := []string{"fetch", "-o", file}
			for _, path := range test.paths {
				args = append(args, rawURL+path)
			}
			status := make(chan int, 1)
			go func() { status <- run(t.Context(), args, streams{Out: io.Discard, Err: s.program}) }()
			for _, shows := range test.shows {
				leaktest.Until(t, shows, func() bool { return strings.Contains(s.text(), shows) })
			}
			close(release)
			require.Equal(t, ok, <-status, s.text())
			lines, widest := s.lines()
			for i := range lines {
				lines[i] = strings.Replace(lines[i], rawURL, "URL", 1)
			}
			assert.Equal(t, test.left, lines)
			if test.columns > 0 && test.left == nil {
				assert.Less(t, widest, int(test.columns), "the last column stays free")
			}
			info, err := os.Stat(file)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, info.Size(), int64(2<<20))
		})
	}
	t.Run("after Ctrl-C", func(t *testing.T) {
		rawURL, _ := halves(t)
		s := newScreen(t, 80)
		ctx, cancel := context.WithCancel(t.Context())
		status := make(chan int, 1)
		go func() {
			status <- run(ctx, []string{"fetch", rawURL}, streams{Out: &strings.Builder{}, Err: s.program})
		}()
		leaktest.Until(t, "progress", func() bool { return strings.Contains(s.text(), "50%") })
		cancel()
		assert.Equal(t, failed, <-status)
		lines, _ := s.lines()
		assert.Equal(t, []string{"stepwise: stopped"}, lines)
	})
}

// TestFetchProgressLine: a line that is shorter than the one before leaves nothing of it.
func TestFetchProgressLine(t *testing.T) {
	s := newScreen(t, 80)
	one := &slot{bytes: 1000, length: 1 << 20}
	p := &progressLine{terminal: s.program, out: &output{slots: []*slot{one}, now: func() time.Duration { return 0 }}, marks: []mark{{}}}
	p.draw()
	one.length = -1
	p.draw()
	_, err := p.Write([]byte("a message\n"))
	require.NoError(t, err)
	p.draw()
	lines, _ := s.lines()
	assert.Equal(t, []string{"a message", "1000 B  0 B/s"}, lines)
}

// TestFetchWatched: who sees the progress.
func TestFetchWatched(t *testing.T) {
	_, terminal := newTerminal(t, 80)
	_, other := newTerminal(t, 80)
	defer terminal.Close()
	defer other.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	defer file.Close()
	for _, test := range []struct {
		name string
		s    streams
		want *os.File
	}{
		{"a terminal and a file", streams{Out: file, Err: terminal}, terminal},
		{"a terminal and a replacement", streams{Out: replacement{}, Err: terminal}, terminal},
		{"a terminal for both", streams{Out: terminal, Err: terminal}, nil},
		{"two terminals", streams{Out: other, Err: terminal}, nil},
		{"a terminal by -o", streams{Out: device{other}, Err: terminal}, nil},
		{"a terminal, and output that is dropped", streams{Out: io.Discard, Err: terminal}, nil},
		{"a file", streams{Out: file, Err: file}, nil},
		{"a file and a terminal", streams{Out: terminal, Err: file}, nil},
		{"no files", streams{Out: &strings.Builder{}, Err: &strings.Builder{}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, watched(test.s)) })
	}
}
