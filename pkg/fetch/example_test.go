package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

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

func ExampleClient_Do() {
	server := faulty.HTTP("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nthank you")
	defer server.Close()
	address := server.URL()

	put := func(yield coro.Yield) error {
		client := &fetch.Client{Timeout: 10 * time.Second, MaxConnsPerHost: 4}
		defer client.Close()
		request, err := http.NewRequest("PUT", address, strings.NewReader("a body"))
		if err != nil {
			return err
		}
		answer, err := client.Do(yield, request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, err = io.Copy(os.Stdout, answer.Body)
		return err
	}

	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	if err := task.Main(l, put); err != nil {
		fmt.Println(err)
	}
	// Output: thank you
}
