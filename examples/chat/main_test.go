package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/programtest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

// guest is a client of plain net.
type guest struct {
	testing.TB
	net.Conn
	lines *bufio.Reader
}

// enter connects, and waits until the room has greeted the guest.
func enter(t testing.TB, p *programtest.Program) *guest {
	c, err := net.Dial("tcp", p.Address())
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(leaktest.Patience)))
	t.Cleanup(func() { c.Close() })
	g := &guest{t, c, bufio.NewReader(c)}
	require.Equal(t, "* "+c.LocalAddr().String()+" is here", g.hears())
	return g
}

func (g *guest) says(format string, args ...any) {
	_, err := fmt.Fprintf(g, format+"\n", args...)
	require.NoError(g, err)
}

func (g *guest) hears() string {
	g.Helper()
	line, err := g.lines.ReadString('\n')
	require.NoError(g, err)
	return strings.TrimSuffix(line, "\n")
}

// leaves ends the guest's side, and returns what it still hears.
func (g *guest) leaves() []string {
	require.NoError(g, g.Conn.(*net.TCPConn).CloseWrite())
	rest, err := io.ReadAll(g.lines)
	require.NoError(g, err)
	require.NoError(g, g.Close())
	return strings.Split(strings.TrimSuffix(string(rest), "\n"), "\n")
}

func TestTwoHundredGuests(t *testing.T) {
	const guests, each = 200, 10
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	p.Address()
	files := p.Files()
	all := make([]*guest, guests)
	for i := range all {
		all[i] = enter(t, p)
	}
	all[0].says("/who")
	heard := make([][]string, guests)
	var wg sync.WaitGroup
	for i, g := range all {
		wg.Go(func() {
			said := fmt.Sprintf("/name guest%d", i)
			for n := range each {
				said += fmt.Sprintf("\n%d", n)
			}
			g.says("%s", said) // all at once
			for len(heard[i]) < guests*each {
				if line, err := g.lines.ReadString('\n'); err != nil {
					t.Errorf("guest %d: %v", i, err)
					return
				} else if strings.HasPrefix(line, "guest") {
					heard[i] = append(heard[i], line)
				} else if i == 0 && strings.HasPrefix(line, "* here are ") {
					assert.Equal(t, guests-1, strings.Count(line, ", "))
				} else {
					assert.NotContains(t, line, "missed")
				}
			}
		})
	}
	wg.Wait()
	for i := range all {
		require.True(t, slices.Equal(heard[0], heard[i]), "everybody hears the same, in the same order")
		for n := range each {
			require.Contains(t, heard[0], fmt.Sprintf("guest%d: %d\n", i, n))
		}
	}
	for _, g := range all {
		g.Close()
	}
	leaktest.Until(t, "their descriptors are closed", func() bool { return p.Files() == files })
	p.Interrupt()
	p.Ends(0)
}

func TestConversation(t *testing.T) {
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	a := enter(t, p)
	name := a.LocalAddr().String()
	for _, c := range []struct{ says, hears string }{
		{"hello", name + ": hello"},
		{"/who", "* here are " + name},
		{"/name alice", "* " + name + " is now alice"},
		{"/name alice", "* want /who, or /name and a short word that is nobody's name"},
		{"/name two words", "* want /who, or /name and a short word that is nobody's name"},
		{"/name 127.0.0.1:1", "* want /who, or /name and a short word that is nobody's name"},
		{"/name " + strings.Repeat("a", 21), "* want /who, or /name and a short word that is nobody's name"},
		{"/name", "* want /who, or /name and a short word that is nobody's name"},
		{"/quit", "* want /who, or /name and a short word that is nobody's name"},
		{"\n\x1b[2Jcolors\x07\r", "alice: [2Jcolors"},
		{strings.Repeat("x", 4000), "alice: " + strings.Repeat("x", 4000)},
	} {
		a.says("%s", c.says)
		require.Equal(t, c.hears, a.hears(), "%q", c.says)
	}
	b := enter(t, p)
	require.Equal(t, "* "+b.LocalAddr().String()+" is here", a.hears())
	a.says("/who")
	require.Equal(t, "* here are "+b.LocalAddr().String()+", alice", a.hears())
	b.says("last words")
	require.Equal(t, []string{b.LocalAddr().String() + ": last words"}, b.leaves(), "what it said is done, and what was said is heard")
	require.Equal(t, b.LocalAddr().String()+": last words", a.hears())
	require.Equal(t, "* "+b.LocalAddr().String()+" has left", a.hears())
	a.says("/who")
	require.Equal(t, "* here are alice", a.hears())
	c := enter(t, p)
	require.Equal(t, "* "+c.LocalAddr().String()+" is here", a.hears())
	c.says("%s", strings.Repeat("x", 5000))
	_, _ = io.ReadAll(c)
	require.Equal(t, "* "+c.LocalAddr().String()+" has left", a.hears(), "after a line that is too long")
	p.Interrupt()
	require.Equal(t, "* the room is closing", a.hears())
	_, err := a.lines.ReadByte()
	require.Equal(t, io.EOF, err)
	p.Ends(0)
}

