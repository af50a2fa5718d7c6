//go:build stepwise_kernel

package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"stepwise/cmd/kernel/display"
)

func TestCutShort(t *testing.T) {
	rows := []struct {
		name, text string
		bytes      int
	}{
		{"nothing", "", 0},
		{"letters", "ab", 0},
		{"a whole character", "a☃", 0},
		{"its first byte", "a\xe2", 1},
		{"its first two", "a\xe2\x98", 2},
		{"three of four", "\xf0\x9f\x98", 3},
		{"its last byte alone, which will never be whole", "\x83", 0},
		{"a byte of no character", "a\xff", 0},
		{"more of them than a character has", "\x83\x83\x83\x83", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { assert.Equal(t, row.bytes, cutShort([]byte(row.text))) })
	}
}

// A stream arrives whole: no character is torn between two messages, whatever their
// size, and one that has been begun waits for its end.
func TestStreams(t *testing.T) {
	rows := []struct {
		name  string
		parts []string // each is flushed
		want  []string // messages; nil: as many as it takes
	}{
		{"a character in two parts", []string{"a\xe2", "\x98\x83b"}, []string{"a", "☃b"}},
		{"bytes that are no text", []string{"a\xffb"}, []string{"a\uFFFDb"}},
		{"more than a message holds", []string{strings.Repeat("☃", chunk/3)}, []string{strings.Repeat("☃", chunk/3)}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t)
			cell := r.cell("")
			r.output.begin(&cell, false)
			for _, part := range row.parts {
				fmt.Print(part)
				r.output.flush()
			}
			var got []string
			for _, s := range r.take() {
				text := s.content["text"].(string)
				assert.True(t, utf8.ValidString(text))
				got = append(got, text)
			}
			assert.Equal(t, row.want, got)
		})
	}
}

func TestShowBeforeTheFirstCell(t *testing.T) {
	r := newRig(t)
	assert.ErrorContains(t, r.output.Show(display.Data{}), "before the first cell")
	fmt.Print("dropped")
	cell := r.cell("")
	r.output.begin(&cell, false)
	assert.Empty(t, r.take(), "what was printed before a cell belongs to none")
	assert.NoError(t, r.output.Update(display.MakeData("text/plain", "new")))
	assert.Equal(t, []string{"iopub update_display_data"}, lines(r.take()))
}
