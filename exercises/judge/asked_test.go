package judge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Who tests exercises alone asks for them; who tests the whole course doesn't.
func TestWhoAsksForExercises(t *testing.T) {
	cases := []struct {
		name, args string
		want       bool
	}{
		{"one", "go test ./exercises/09_send", true},
		{"one, with a hint", "go test ./exercises/09_send -hint 1", true},
		{"all of them", "go test -count=1 ./exercises/...", true},
		{"one from another folder", "go test ../exercises/09_send", true},
		{"one by its import path", "go test stepwise/exercises/09_send", true},
		{"one by some of its cases", "go test -run TestSend/W01 ./exercises/09_send", true},
		{"the whole course", "go test ./...", false},
		{"every package by name", "go test -race stepwise stepwise/exercises/09_send stepwise/pkg/sock", false},
		{"an exercise beside another package", "go test ./exercises/09_send ./pkg/sock", false},
		{"this folder", "go test", false},
		{"a flag that mentions them", "go test -overlay=/tmp/exercises/x.json ./...", false},
		{"no go at all", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, onlyExercises(strings.Fields(c.args))) })
	}
}