// TestFlood: somebody says thousands of lines at once, and those who read miss none.
func TestFlood(t *testing.T) {
	const lines = 20_000
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	quick, other := enter(t, p), enter(t, p)
	quick.hears()
	var wg sync.WaitGroup
	for _, g := range []*guest{quick, other} {
		wg.Go(func() {
			for n := range lines {
				if line, err := g.lines.ReadString('\n'); !strings.HasSuffix(line, fmt.Sprintf(": %d\n", n)) {
					t.Errorf("line %d: %q, %v", n, line, err)
					return
				}
			}
		})
	}
	var all strings.Builder
	for n := range lines {
		fmt.Fprintln(&all, n)
	}
	quick.says("%s", strings.TrimSuffix(all.String(), "\n"))
	wg.Wait()
	p.Interrupt()
	p.Ends(0)
}

// TestSlowGuest: it misses lines, is told how many, and where, and nobody waits for it.
func TestSlowGuest(t *testing.T) {
	const lines = 6000
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	slow, quick := enter(t, p), enter(t, p)
	require.Equal(t, "* "+quick.LocalAddr().String()+" is here", slow.hears())
	padding := strings.Repeat(".", 4000)
	talks := func(from, to int) {
		for n := from; n < to; n++ {
			quick.says("%d %s", n, padding)
			assert.Contains(t, quick.hears(), fmt.Sprintf(": %d .", n), "it has missed nothing")
		}
	}
	talks(0, lines/2)
	go talks(lines/2, lines) // while the slow one catches up
	number := regexp.MustCompile(`: (\d+) |missed (\d+) lines`)
	next, missed := 0, 0
	for next < lines {
		found := number.FindStringSubmatch(slow.hears())
		require.NotNil(t, found)
		n, err := strconv.Atoi(found[1] + found[2])
		require.NoError(t, err)
		if found[2] != "" {
			next, missed = next+n, missed+n
			continue
		}
		require.Equal(t, next, n, "a gap that was not announced")
		next++
	}
	require.Positive(t, missed)
	require.Equal(t, lines, next)
	quick.says("and now?")
	require.Equal(t, quick.LocalAddr().String()+": and now?", slow.hears())
	slow.says("sorry")
	require.Equal(t, slow.LocalAddr().String()+": sorry", slow.hears())
	p.Interrupt()
	p.Ends(0)
}

// TestClosing: everybody has read the last line and is gone at once, except one who reads
// nothing, and doesn't keep the room open.
func TestClosing(t *testing.T) {
	w := simulation.New(1, simulation.Weather{Buffer: 1000})
	require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
		listener, err := sock.Listen(l, "10.0.0.1:23")
		require.NoError(t, err)
		r := make(room)
		server := &serve.Server{Handle: r.stay}
		serving := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
		connect := func() *sock.Socket {
			s, err := sock.Connect(yield, "10.0.0.1:23")
			require.NoError(t, err)
			return s
		}
		quick, deaf := connect(), connect()
		for n := range 100 {
			require.NoError(t, sock.Send(yield, quick, fmt.Appendf(nil, "%d\n", n)))
			require.NoError(t, task.Sleep(yield, time.Millisecond))
			_, err := sock.Read(yield, quick)
			require.NoError(t, err)
		}
		begin := l.Now()
		r.close()
		server.Shutdown(time.Hour)
		last, err := sock.ReadAll(yield, quick, 10_000)
		require.NoError(t, err)
		require.Contains(t, string(last), "* the room is closing\n")
		require.Less(t, l.Now()-begin, time.Second, "it waits for others")
		_, err = task.Await(yield, serving)
		require.Equal(t, time.Hour, (l.Now() - begin).Round(time.Second))
		deaf.Close()
		return err
	}))
}
