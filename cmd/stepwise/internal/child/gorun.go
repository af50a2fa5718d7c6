// gorun.go: `go run ./cmd/stepwise` puts a go command between the shell and this
// program. The go command doesn't pass SIGTERM on: if it is killed, this program and
// its Jupyter keep running unseen. Read child.go first.

package child

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// WithParent returns a context that ends with ctx. If `go run` started this program,
// the context also ends when that go command is gone. It doesn't watch any other
// parent: a shell may end and leave this program running on purpose (nohup).
func WithParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	if !isGo(parent) {
		return ctx, cancel
	}
	go func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for os.Getppid() == parent {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
		cancel()
	}()
	return ctx, cancel
}

// ByGoRun reports whether `go run` started this program. If so, no program of its
// name may be on PATH.
func ByGoRun() bool { return isGo(os.Getppid()) }

// isGo reports whether pid is a go command. Without /proc it returns false.
func isGo(pid int) bool {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return err == nil && strings.TrimSpace(string(name)) == "go"
}
