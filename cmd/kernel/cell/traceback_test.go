package cell

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A panic says at which lines of which cells it happened.
func TestTraceback(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (\"sort\"; \"fmt\")\n\nfunc third(xs []int) int {\n\treturn xs[3]\n}\n\nfunc down(n int) {\n\tif n == 0 {\n\t\tpanic(\"deep\")\n\t}\n\tdown(n - 1)\n}\n\nfunc first(xs []int) int {\n\tfor i := range xs {\n\t\treturn third(xs[:i])\n\t}\n\treturn 0\n}")
	cases := []struct{ name, cell, where string }{
		{"a statement", "x := 1\nvar xs []int\nxs[x]", "at In[7]:3"},
		{"a function of an earlier cell", "third(nil)", "at In[1]:4, called at In[7]:1"},
		{"through a block of a loop", "\nfirst([]int{1})", "at In[1]:4, called at In[1]:16, called at In[7]:2"},
		{"a recursion is told once", "down(20)", "at In[1]:9, called at In[1]:11, called at In[7]:1"},
		{"a function literal that compiled code calls", "sort.Slice([]int{1, 2}, func(i, j int) bool {\n\tpanic(fmt.Sprint(\"no\"))\n})", "at In[7]:2, called at In[7]:1"},
		{"compiled code", "fmt.Println(1)\nsort.Slice(3, nil)", "at In[7]:2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _ = printed(t, "", func() {
				result := s.Run(c.cell, 7)
				if assert.NotNil(t, result.Failure) {
					assert.Contains(t, result.Failure.String()+"\n", "\n"+c.where)
				}
			})
		})
	}
	t.Run("what is recovered leaves nothing behind", func(t *testing.T) {
		runs(t, s, "func() {\n\tdefer func() { recover() }()\n\tdown(3)\n}()")
		result := s.Run("\n\nthird(nil)", 8)
		assert.Contains(t, result.Failure.String(), "\nat In[1]:4, called at In[8]:3\n")
	})
}
