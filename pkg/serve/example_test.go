package serve_test

import (
	"fmt"
	"net/http"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// A server and its client, on one loop.
func Example() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	hello := func(_ coro.Yield, w *serve.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello, %s", r.URL.Path)
	}
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		listener, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		server := &serve.Server{Handle: serve.HTTP(hello, serve.Limits{})}
		serving := task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, listener) })
		page, err := fetch.Get(yield, "http://"+listener.LocalAddr().String()+"/you")
		if err != nil {
			return nil, err
		}
		fmt.Printf("%s: %s\n", page.Status, page.Body)
		server.Shutdown(time.Second)
		return task.Await(yield, serving)
	})
	fmt.Println("error:", err)
	// Output:
	// 200 OK: hello, /you
	// error: <nil>
}
