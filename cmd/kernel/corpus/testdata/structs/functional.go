package main

import "fmt"

type server struct {
	host string
	port int
	tls  bool
}

type option func(*server)

func port(p int) option { return func(s *server) { s.port = p } }

func tls() option { return func(s *server) { s.tls = true } }

func newServer(host string, options ...option) *server {
	s := &server{host: host, port: 80}
	for _, o := range options {
		o(s)
	}
	return s
}

func main() {
	fmt.Println(*newServer("a"), *newServer("b", port(443), tls()))
}
