package fetch_test

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func Example() {
	server := faulty.HTTP("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	defer server.Close()

	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	page, err := task.Run(l, func(yield coro.Yield) (any, error) { return fetch.Get(yield, server.URL()) })
	if err != nil {
		fmt.Println(err)
		return
	}
	response := page.(*fetch.Response)
	fmt.Printf("%s: %s\n", response.Status, response.Body)
	// Output: 200 OK: hello
}
