// fetch_progress.go: the line that shows on a terminal how far `stepwise fetch` has come.
// Read fetch_output.go first.

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// progressLine rewrites one line of a terminal. As a writer it makes room for a message there.
type progressLine struct {
	terminal *os.File
	out      *output
	drawn    int    // width of the line that is there
	marks    []mark // of the last seconds, the oldest first
}

// mark is how many bytes had come at a time.
type mark struct {
	at    time.Duration
	bytes int64
}

const (
	redrawn = 250 * time.Millisecond
	recent  = 5 * time.Second // the rate is that of this time
)

// watched returns the terminal to show progress on: standard error, unless the output
// goes to a terminal too, or nowhere.
func watched(s streams) *os.File {
	terminal, isFile := s.Err.(*os.File)
	if !isFile || !isTerminal(terminal) || isTerminal(s.Out) || s.Out == io.Discard {
		return nil
	}
	return terminal
}

func isTerminal(w io.Writer) bool {
	f, hasOne := w.(interface{ Fd() uintptr })
	return hasOne && term.IsTerminal(int(f.Fd()))
}

// run draws until it is canceled.
func (p *progressLine) run(yield coro.Yield) error {
	for {
		if err := task.Sleep(yield, redrawn); err != nil {
			return err
		}
		p.draw()
	}
}

// draw writes the line over what was there. The last column stays free: some terminals
// begin a new line there.
func (p *progressLine) draw() {
	width, _, err := term.GetSize(int(p.terminal.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	line := p.figures().String()
	line = line[:min(len(line), width-1)]
	fmt.Fprintf(p.terminal, "\r%-*s", min(p.drawn, width-1), line)
	p.drawn = len(line)
}

// clear removes the line.
func (p *progressLine) clear() {
	if p.drawn > 0 {
		fmt.Fprintf(p.terminal, "\r%s\r", strings.Repeat(" ", p.drawn))
		p.drawn = 0
	}
}

// Write clears the line and writes b.
func (p *progressLine) Write(b []byte) (int, error) {
	p.clear()
	return p.terminal.Write(b)
}

// figures are what the line says.
type figures struct {
	done, urls   int
	bytes, total int64 // total is -1 if it isn't known
	rate         int64 // bytes in a second
}

func (p *progressLine) figures() figures {
	f := figures{urls: len(p.out.slots)}
	for _, s := range p.out.slots {
		f.bytes += s.bytes
		length := s.length
		if s.last != nil {
			f.done++
			length = s.bytes
		}
		if length < 0 || f.total < 0 {
			f.total = -1
		} else {
			f.total += length
		}
	}
	f.rate = p.rate(f.bytes)
	return f
}

// rate notes how many bytes have come, and returns how many came in a second.
func (p *progressLine) rate(bytes int64) int64 {
	now := p.out.now()
	p.marks = append(p.marks, mark{now, bytes})
	for now-p.marks[0].at > recent {
		p.marks = p.marks[1:]
	}
	first := p.marks[0]
	if now == first.at {
		return 0
	}
	return int64(float64(bytes-first.bytes) / (now - first.at).Seconds())
}

// String is at most 59 characters long, unless there are a thousand URLs or more.
func (f figures) String() string {
	var b strings.Builder
	if f.urls > 1 {
		fmt.Fprintf(&b, "%d of %d: ", f.done, f.urls)
	}
	b.WriteString(size(f.bytes))
	if f.total > 0 {
		fmt.Fprintf(&b, " of %s  %d%%", size(f.total), int64(100*float64(f.bytes)/float64(f.total)))
	}
	fmt.Fprintf(&b, "  %s/s", size(f.rate))
	if f.total > 0 && f.rate > 0 {
		fmt.Fprintf(&b, "  eta %s", clock((f.total-f.bytes)/f.rate))
	}
	return b.String()
}

// size returns n bytes in at most eight characters.
func size(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	x, units := float64(n)/1024, []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for x >= 1023.5 {
		x, units = x/1024, units[1:]
	}
	if x < 9.95 {
		return fmt.Sprintf("%.1f %s", x, units[0])
	}
	return fmt.Sprintf("%.0f %s", x, units[0])
}

// clock returns seconds as a time left.
func clock(seconds int64) string {
	switch {
	case seconds < 3600:
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	case seconds < 100*3600:
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return "days"
}
