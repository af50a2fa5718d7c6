package stepwise

// Lesson 18 quotes what bench/ has measured:
//
//	go test -run Bench -update . && go run ./cmd/stepwise refresh 18
//
// takes it from bench/RESULTS.md; without -update the test holds the lesson against it.

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const lessonOfBench = "notebooks/18-fast.ipynb"

func TestBenchIsQuoted(t *testing.T) {
	results, err := os.ReadFile("bench/RESULTS.md")
	require.NoError(t, err)
	have, err := os.ReadFile(lessonOfBench)
	require.NoError(t, err)
	want := replaced(t, string(have), "<!-- bench -->", "<!-- end of bench -->", encoded(t, spaced(quoted(t, string(results)))))
	if *update {
		require.NoError(t, os.WriteFile(lessonOfBench, []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(have), "renew it: go test -run Bench -update . && go run ./cmd/stepwise refresh 18")
}

// quoted is where and when it was measured, and two tables.
func quoted(t *testing.T, results string) []string {
	measured := regexp.MustCompile(`(?m)^(Measured on [^;]*);.*(Medians of \d+ interleaved rounds)`).FindStringSubmatch(results)
	require.NotNil(t, measured)
	out := []string{measured[1] + ". " + measured[2] + ".", "",
		"| µs of processor time for an echo | 1 connection | 64 connections | 4096 connections | idle: bytes |", "|---|---|---|---|---|"}
	for _, who := range []string{"C, epoll", "C, io_uring", "stepwise", "Go net", "asyncio Protocol", "asyncio streams", "node"} {
		row := []string{who}
		for _, work := range []string{"echo 1×64", "echo 64×64", "echo 4096×64", "idle"} {
			row = append(row, median(t, results, work, who))
		}
		out = append(out, "| "+strings.Join(row, " | ")+" |")
	}
	out = append(out, "", "| µs of processor time | stepwise | goroutines | asyncio |", "|---|---|---|---|")
	for _, c := range []struct{ says, work, goroutines string }{
		{"one of 10,000 tasks gives way to the next", "switch", "Gosched"},
		{"a task begins and ends", "spawn", "goroutine"},
	} {
		out = append(out, fmt.Sprintf("| %s | %s | %s | %s |", c.says,
			median(t, results, c.work, "stepwise"), median(t, results, c.work, c.goroutines), median(t, results, c.work, "asyncio")))
	}
	return append(out, "", fmt.Sprintf("One loop that shares a core with its clients answers %s messages a second, and two loops on two cores answer %s.",
		median(t, results, "loops", "one loop, one core"), median(t, results, "loops", "two loops, two cores")))
}

// median is what was measured for who at work, as RESULTS.md writes it.
func median(t *testing.T, results, work, who string) string {
	_, section, found := strings.Cut(results, "\n### "+work+"\n")
	require.True(t, found, work)
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) > 2 && strings.TrimSpace(cells[1]) == who {
			number, _, _ := strings.Cut(strings.TrimSpace(cells[2]), " ")
			return number
		}
	}
	require.Fail(t, "nobody of this name", "%s: %s", work, who)
	return ""
}
