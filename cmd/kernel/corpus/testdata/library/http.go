package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

type hello struct{ name string }

func (h hello) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "no", http.StatusMethodNotAllowed)
		return
	}
	fmt.Fprintf(w, "hello %s from %s", r.URL.Query().Get("n"), h.name)
}

func main() {
	mux := http.NewServeMux()
	mux.Handle("/hi", hello{"go"})
	mux.HandleFunc("/no", http.NotFound)
	s := httptest.NewServer(mux)
	defer s.Close()
	for _, path := range []string{"/hi?n=you", "/no"} {
		res, err := http.Get(s.URL + path)
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		fmt.Printf("%d %q\n", res.StatusCode, body)
	}
}
