package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkCheck measures what checking one cell adds to running it, in a session of 500
// lines: 25 cells with a type, its methods, a function and variables each.
//
//	go test -run '^$' -bench Check ./cmd/kernel/check
func BenchmarkCheck(b *testing.B) {
	s := newSession(b)
	accept := func(code string) {
		c, wrong := s.Check(code, "In[1]")
		require.Empty(b, wrong)
		s.Accept(c)
	}
	accept("import (\n\t\"errors\"\n\t\"fmt\"\n\t\"net/http\"\n\t\"strings\"\n\t\"time\"\n\n\t\"stepwise/pkg/loop\"\n\t\"stepwise/pkg/sock\"\n)")
	lines := 0
	for i := range 25 {
		code := strings.ReplaceAll(`type kind@ struct {
	name  string
	next  *kind@
	calls []func(*kind@) error
	s     *sock.Socket
}

func (k *kind@) add(call func(*kind@) error) *kind@ {
	k.calls = append(k.calls, call)
	return k
}

func run@(k *kind@) error {
	for _, call := range k.calls {
		if err := call(k); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return errors.New(strings.ToUpper("none"))
}

v@, t@ := &kind@{name: "a"}, time.Now()
e@ := run@(v@)`, "@", fmt.Sprint(i))
		lines += strings.Count(code, "\n") + 1
		accept(code)
	}
	for b.Loop() {
		_, wrong := s.Check("w := v3.add(func(k *kind3) error { return run3(k) })\nl, err := loop.New(loop.Options{})\nfmt.Println(w.name, err, http.StatusOK)\nl", "In[99]")
		require.Empty(b, wrong)
	}
	b.ReportMetric(float64(lines), "lines")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/cell")
}
