package main

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/task"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	hits := map[string]int{}
	handler := func(yield coro.Yield, w *serve.ResponseWriter, r *http.Request) {
		hits[r.URL.Path]++
		switch r.URL.Path {
		case "/slow":
			if err := task.Sleep(yield, 2*time.Millisecond); err != nil {
				return
			}
			fmt.Fprintf(w, "slow %s", r.Method)
		case "/":
			w.Header().Set("X-Lesson", "16")
			fmt.Fprint(w, "hello")
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}
	err = task.Main(l, func(yield coro.Yield) error {
		at := make(chan string, 1)
		server := &serve.Server{
			Handle:   serve.HTTP(handler, serve.Limits{}),
			OnListen: func(a net.Addr) { at <- "http://" + a.String() },
		}
		running := task.Go(l, func(yield coro.Yield) error {
			return server.ListenAndServe(yield, "127.0.0.1:0", time.Second)
		})
		for len(at) == 0 {
			if err := task.Checkpoint(yield); err != nil {
				return err
			}
		}
		address := <-at
		for _, path := range []string{"/", "/slow", "/none"} {
			page, err := fetch.Get(yield, address+path)
			if err != nil {
				return err
			}
			fmt.Println(page.Code, page.Header.Get("X-Lesson"), string(page.Body))
		}
		client := fetch.Client{Timeout: time.Second}
		defer client.Close()
		request, err := http.NewRequest("GET", address+"/slow", nil)
		if err != nil {
			return err
		}
		answer, err := client.Do(yield, request)
		if err != nil {
			return err
		}
		answer.Body.Close()
		fmt.Println(answer.StatusCode)
		server.Shutdown(time.Second)
		_, err = task.Await(yield, running)
		return err
	})
	fmt.Println(hits, err)
}
