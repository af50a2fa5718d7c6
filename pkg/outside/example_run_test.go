package outside_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// A file is always ready, says the kernel, and reading it may take a second all
// the same. Outside, nobody waits for it but the task that wants it.
func ExampleRun() {
	path := filepath.Join(os.TempDir(), "stepwise-example")
	_ = os.WriteFile(path, []byte("from a file"), 0o600)
	defer os.Remove(path)

	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	v, err := task.Run(l, func(yield coro.Yield) (any, error) {
		text, err := outside.RunAs(yield, func(context.Context) ([]byte, error) { return os.ReadFile(path) })
		return string(text), err
	})
	fmt.Println(v, err)
	// Output: from a file <nil>
}

func ExampleDial() {
	server := faulty.Echo()
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Addr())

	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	v, err := task.Run(l, func(yield coro.Yield) (any, error) {
		s, err := outside.Dial(yield, "localhost:"+port)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		if err := sock.Send(yield, s, []byte("hello")); err != nil {
			return nil, err
		}
		data, err := sock.Read(yield, s)
		return string(data), err
	})
	fmt.Println(v, err)
	// Output: hello <nil>
}
