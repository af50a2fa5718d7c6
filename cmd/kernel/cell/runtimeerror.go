package cell

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/cosmos72/gomacro/fast"
)

// gomacro reaches most values by reflection, which panics in its own words, and sometimes
// with a text where Go has an error.

// A runtimeError is what Go's runtime panics with.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (runtimeError) RuntimeError() {}

// An assertionError is what Go panics with when a value has another type than the one
// asserted.
type assertionError string

func (e assertionError) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error.
func (assertionError) RuntimeError() {}

// nilPanic is what a cell panics with where Go would with nil. The interpreter panics with
// nil where a goroutine that has deferred calls ends by runtime.Goexit.
type nilPanic struct{}

func (nilPanic) Error() string { return new(runtime.PanicNilError).Error() }

// panicking is what to panic with.
func panicking(v any) any {
	if v == nil {
		return nilPanic{}
	}
	return v
}

// isGoexit reports whether what was recovered stands for the end of the goroutine.
func isGoexit(recovered any) bool {
	_, ok := recovered.(*runtime.PanicNilError)
	return ok
}

// reflections are the texts that reflection panics with, and Go's for the same.
var reflections = []struct {
	says *regexp.Regexp
	is   runtimeError
}{
	{regexp.MustCompile(`^reflect: (slice|array|string) index out of range`), "index out of range"},
	{regexp.MustCompile(`^reflect\.Value\.Slice3?: `), "slice bounds out of range"},
	{regexp.MustCompile(`^reflect\.MakeSlice: .*len`), "makeslice: len out of range"},
	{regexp.MustCompile(`^reflect\.MakeSlice: .*cap`), "makeslice: cap out of range"},
	{regexp.MustCompile(`^reflect: call of \S+ on zero Value|^reflect: call of reflect\.Value\.\S+ on (ptr|interface) Value|reflect: \S*[cC]all.* nil`), "invalid memory address or nil pointer dereference"},
	{regexp.MustCompile(`^reflect: Method on nil interface value`), "invalid memory address or nil pointer dereference"},
	{regexp.MustCompile(`^runtime error: negative shift amount`), "negative shift amount"},
	{regexp.MustCompile(`^reflect: indirection through nil pointer`), "invalid memory address or nil pointer dereference"},
}

// recovered is what Go's recover returns. At the end of a goroutine that is nil.
func recovered(v any) any {
	if isGoexit(v) {
		return nil
	}
	return goError(v)
}

// goError is what Go would have panicked with.
func goError(recovered any) any {
	var text string
	switch v := recovered.(type) {
	case string:
		text = v
	case nilPanic:
		return new(runtime.PanicNilError)
	case error:
		if e, ok := v.(*fast.TypeAssertionError); ok {
			return notAsserted(e)
		}
		if runtimeErr := runtime.Error(nil); errors.As(v, &runtimeErr) {
			if assertion.MatchString(v.Error()) {
				return assertionError(goTypes(v.Error()))
			}
			return recovered
		}
		text = v.Error()
	default:
		return recovered
	}
	if found := toArray.FindStringSubmatch(text); found != nil {
		return runtimeError("cannot convert slice with length " + found[1] + " to array or pointer to array with length " + found[2])
	}
	for _, r := range reflections {
		if r.says.MatchString(text) {
			return r.is
		}
	}
	if assertion.MatchString(text) {
		return assertionError(goTypes(text))
	}
	return recovered
}

// notAsserted says of an assertion that failed which types it was about.
func notAsserted(e *fast.TypeAssertionError) assertionError {
	is := "nil"
	switch {
	case e.Concrete != nil:
		is = nameOf(e.Concrete)
	case e.ReflectConcrete != nil:
		is = e.ReflectConcrete.String()
		if owner := ownerOf(e.ReflectConcrete); owner != nil {
			is = nameOf(owner)
		}
	}
	return assertionError("interface conversion: " + nameOf(e.Interface) + " is " + is + ", not " + nameOf(e.Asserted))
}

// goTypes writes the types in gomacro's words for an assertion that fails as Go does.
func goTypes(text string) string {
	text = unbracket.ReplaceAllString(text, "$1")
	return strings.ReplaceAll(text, "interface{}", "interface {}")
}

var (
	toArray   = regexp.MustCompile(`^reflect: cannot convert slice with length (\d+) to array with length (\d+)`)
	assertion = regexp.MustCompile(`^interface conversion: <`)
	unbracket = regexp.MustCompile(`<([^>]*)>`)
)

// panicText is what Go prints of what a goroutine panicked with.
func panicText(recovered any) string { return fmt.Sprint(goError(recovered)) }
