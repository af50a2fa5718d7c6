package probe_test

import (
	"fmt"

	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/sock"
)

// counter is a probe of one loop, and the Events that it hands out. probe.Nothing
// supplies the methods that it doesn't need.
type counter struct {
	probe.Nothing
	calls map[string]int
}

func (c counter) Watch(probe.Loop) probe.Events { return c }

// Called may come from any goroutine: a program whose other goroutines make calls
// would need a mutex here.
func (c counter) System(name string, _, _ int, _ error) { c.calls[name]++ }

// A probe of your own counts the system calls of a loop by name.
func Example() {
	count := counter{calls: map[string]int{}}
	l, err := loop.New(loop.Options{Probe: count})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	s, err := sock.Listen(l, "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Close()
	fmt.Println(count.calls)
	// Output:
	// map[bind:1 close:1 listen:1 setsockopt:6 socket:1]
}
