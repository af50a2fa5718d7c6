package player

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/probe"
)

// If a loop is made in one cell and run in another, what it does is shown after the
// second.
func TestTrace(t *testing.T) {
	lesson := sample(code("import (\"stepwise/pkg/coro\"; \"stepwise/pkg/loop\"; \"stepwise/pkg/task\")"),
		code("l, err := loop.New(loop.Options{})"),
		code("task.Run(l, func(yield coro.Yield) (any, error) { return 1, task.Checkpoint(yield) })"),
		code("l.Close()"))
	cases := []struct {
		name, keys string
		shown      []string
		not        string
	}{
		{"nobody is asked: one picture", "a\n", []string{"Sequence: who called whom"}, "Step 1 of"},
		{"step by step, to the end", "\n\n\n" + strings.Repeat("\n", 40), []string{"Step 1 of", "Step 2 of", "ready queue: "}, "Sequence:"},
		{"the rest is skipped", "\n\n\n\nq\n\n", []string{"Step 1 of", "Step 2 of"}, "Step 3 of"},
		{"a key that means nothing asks again", "\n\n\nx\n\nq\n\n", []string{"Step 1 of", "Step 2 of"}, "Step 3 of"},
		{"to the next yield", "\n\n\ny\nq\n\n", []string{"Step 1 of", "yield"}, "Step 2 of"},
		{"to a task's next step", "\n\n\n1\nq\n\n", []string{"Step 1 of", "task 1: runs"}, "Step 2 of"},
		{"to the end", "\n\n\ne\n\n", []string{"Step 1 of", "futures pending: none"}, "Step 2 of"},
		{"to the next sleep, and there is none", "\n\n\ns\n\n", []string{"Step 1 of", "futures pending: none"}, "Step 2 of"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			p := &Player{In: strings.NewReader(c.keys), Out: &out, Width: 80, Trace: true}
			require.NoError(t, p.Play(lesson))
			for _, part := range c.shown {
				assert.Contains(t, out.String(), part)
			}
			assert.NotContains(t, out.String(), c.not)
			assert.Nil(t, probe.Watch(nil, nil), "it ends with the lesson")
		})
	}
	t.Run("without --trace there is nothing", func(t *testing.T) {
		var out strings.Builder
		require.NoError(t, (&Player{Out: &out, Width: 80}).Play(lesson))
		assert.NotContains(t, out.String(), "Step.begin")
	})
}
