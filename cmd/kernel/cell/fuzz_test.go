package cell

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzAsk: whatever is half written in a cell, Tab and Shift-Tab answer, with a place
// in it, and the session stays what it is.
func FuzzAsk(f *testing.F) {
	for _, code := range []string{"fmt.Pri", "b.", "func f(n int) { n.", "x := func() { x.", "$ ls\nfmt.", "type t struct { t }\nt{}.", "for i := range []int{1} { i.", "fmt.Println(`", "((((a.b.", "\xff.", "var x = x.", "import \"net\"\nnet.", "switch v := b.(type) { case int: v.", "/*", "a[b[c.", "<-b.", "goto x.", "macro x.", "~'x."} {
		f.Add(code, len(code))
	}
	s, err := New()
	require.NoError(f, err)
	runs(f, s, "import `fmt`\ntype box struct{ value int }\nfunc (b *box) Put(v int) {}\nb := &box{3}")
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		if len(code) > 2000 {
			return
		}
		_, start, end := s.Complete(code, cursor)
		require.True(t, 0 <= start && start <= end && end <= utf8.RuneCountInString(code), "%d to %d", start, end)
		s.Inspect(code, cursor)
		require.Equal(t, "3", runs(t, s, "b.value").Data["text/plain"])
	})
}
