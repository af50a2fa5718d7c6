package cell

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// interrupts runs a cell and interrupts it when it has said "started".
func interrupts(t *testing.T, s *Session, code string) (result Result, stdout, stderr string) {
	t.Helper()
	stdout, stderr = printed(t, "", func() {
		stopped := make(chan bool)
		go func() {
			defer close(stopped)
			for {
				text, _ := os.ReadFile(os.Stdout.Name())
				if len(text) > 0 {
					s.Interrupt()
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		result = s.Run(code, 1)
		<-stopped
	})
	return result, stdout, stderr
}

func TestInterrupt(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "time"; "errors"; "stepwise/pkg/loop"; "stepwise/pkg/task"; "stepwise/pkg/coro"; "stepwise/pkg/faulty"; "stepwise/pkg/sock"; "stepwise/pkg/future")
kept := 7
mute := faulty.Stall("x")
l, err := loop.New(loop.Options{})
in := make(chan int)`)
	cases := []struct {
		name, code, failure, out, red string
	}{
		{"an endless loop", "fmt.Println(`started`)\nfor {}", "interrupted: the cell was stopped", "", ""},
		{"a sleep", "fmt.Println(`started`)\ntime.Sleep(time.Hour)", "interrupted: the cell was stopped", "", ""},
		{"a loop that sleeps again and again", "fmt.Println(`started`)\nfor { time.Sleep(time.Minute) }", "interrupted: the cell was stopped", "", ""},
		{"a channel", "fmt.Println(`started`)\n<-in", "interrupted: the cell was stopped", "", ""},
		{"a channel, as an argument", "fmt.Println(`started`)\nfmt.Println(<-in)", "interrupted: the cell was stopped", "", ""},
		{"a channel, with ok", "fmt.Println(`started`)\nif v, ok := <-in; ok { fmt.Println(v) }", "interrupted: the cell was stopped", "", ""},
		{"a loop over a channel", "fmt.Println(`started`)\nfor v := range in { fmt.Println(v) }", "interrupted: the cell was stopped", "", ""},
		{"a send", "fmt.Println(`started`)\nin <- 1", "interrupted: the cell was stopped", "", ""},
		{"a select", "fmt.Println(`started`)\nselect {\ncase in <- 1:\ncase v := <-in:\n\tfmt.Println(v)\n}", "interrupted: the cell was stopped", "", ""},
		{"a select without a case", "fmt.Println(`started`)\nselect {}", "interrupted: the cell was stopped", "", ""},
		{"a channel in a function", "func wait() int { return <-in }\nfmt.Println(`started`)\nwait()", "interrupted: the cell was stopped", "", ""},
		{"a channel that is nil", "var none chan int\nfmt.Println(`started`)\n<-none", "interrupted: the cell was stopped", "", ""},
		{"our loop, and the cell goes on", "l.CallLater(1000*time.Hour+30*time.Minute, func() {})\nl.CallSoon(func() { fmt.Println(`started`) })\nerr = l.Run()\nfmt.Println(err)", "",
			"loop: run: interrupted while 0 callbacks ready, 1 timer, the next in 1000h", "loop: run: interrupted while"},
		{"a task on our loop", `_, err = task.Run(l, func(yield coro.Yield) (interface{}, error) {
	s, err := sock.Connect(yield, mute.Addr())
	if err != nil { return nil, err }
	fmt.Println("started")
	return sock.ReadAll(yield, s, 100)
})`, "", "started", "1 task alive\n  a task awaits fd "},
		{"a callback that never returns", "l.CallSoon(func() { fmt.Println(`started`); for {} })\nl.Run()", "", "started", "callback panicked: "},
		{"a coroutine that never yields", "coro.New(func(yield coro.Yield) (interface{}, error) { fmt.Println(`started`); for {} }).Send(nil)\nfmt.Println(`on`)", "", "started", ""},
		{"our loop, and the cell takes its time with the error", "l.CallLater(time.Hour, func() {})\nl.CallSoon(func() { fmt.Println(`started`) })\nerr = l.Run()\nfor i := 0; i < 10; i++ { time.Sleep(70 * time.Millisecond) }\nfmt.Println(`done`, err)", "",
			"done loop: run: interrupted while", "loop: run: interrupted while"},
		{"our loop, and an endless loop behind it", "l.CallSoon(func() { fmt.Println(`started`) })\nl.Run()\nfor {}", "interrupted: the cell was stopped", "", "loop: run: interrupted while"},
		{"a loop that is run again and again", "l.CallSoon(func() { fmt.Println(`started`) })\nfor { l.Run() }", "interrupted: the cell was stopped", "", "loop: run: interrupted while"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result, out, red := interrupts(t, s, c.code)
			switch {
			case c.failure != "" && assert.NotNil(t, result.Failure):
				assert.Contains(t, result.Failure.String(), c.failure)
			case c.failure == "" && result.Failure != nil:
				assert.NotContains(t, result.Failure.String(), "left behind")
			}
			assert.Contains(t, out, c.out)
			assert.Contains(t, red, c.red)
			assert.Equal(t, "7", runs(t, s, "kept").Data["text/plain"], "what was defined is kept")
		})
	}
}

// A connection that a cell was waiting for works in the next one.
func TestInterruptNet(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("bufio"; "context"; "fmt"; "io"; "net"; "net/http"; "net/http/httptest"; "net/url"; "time")
listener, err := net.Listen("tcp", "127.0.0.1:0")
peers := make(chan net.Conn, 1)
go func() { c, _ := listener.Accept(); peers <- c }()
conn, err := net.Dial("tcp", listener.Addr().String())
peer := <-peers
loopback := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
tcps, err := net.ListenTCP("tcp", loopback)
tcp, err := net.DialTCP("tcp", nil, tcps.Addr().(*net.TCPAddr))
other, err := tcps.AcceptTCP()
udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: loopback.IP})
sender, err := net.DialUDP("udp", nil, udp.LocalAddr().(*net.UDPAddr))
packets, err := net.ListenPacket("udp", "127.0.0.1:0")
type line struct{ *net.TCPConn }
inside := line{tcp}
lines := bufio.NewReader(conn)
hold := make(chan bool)
server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/body" {
		fmt.Fprint(w, "first")
		w.(http.Flusher).Flush()
	}
	if r.URL.Path != "/now" {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}
	fmt.Fprint(w, "answer")
}))
read := func(path string) string {
	r, err := http.Get(server.URL + path)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(r.Body)
	return string(text)
}
client := http.Client{}
ask := func(path string, post bool) string {
	r, err := (*http.Response)(nil), error(nil)
	if post {
		r, err = client.PostForm(server.URL+path, url.Values{})
	} else {
		request, _ := http.NewRequestWithContext(context.Background(), "GET", server.URL+path, nil)
		r, err = client.Do(request)
	}
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(r.Body)
	return string(text)
}`)
	one := "one := make([]byte, 1)\n"
	cases := []struct{ name, code, next, want string }{
		{"a read", "conn.Read(make([]byte, 1))", "peer.Write([]byte(`x`))\none := make([]byte, 1)\nconn.Read(one)\nstring(one)", "x"},
		{"a read through a buffer", "lines.ReadString('\\n')", "fmt.Fprintln(peer, `line`)\nline, err := lines.ReadString('\\n')\nfmt.Sprint(line == \"line\\n\", err)", "true <nil>"},
		{"a read of the other end, again and again", "for { peer.Read(make([]byte, 1)) }", "conn.Write([]byte(`y`))\ntwo := make([]byte, 1)\npeer.Read(two)\nstring(two)", "y"},
		{"a write that nobody reads", "for { conn.Write(make([]byte, 1<<20)) }", "err = conn.Close()\nfmt.Sprint(err)", "<nil>"},
		{"an accept", "listener.Accept()", "go net.Dial(\"tcp\", listener.Addr().String())\nc, err := listener.Accept()\nfmt.Sprint(c != nil, err)", "true <nil>"},
		{"a read of a TCPConn", one + "tcp.Read(one)", "other.Write([]byte(`x`))\n" + one + "tcp.Read(one)\nstring(one)", "x"},
		{"a read of one that is embedded", one + "inside.Read(one)", "other.Write([]byte(`x`))\n" + one + "inside.Read(one)\nstring(one)", "x"},
		{"a read of one through a buffer", "bufio.NewReader(tcp).ReadString('\\n')", "fmt.Fprintln(other, `line`)\nline, err := bufio.NewReader(tcp).ReadString('\\n')\nfmt.Sprint(line == \"line\\n\", err)", "true <nil>"},
		{"a read of all that one has", "io.ReadAll(tcp)", "other.CloseWrite()\ntext, err := io.ReadAll(tcp)\nfmt.Sprint(len(text), err)", "0 <nil>"},
		{"an accept of a TCPListener", "tcps.Accept()", "go net.Dial(\"tcp\", tcps.Addr().String())\nc, err := tcps.AcceptTCP()\nfmt.Sprint(c != nil, err)", "true <nil>"},
		{"a read of a UDPConn", one + "udp.ReadFromUDP(one)", "sender.Write([]byte(`x`))\n" + one + "n, from, err := udp.ReadFromUDP(one)\nfmt.Sprint(string(one), n, from.IP, err)", "x1 127.0.0.1 <nil>"},
		{"a read of a connected UDPConn", one + "sender.Read(one)", "udp.WriteTo([]byte(`y`), sender.LocalAddr())\n" + one + "sender.Read(one)\nstring(one)", "y"},
		{"a read of packets", one + "packets.ReadFrom(one)", "udp.WriteTo([]byte(`z`), packets.LocalAddr())\n" + one + "packets.ReadFrom(one)\nstring(one)", "z"},
		{"a Do of a client", "ask(`/`, false)", "ask(`/now`, false)", "answer"},
		{"the body of its answer", "ask(`/body`, false)", "ask(`/now`, false)", "answer"},
		{"a PostForm of a client", "ask(`/`, true)", "ask(`/now`, true)", "answer"},
		{"a get", "read(`/`)", "read(`/now`)", "answer"},
		{"the body of an answer", "read(`/body`)", "read(`/now`)", "answer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			result, _, _ := interrupts(t, s, "fmt.Println(`started`)\n"+c.code)
			if assert.NotNil(t, result.Failure) {
				assert.Contains(t, result.Failure.String(), "interrupted: the cell was stopped")
			}
			assert.Equal(t, c.want, runs(t, s, c.next).Data["text/plain"])
		})
	}
	runs(t, s, "server.CloseClientConnections()\nserver.Close()\nlistener.Close()\ntcps.Close()\ntcp.Close()\nother.Close()\nudp.Close()\nsender.Close()\npackets.Close()")
}

