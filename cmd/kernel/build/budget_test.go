package build

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkBudget measures, through a real client, what a reader waits for. It
// compares with nothing: a slow machine is no fault of the kernel's.
//
//	go test -run '^$' -bench Budget -benchtime 1x ./cmd/kernel/build
//
// first-s: from the start of the kernel to the first result, in seconds; import-ms:
// the longest of the imports, each in a kernel that has not imported it, and
// NAME-ms each of those that the budget names; memory-MB: what the kernel holds after
// all of them; cell-ms: what a cell costs that does nothing, the median of 200.
func BenchmarkBudget(b *testing.B) {
	var paths []string
	for _, p := range tabled(b) {
		if strings.HasPrefix(p, "stepwise/pkg/") {
			paths = append(paths, p)
		}
	}
	named := []string{"net", "net/http", "syscall", "golang.org/x/sys/unix"}
	paths = append(named, paths...)
	steps := []step{{Code: "1 + 1"}}
	for _, p := range paths {
		steps = append(steps, step{Code: `import _ "` + p + `"`})
	}
	const cells = 200
	for range cells {
		steps = append(steps, step{Code: "1"})
	}
	for b.Loop() {
		s := play(b, steps)
		require.Equal(b, "2", s.Steps[0].value("text/plain"))
		b.ReportMetric(s.Ready+s.Steps[0].Seconds, "first-s")
		var longest float64
		for i, p := range paths {
			milliseconds := s.Steps[1+i].Seconds * 1000
			longest = max(longest, milliseconds)
			if i < len(named) {
				b.ReportMetric(milliseconds, path.Base(p)+"-ms")
			}
		}
		b.ReportMetric(longest, "import-ms")
		b.ReportMetric(float64(s.Memory)/1000, "memory-MB")
		var seconds []float64
		for _, one := range s.Steps[1+len(paths):] {
			seconds = append(seconds, one.Seconds)
		}
		slices.Sort(seconds)
		b.ReportMetric(seconds[cells/2]*1000, "cell-ms")
		b.ReportMetric(0, "ns/op") // of the whole session: says nothing
	}
}
