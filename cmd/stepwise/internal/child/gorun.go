// gorun.go: `go run ./cmd/stepwise` puts a go command between the shell and
// this program. It passes no SIGTERM on: killed, it leaves this program, and
// Jupyter under it, running where nobody sees them. Read child.go first.

package child

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// WithParent returns a context that ends with ctx, and also when this program
// was started by `go run` and that go command is gone. Started by anything
// else it watches nothing: a shell may well leave and let us go on (nohup).
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

// ByGoRun reports whether `go run` started this program: then no program of its
// name is on PATH.
func ByGoRun() bool { return isGo(os.Getppid()) }

// isGo reports whether pid is a go command. Where there is no /proc it says no.
func isGo(pid int) bool {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return err == nil && strings.TrimSpace(string(name)) == "go"
}