// A server that a cell has started serves the next cells too, on the connections that it has.
func TestInterruptLeavesServersAlone(t *testing.T) {
	s := newSession(t)
	_, red := printed(t, "", func() {
		runs(t, s, `import ("bufio"; "fmt"; "io"; "net"; "net/http")
listener, err := net.Listen("tcp", "127.0.0.1:0")
go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "answer") }))
conn, err := net.Dial("tcp", listener.Addr().String())
answers := bufio.NewReader(conn)
ask := func() string {
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	r, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(r.Body)
	return fmt.Sprint(string(text), err)
}
ask()`)
		for range 3 {
			result, _, _ := interrupts(t, s, "fmt.Println(`started`)\nfor {}")
			assert.NotNil(t, result.Failure)
			assert.Equal(t, "answer<nil>", runs(t, s, "ask()").Data["text/plain"])
		}
		runs(t, s, "conn.Close()\nlistener.Close()")
	})
	assert.Empty(t, red)
}

// What waits in a call that can't be woken ends when that returns: it prints nothing then,
// and changes nothing.
func TestLeftBehindEnds(t *testing.T) {
	cases := []struct{ name, code string }{
		{"prints", "fmt.Println(`started`)\nfor {\n\tr.Read(make([]byte, 1))\n\tfmt.Println(`late`)\n}"},
		{"changes a variable", "fmt.Println(`started`)\nfor {\n\tr.Read(make([]byte, 1))\n\tkept++\n}"},
		{"in the head of an if", "fmt.Println(`started`)\nfor {\n\tif n, err := r.Read(make([]byte, 1)); n > 0 && err == nil {\n\t\tkept++\n\t}\n}"},
		{"in the head of a loop", "lines := bufio.NewScanner(r)\nfmt.Println(`started`)\nfor lines.Scan() {\n\tkept++\n}"},
		{"in a function", "func read() (n int) {\n\tn, _ = r.Read(make([]byte, 1))\n\tkept++\n\treturn n\n}\nfmt.Println(`started`)\nread()"},
		{"in the case of a switch", "one := make([]byte, 1)\nfmt.Println(`started`)\nfor {\n\tswitch {\n\tcase kept > 100:\n\tcase func() int { n, _ := r.Read(one); return n }() > 0:\n\t\tn, _ := r.Read(one)\n\t\tkept += n\n\t}\n}"},
		{"in what it sends", "c, one := make(chan int), make([]byte, 1)\ncount := func(n int, err error) int { return n }\nfmt.Println(`started`)\nc <- count(r.Read(one))"},
		{"in a switch", "fmt.Println(`started`)\nswitch n, _ := r.Read(make([]byte, 1)); n {\ncase 1:\n\tkept++\n}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			runs(t, s, "import (\"fmt\"; \"os\"; \"bufio\")\nkept := 7\nr, w, err := os.Pipe()")
			left := stops.left.count.Load()
			result, _, _ := interrupts(t, s, c.code)
			if assert.NotNil(t, result.Failure) {
				assert.Contains(t, result.Failure.String(), "the cell waits in a call that can't be stopped")
			}
			out, _ := printed(t, "", func() {
				runs(t, s, "w.WriteString(\"abc\\n\")")
				assert.Eventually(t, func() bool { return stops.left.count.Load() == left }, 10*time.Second, time.Millisecond, "it has not ended")
			})
			assert.Empty(t, out)
			assert.Equal(t, "7", runs(t, s, "kept").Data["text/plain"])
		})
	}
}

// A recursion without end is stopped before the runtime ends the program.
func TestRecursion(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"time\"\nfunc down(n int) int { return down(n+1) + 1 }\nfunc nothing() { nothing() }\nfunc ping(n int) { pong(n) }\nvar pong func(n int)")
	for _, code := range []string{"down(0)", "nothing()", "pong = func(n int) { ping(n) }\nping(1)"} {
		t.Run(code, func(t *testing.T) {
			result := s.Run(code, 1)
			if assert.NotNil(t, result.Failure) {
				assert.Equal(t, "stack overflow", result.Failure.Name)
			}
			runs(t, s, "time.Sleep(50 * time.Millisecond)\nlater := 1") // long enough to be looked at
		})
	}
}
