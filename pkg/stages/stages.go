// Package stages is one fetch, written seven times.
//
// A stage takes addresses, asks each for a page over HTTP/1.0, and returns the
// answers in the order of the addresses. Each stage is whole in one file and
// deliberately unfinished: it lacks what the stage after it brings. Read them
// in this order, and compare:
//
//	blocking.go    one call after the other            lesson 01
//	busy.go        all at once, asking all the time    lesson 02
//	selector.go    all at once, asleep in between      lesson 03
//	callbacks.go   the loop calls, errors are lost     lesson 04
//	futures.go     errors find their way               lesson 05
//	coroutines.go  it reads like blocking.go again     lessons 06 to 11
//	framing.go     the answer says where it ends       lesson 12
//
// In the first six, an answer ends where the stream ends. The seventh leads to package
// fetch. The tables in README.md, made by `go test ./pkg/stages -run Table -update`, show
// which stage survives which server, and at what cost. Lesson 12 has the first.
//
//	answers := stages.Coroutines([]string{"127.0.0.1:8000", "127.0.0.1:8001"})
package stages

import (
	"bytes"
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// Answer is what became of one address: the body of the page, or the error.
type Answer struct {
	Body []byte
	Err  error
}

// FetchAll asks each address, such as "127.0.0.1:80", for its page. It returns
// an Answer for each, in their order.
type FetchAll func(addresses []string) []Answer

// Stage is one way to write FetchAll.
type Stage struct {
	Name   string // "busy loop"
	File   string // "busy.go"
	Lesson int    // the lesson that ends with it

	FetchAll FetchAll
}

// All returns the stages in reading order.
func All() []Stage {
	return []Stage{
		{"blocking", "blocking.go", 1, Blocking},
		{"busy loop", "busy.go", 2, BusyLoop},
		{"selector", "selector.go", 3, Selector},
		{"callbacks", "callbacks.go", 4, Callbacks},
		{"futures", "futures.go", 5, Futures},
		{"coroutines", "coroutines.go", 11, Coroutines},
		{"framing", "framing.go", 12, Framing},
	}
}

// ErrNoPage says that what came is not an answer in HTTP.
var ErrNoPage = errors.New("the answer is not a page: it has no head")

// Request is what every stage says to a server.
func Request(address string) []byte {
	return []byte("GET / HTTP/1.0\r\nHost: " + address + "\r\n\r\n")
}

// Page removes the head of an answer. It ignores what the head says, which is the subject
// of lesson 12.
func Page(raw []byte) ([]byte, error) {
	_, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return nil, ErrNoPage
	}
	return body, nil
}

// target translates an address for socket(2) and connect(2).
func target(address string) (family int, sa unix.Sockaddr, err error) {
	return sock.Sockaddr(address)
}

// failed returns an answer with err for each address.
func failed(addresses []string, err error) []Answer {
	answers := make([]Answer, len(addresses))
	for i := range answers {
		answers[i].Err = err
	}
	return answers
}

// What the stages stand on: the system calls, those of the stage that blocks, and the
// selector. Tests replace them in order to count.
var (
	kernel      = sys.Kernel
	blocking    = blockingKernel()
	newSelector = selector.New
)

// openLoop makes a loop on them.
func openLoop() (*loop.Loop, error) {
	s, err := newSelector()
	if err != nil {
		return nil, err
	}
	return loop.New(loop.Options{Selector: s, Calls: &kernel})
}
