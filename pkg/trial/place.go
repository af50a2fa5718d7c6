package trial

// Where in the learner's file the code panicked, or where it waits. Read check.go
// before it.
//
// A panic comes with its stack. For code that waits, the runtime lists the stacks
// of all goroutines, including those of suspended coroutines. The learner's
// functions are the ones in the packages of exercises/. A cell has no file, so for
// interpreted code there is no place to name.

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/probe"
)

// located is an error, and where the code was. Its text is the error's own, so that
// failures can be compared wherever they happened.
type located struct {
	error
	at string // "exercises/09_send/send.go:23, in Send"; "" if that isn't known
}

func (l *located) Unwrap() error { return l.error }

// placeOf is where err came from; "" if that isn't known.
func placeOf(err error) string {
	var l *located
	if errors.As(err, &l) && l.at != "" {
		return l.at
	}
	var panicked *coro.PanicError
	if errors.As(err, &panicked) {
		return placeIn(string(panicked.Stack))
	}
	return ""
}

// frame is a function of exercises/ in a stack, and the line that it reached.
var frame = regexp.MustCompile(`(?m)^stepwise/exercises/[^/\s.]+\.(\S+?)(?:\.func[\d.]+)?\(.*\)\n\t.*\b(exercises/[^:\n]+:\d+)`)

// placeIn is the innermost place in a stack that is the learner's; "" if none is.
func placeIn(stack string) string {
	if m := frame.FindStringSubmatch(stack); m != nil {
		return m[2] + ", in " + m[1]
	}
	return ""
}

// placesNow says where the learner's code is at this moment: in several places, if
// several tasks run it.
func placesNow() string {
	var places []string
	for stack := range strings.SplitSeq(probe.Stacks(), "\n\n") {
		if strings.Contains(stack, "testing.tRunner(") {
			continue // the test itself, which waits for us
		}
		if at := placeIn(stack); at != "" && !slices.Contains(places, at) {
			places = append(places, at)
		}
	}
	return strings.Join(places, "; and ")
}
