package main

import (
	"fmt"
)

type state interface {
	next(event string) state
	name() string
}
type idle struct{}
type running struct{ since int }

func (idle) next(e string) state {
	if e == "start" {
		return running{1}
	}
	return idle{}
}
func (idle) name() string { return "idle" }
func (r running) next(e string) state {
	if e == "stop" {
		return idle{}
	}
	return r
}
func (r running) name() string { return fmt.Sprint("running ", r.since) }

type machine struct {
	state state
	count int
}

func (m *machine) fire(e string) { m.state = m.state.next(e); m.count++ }

func main() {
	var s state = idle{}
	for _, e := range []string{"start", "stop", "stop", "start"} {
		s = s.next(e)
		fmt.Printf("%T %s\n", s, s.name())
	}
	m := &machine{state: idle{}}
	m.fire("start")
	fmt.Println(m.state.name(), m.count)
}
