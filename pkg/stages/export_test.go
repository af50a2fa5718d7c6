package stages

// How a stage's system calls are counted without changing the stage.

import (
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
)

// Observe reports each system call of the stages, by its name in the manual, until restore
// is called. It leaves out what a selector does to open and close itself.
func Observe(tell func(call string)) (restore func()) {
	table, waits, open := kernel, blocking, newSelector
	each := func(name string, _, _ int, _ error) { tell(name) }
	kernel, blocking = *sys.Told(&table, each), *sys.Told(&waits, each)
	newSelector = func() (selector.Selector, error) {
		s, err := open()
		if err != nil {
			return nil, err
		}
		return selector.Told(s, each), nil
	}
	return func() { kernel, blocking, newSelector = table, waits, open }
}

// Ways are the functions that Switches measures, by their names.
func Ways() map[string]func(n int, here, there func()) {
	all := make(map[string]func(n int, here, there func()))
	for _, way := range ways {
		all[way.name] = way.alternate
	}
	return all
}
