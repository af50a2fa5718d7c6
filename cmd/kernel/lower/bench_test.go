package lower_test

import (
	"fmt"
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/lower"
)

// BenchmarkLower measures what checking and lowering one cell adds to running it, in a
// session of 500 lines.
//
//	go test -run '^$' -bench Lower ./cmd/kernel/lower
func BenchmarkLower(b *testing.B) {
	const most = 10 // milliseconds; more would be felt
	s := check.NewSession()
	checked := func(code string) *check.Checked {
		c, wrong := s.Check(code, "In[1]")
		require.Empty(b, wrong)
		return c
	}
	s.Accept(checked("import (\n\t\"fmt\"\n\t\"net/http\"\n\t\"sync\"\n\n\t\"stepwise/pkg/loop\"\n)"))
	code := `type kind@ struct {
	sync.Mutex
	next  *kind@
	calls []func(*kind@) error
}

func (k *kind@) add(call func(*kind@) error) *kind@ {
	k.Lock()
	defer k.Unlock()
	k.calls = append(k.calls, call)
	return k
}

func (k *kind@) run() (n int, err error) {
	for i := range len(k.calls) {
		defer func() { n += i }()
		if err := k.calls[i](k); err != nil {
			return i, fmt.Errorf("call %d: %w", i, err)
		}
	}
	return 0, nil
}

k@ := &kind@{}
n@, err@ := k@.add(func(k *kind@) error { return nil }).run()
defer fmt.Println(n@, err@)`
	lines := 0
	for i := range 20 {
		s.Accept(checked(strings.ReplaceAll(code, "@", fmt.Sprint(i))))
		lines += strings.Count(code, "\n") + 1
	}
	code = strings.ReplaceAll(code, "@", "")
	var lowering time.Duration
	for b.Loop() {
		c := checked(code)
		begin := time.Now()
		lower.Cell(c, func(p token.Pos) token.Pos { return p })
		lowering += time.Since(begin)
	}
	b.ReportMetric(float64(lines), "lines")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/cell")
	b.ReportMetric(float64(lowering.Microseconds())/1000/float64(b.N), "ms/lowering")
	b.ReportMetric(most, "ms/allowed")
}
