package debug

import (
	"reflect"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
)

// The functions below which the code of a task runs, and that of any other callback.
var (
	belowTask     = reflect.TypeFor[coro.Coro]().PkgPath() + ".(*Coro).run"
	belowCallback = reflect.TypeFor[loop.Loop]().PkgPath() + ".(*Loop).call"
)

// stuckAt says where the callback that keeps a loop is: its functions, each with its line,
// the outermost first. It is nil if that isn't certain, since two loops run something.
func stuckAt(inTask bool) []string {
	below := belowCallback
	if inTask {
		below = belowTask
	}
	var found []string
	for one := range strings.SplitSeq(probe.Stacks(), "\n\n") {
		if at := framesAbove(one, below); at != nil {
			if found != nil {
				return nil
			}
			found = at
		}
	}
	return found
}

// framesAbove lists the frames of a goroutine's dump that function below has called; nil if it
// isn't there, or the goroutine is a coroutine that pauses.
func framesAbove(dump, below string) (frames []string) {
	head, rest, _ := strings.Cut(dump, "\n")
	if strings.Contains(head, "[coroutine") {
		return nil
	}
	lines := strings.Split(rest, "\n")
	for i := 0; i+1 < len(lines); i += 2 { // a function with its arguments, and then its line
		name, _, _ := cutLast(lines[i], "(")
		if name == below {
			slices.Reverse(frames)
			return frames
		}
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
		if !probe.Interpreted(name) {
			frames = append(frames, probe.Short(name)+" at "+at)
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
