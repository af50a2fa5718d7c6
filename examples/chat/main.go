// Command chat is a chat room. Talk in it with nc 127.0.0.1 7002, or telnet:
//
//	go run ./examples/chat -listen 127.0.0.1:7002
//
// Nobody waits for a client that reads too slowly: it misses lines, and is told how many.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// room holds the members by their names. It needs no lock: their tasks all run on one
// loop, and one task runs on until it pauses.
type room map[string]*member

type member struct {
	name   string
	lines  *wait.QueueOf[string] // that it has not read yet
	missed int                   // lines for which that had no room
}

func main() {
	listen := flag.String("listen", "127.0.0.1:7002", "listen on this `address`")
	flag.Parse()
	r := make(room)
	server := &serve.Server{
		Handle:     r.stay,
		OnListen:   func(at net.Addr) { fmt.Println("chat: listening on", at) },
		OnShutdown: r.close,
	}
	err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
		return server.ListenAndServe(yield, *listen, 2*time.Second, os.Interrupt) // slow clients have so long to read their lines
	})
	if err != nil {
		log.Fatal("chat: ", err)
	}
}

// stay is one client's time in the room, until the client or the room has told its last.
func (r room) stay(yield coro.Yield, c *serve.Conn) error {
	m := &member{name: c.RemoteAddr().String(), lines: wait.NewQueueOf[string](1000)}
	r[m.name] = m
	defer func() {
		delete(r, m.name)
		r.say("* " + m.name + " has left")
	}()
	r.say("* " + m.name + " is here")
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		g.Background(func(yield coro.Yield) error { return r.listen(yield, m, c) })
		return m.write(yield, c)
	})
}

// listen does what m says, line by line, until m ends its side.
func (r room) listen(yield coro.Yield, m *member, c *serve.Conn) error {
	defer m.lines.Shutdown(false)
	lines := bufio.NewScanner(c)
	lines.Buffer(nil, 4<<10) // a longer line ends the connection
	for lines.Scan() {
		if err := task.Checkpoint(yield); err != nil { // the writers' turn: otherwise their queues would fill up
			return err
		}
		r.obey(m, printable(lines.Text()))
	}
	return lines.Err()
}

func (r room) obey(m *member, line string) {
	command, name, _ := strings.Cut(line, " ")
	switch {
	case command == "/who":
		m.tell("* here are " + strings.Join(slices.Sorted(maps.Keys(r)), ", "))
	case command == "/name" && name != "" && len(name) <= 20 && !strings.ContainsAny(name, " :") && r[name] == nil:
		r.say("* " + m.name + " is now " + name)
		delete(r, m.name)
		m.name, r[name] = name, m
	case strings.HasPrefix(line, "/"):
		m.tell("* want /who, or /name and a short word that is nobody's name")
	case line != "":
		r.say(m.name + ": " + line)
	}
}

// say tells everybody, and waits for nobody.
func (r room) say(line string) {
	for _, m := range r {
		m.tell(line)
	}
}

func (r room) close() {
	r.say("* the room is closing")
	for _, m := range r {
		m.lines.Shutdown(false)
	}
}

func (m *member) tell(line string) {
	if m.lines.PutNowait(line) != nil {
		m.missed++
	}
}

// write sends m its lines until no more will come.
func (m *member) write(yield coro.Yield, c *serve.Conn) error {
	var out []byte
	for line, err := range m.lines.All(yield) {
		if err != nil {
			return err
		}
		// In a turn of ours 200 others may have spoken: one line in a call would be too slow.
		for out = fmt.Appendln(out[:0], line); m.lines.Len() > 0; out = fmt.Appendln(out, line) {
			line, _ = m.lines.GetNowait()
		}
		if m.missed > 0 { // after the last of those lines
			out = fmt.Appendf(out, "* you read too slowly, and missed %d lines\n", m.missed)
			m.missed = 0
		}
		if _, err := c.Write(out); err != nil {
			return err
		}
	}
	return nil
}

// printable drops what a terminal could take for a command.
func printable(line string) string {
	return strings.Join(strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }), "")
}
