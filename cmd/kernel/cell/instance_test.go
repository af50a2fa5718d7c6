package cell

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/display"
)

// An instance of a generic type that has a name of its own is like any other type.
func TestNamedInstance(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import "stepwise/pkg/wait"`)
	runs(t, s, "type job struct{ n int }\nvar zero wait.Queue\nq := wait.NewQueue(1)\nvar same *wait.Queue = q\nerr := same.PutNowait(job{7})")
	value := runs(t, s, "v, _ := q.GetNowait()\n_ = zero.PutNowait(1)\nv.(job).n + zero.Len()")
	require.Equal(t, "8", value.Data[display.MIMETypeText])
}
