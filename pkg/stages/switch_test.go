package stages_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/stages"
)

func TestSwitches(t *testing.T) {
	for _, c := range []struct {
		name     string
		n        int
		measured bool
	}{
		{"a thousand turns", 1000, true},
		{"one turn", 1, true},
		{"no turn", 0, false},
		{"fewer than none", -1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer leaktest.Begin(t).End()
			switches := stages.Switches(c.n)
			require.Len(t, switches, len(stages.Ways()))
			for _, s := range switches {
				assert.NotEmpty(t, s.Name)
				assert.Equal(t, c.measured, s.Took > 0, s.Name)
			}
		})
	}
}

// What is measured is a switch: the two sides take turns, and no turn is left out.
func TestSwitchesAlternate(t *testing.T) {
	want := slices.Repeat([]string{"here", "there"}, 100)
	for name, alternate := range stages.Ways() {
		t.Run(name, func(t *testing.T) {
			defer leaktest.Begin(t).End()
			var got []string // the sides never run at once, so it needs no lock; -race would tell
			alternate(100, func() { got = append(got, "here") }, func() { got = append(got, "there") })
			assert.Equal(t, want, got)
		})
	}
}
