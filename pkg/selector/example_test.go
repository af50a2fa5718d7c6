package selector_test

import (
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// Two ends of a wire: one is written to, and the selector says that the other can
// be read.
func Example() {
	s, err := selector.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer unix.Close(ends[0])
	defer unix.Close(ends[1])

	if err := s.Register(ends[0], selector.Read, "our end"); err != nil {
		fmt.Println(err)
		return
	}
	ready, err := s.Select(0) // only looks
	fmt.Println(len(ready), err)

	_, _ = unix.Write(ends[1], []byte("hello"))
	ready, err = s.Select(-1) // sleeps until something is ready
	fmt.Println(ready[0].Data, "is ready to", ready[0].Events, err)
	fmt.Println(s.Unregister(ends[0]))
	// Output:
	// 0 <nil>
	// our end is ready to read <nil>
	// <nil>
}
