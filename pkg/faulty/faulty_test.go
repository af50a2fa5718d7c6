package faulty_test

// Each server is judged by a plain client of Go's net package, and each test ends
// with as many goroutines and descriptors as it began with.

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// limit is for what must happen; a good run never comes near it.
const limit = 10 * time.Second

// places are those where each server must work.
func places(t *testing.T) map[string][]string {
	p := map[string][]string{"IPv4": nil, "a unix socket": {"unix"}}
	if faulty.HasIPv6() {
		p["IPv6"] = []string{"[::1]:0"}
	} else {
		t.Log("no IPv6 on this machine")
	}
	return p
}

// balanced fails t if goroutines or descriptors are left when it ends.
func balanced(t *testing.T) {
	t.Helper()
	// The runtime opens its own poller at the first listener, once and for all.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ln.Close()
	goroutines, fds := settled(runtime.NumGoroutine, 0), settled(descriptors, 0)
	t.Cleanup(func() {
		assert.LessOrEqual(t, settled(runtime.NumGoroutine, goroutines), goroutines, "goroutines left")
		assert.LessOrEqual(t, settled(descriptors, fds), fds, "descriptors left")
	})
}

// settled counts until the number is no more than base, for at most two seconds;
// with base 0 until two counts in a row agree.
func settled(count func() int, base int) int {
	n := count()
	for range 200 {
		last := n
		if n = count(); n <= base || base == 0 && n == last {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return n
}

func descriptors() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0 // no such directory on this system
	}
	return len(entries)
}

// opened closes s with the test.
func opened(t *testing.T, s *faulty.Server) *faulty.Server {
	t.Helper()
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// A client is one connection to a server.
type client struct {
	net.Conn
	t *testing.T
}

func dial(t *testing.T, s *faulty.Server) client {
	t.Helper()
	network := "tcp"
	if strings.Contains(s.Addr(), "/") {
		network = "unix"
	}
	conn, err := net.DialTimeout(network, s.Addr(), limit)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(limit)))
	t.Cleanup(func() { conn.Close() })
	return client{conn, t}
}

func (c client) say(data string) {
	c.t.Helper()
	_, err := io.WriteString(c, data)
	require.NoError(c.t, err)
}

func (c client) closeWrite() {
	c.t.Helper()
	require.NoError(c.t, c.Conn.(interface{ CloseWrite() error }).CloseWrite())
}

// hears reads exactly as much as want.
func (c client) hears(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	_, err := io.ReadFull(c, got)
	require.NoError(c.t, err)
	require.Equal(c.t, want, string(got))
}

// hearsNothing reads for a moment, in vain.
func (c client) hearsNothing() {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
	n, err := c.Read(make([]byte, 1))
	require.Zero(c.t, n)
	require.ErrorIs(c.t, err, os.ErrDeadlineExceeded)
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(limit)))
}

// hearsEnd reads the rest, which must be rest, and then err, nil for EOF.
func (c client) hearsEnd(rest string, want error) {
	c.t.Helper()
	got, err := io.ReadAll(c)
	require.Equal(c.t, rest, string(got))
	if want == nil {
		require.NoError(c.t, err)
	} else {
		require.ErrorIs(c.t, err, want)
	}
}

// What the servers promise, in a table: what the client does, and the visit that
// it leaves behind.
var conversations = []struct {
	name     string
	server   func(at ...string) *faulty.Server
	client   func(c client, s *faulty.Server)
	received string
	sent     int
	err      error
	tcpOnly  bool
}{
	{
		name:   "drip gives each read one byte, then EOF",
		server: func(at ...string) *faulty.Server { return faulty.Drip("drop by drop", 0, at...) },
		client: func(c client, _ *faulty.Server) {
			buf := make([]byte, 100)
			for _, want := range "drop by drop" {
				n, err := c.Read(buf)
				require.NoError(c.t, err)
				require.Equal(c.t, string(want), string(buf[:n]))
			}
			c.hearsEnd("", nil)
			c.Close()
		},
		sent: 12,
	},
	{
		name:   "drip records a question that it doesn't wait for",
		server: func(at ...string) *faulty.Server { return faulty.Drip("answer", time.Microsecond, at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("question")
			c.hearsEnd("answer", nil)
			c.say(", and more")
			c.Close()
		},
		received: "question, and more", sent: 6,
	},
	{
		name:   "drip of nothing is EOF",
		server: func(at ...string) *faulty.Server { return faulty.Drip("", 0, at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("", nil); c.Close() },
	},
	{
		name:   "stall sends a part and no more, even when the client ends its side",
		server: func(at ...string) *faulty.Server { return faulty.Stall("a part", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("go on!")
			c.hears("a part")
			c.hearsNothing()
			c.closeWrite()
			c.hearsNothing()
		},
		received: "go on!", sent: 6,
	},
	{
		name:   "half close sends, ends its side, and reads on",
		server: func(at ...string) *faulty.Server { return faulty.HalfClose("over to you", at...) },
		client: func(c client, _ *faulty.Server) {
			c.hearsEnd("over to you", nil)
			c.say("thank ")
			c.say("you")
			c.closeWrite()
		},
		received: "thank you", sent: 11,
	},
	{
		name:   "reset midway gives the part, then ECONNRESET",
		server: func(at ...string) *faulty.Server { return faulty.ResetMidway("a part", at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("a part", syscall.ECONNRESET) },
		sent:   6, tcpOnly: true,
	},
	{
		name:   "reset midway with an empty part waits for the client's first word",
		server: func(at ...string) *faulty.Server { return faulty.ResetMidway("", at...) },
		client: func(c client, _ *faulty.Server) {
			c.hearsNothing()
			c.say("?")
			c.hearsEnd("", syscall.ECONNRESET)
			_, err := c.Write([]byte("still there?"))
			require.ErrorIs(c.t, err, syscall.EPIPE)
		},
		received: "?", tcpOnly: true,
	},
	{
		name:   "big sends its pattern, then EOF",
		server: func(at ...string) *faulty.Server { return faulty.Big(1_000_003, at...) },
		client: func(c client, _ *faulty.Server) {
			got, err := io.ReadAll(c)
			require.NoError(c.t, err)
			require.Len(c.t, got, 1_000_003)
			require.NoError(c.t, faulty.CheckPattern(got, 0))
			c.Close()
		},
		sent: 1_000_003,
	},
	{
		name:   "big of nothing is EOF",
		server: func(at ...string) *faulty.Server { return faulty.Big(0, at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("", nil); c.Close() },
	},
	{
		name:   "sink records all and says nothing",
		server: faulty.Sink,
		client: func(c client, _ *faulty.Server) {
			c.say("all ")
			c.say("of it\x00\xff")
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "all of it\x00\xff",
	},
	{
		name:   "silent sends nothing and reads nothing until it is closed",
		server: faulty.Silent,
		client: func(c client, s *faulty.Server) {
			c.say("anybody?")
			c.hearsNothing()
			c.closeWrite()
			c.hearsNothing()
			_, err := s.Visit(0, time.Millisecond)
			require.ErrorIs(c.t, err, os.ErrDeadlineExceeded)
			require.NoError(c.t, s.Close())
		},
		err: net.ErrClosed,
	},
	{
		name:   "http waits for the whole head, answers, and ends its side",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("HTTP/1.0 200 OK\r\n\r\nhi", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HTTP/1.0\r\nHost: x\r\n")
			c.hearsNothing()
			c.say("\r\n")
			c.hearsEnd("HTTP/1.0 200 OK\r\n\r\nhi", nil)
			c.Close()
		},
		received: "GET / HTTP/1.0\r\nHost: x\r\n\r\n", sent: 21,
	},
	{
		name:   "http keeps its answer whole, whatever the client sends too much",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("whole", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("POST / HTTP/1.0\n\nand a body that nobody asked for")
			c.hearsEnd("whole", nil)
			c.Close()
		},
		received: "POST / HTTP/1.0\n\nand a body that nobody asked for", sent: 5,
	},
	{
		name:   "http sees a client leave in the middle of the head",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("never sent", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HT")
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "GET / HT", err: io.ErrUnexpectedEOF,
	},
	{
		name:   "http keep-alive answers each request and stays",
		server: func(at ...string) *faulty.Server { return faulty.HTTPKeepAlive("answer.", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET /1 HTTP/1.1\r\n\r\n")
			c.hears("answer.")
			c.hearsNothing()
			c.say("GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n")
			c.hears("answer.answer.")
			c.hearsNothing()
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n", sent: 21,
	},
	{
		name:   "http reset breaks off in the middle of its answer",
		server: func(at ...string) *faulty.Server { return faulty.HTTPReset("HTTP/1.1 200 OK\r\nConte", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HTTP/1.1\r\n\r\n")
			c.hearsEnd("HTTP/1.1 200 OK\r\nConte", syscall.ECONNRESET)
		},
		received: "GET / HTTP/1.1\r\n\r\n", sent: 22, tcpOnly: true,
	},
}

func TestConversation(t *testing.T) {
	for place, at := range places(t) {
		for _, tt := range conversations {
			if tt.tcpOnly && place == "a unix socket" {
				continue
			}
			t.Run(place+"/"+tt.name, func(t *testing.T) {
				balanced(t)
				s := opened(t, tt.server(at...))
				tt.client(dial(t, s), s)
				require.NoError(t, s.WaitAccepted(1, limit))
				v, err := s.Visit(0, limit)
				require.NoError(t, err)
				require.Equal(t, tt.received, string(v.Received))
				require.EqualValues(t, len(tt.received), v.Count)
				require.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(tt.received))), v.SHA256)
				require.EqualValues(t, tt.sent, v.Sent)
				require.ErrorIs(t, v.Err, tt.err)
			})
		}
	}
}

func TestEcho(t *testing.T) {
	for place, at := range places(t) {
		t.Run(place, func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Echo(at...))
			c := dial(t, s)
			c.say("hello")
			c.hears("hello")
			c.say("the rest, and then my side ends")
			c.closeWrite()
			c.hearsEnd("the rest, and then my side ends", nil)
			v, err := s.Visit(0, limit)
			require.NoError(t, err)
			require.Equal(t, faulty.Visit{Count: 36, Sent: 36}, v)
			_, err = s.Received(limit)
			require.ErrorContains(t, err, "of 36 bytes only the count was kept")
		})
	}
}

func TestNeverReads(t *testing.T) {
	for place, at := range places(t) {
		t.Run(place+"/the client's buffer fills, and all arrives after Release", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.NeverReads(at...))
			c := dial(t, s)
			data := faulty.Pattern(12 << 20)
			require.NoError(t, c.SetWriteDeadline(time.Now().Add(100*time.Millisecond)))
			n, err := c.Write(data)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Less(t, n, len(data))

			s.Release()
			s.Release()
			require.NoError(t, c.SetWriteDeadline(time.Now().Add(limit)))
			_, err = c.Write(data[n:])
			require.NoError(t, err)
			c.closeWrite()
			got, err := s.Received(limit)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
		})
	}
}

func TestRefused(t *testing.T) {
	for place, at := range places(t) {
		t.Run(place, func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Refused(at...))
			network := "tcp"
			if place == "a unix socket" {
				network = "unix"
			}
			for range 3 {
				_, err := net.Dial(network, s.Addr())
				require.ErrorIs(t, err, syscall.ECONNREFUSED)
			}
			_, err := net.Listen(network, s.Addr())
			require.ErrorIs(t, err, syscall.EADDRINUSE, "the address is kept")

			require.NoError(t, s.Close())
			if network == "unix" {
				require.NoDirExists(t, filepath.Dir(s.Addr()))
			}
		})
	}
}

func TestNeverAccepts(t *testing.T) {
	for place, at := range places(t) {
		if place == "a unix socket" {
			continue
		}
		t.Run(place+"/a connect gets no answer", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.NeverAccepts(at...))
			for range 3 {
				_, err := net.DialTimeout("tcp", s.Addr(), 50*time.Millisecond)
				var timeout net.Error
				require.ErrorAs(t, err, &timeout)
				require.True(t, timeout.Timeout(), err)
			}
		})
		t.Run(place+"/a connect that waits succeeds after Release", func(t *testing.T) {
			if testing.Short() {
				t.Skip("the kernel asks again after a second")
			}
			balanced(t)
			s := opened(t, faulty.NeverAccepts(at...))
			connected := make(chan error, 1)
			go func() {
				conn, err := net.DialTimeout("tcp", s.Addr(), limit)
				if err == nil {
					conn.Close()
				}
				connected <- err
			}()
			// Long enough for the first SYN to be dropped; if it is not, the test
			// still holds.
			require.ErrorIs(t, s.WaitAccepted(1, 100*time.Millisecond), os.ErrDeadlineExceeded)
			require.Empty(t, connected)
			s.Release()
			require.NoError(t, <-connected)
			require.NoError(t, s.WaitAccepted(1, limit))
		})
	}
	t.Run("a unix socket/a connect is put off by EAGAIN, and succeeds after Release", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("elsewhere a full unix socket refuses")
		}
		balanced(t)
		s := opened(t, faulty.NeverAccepts("unix"))
		_, err := net.Dial("unix", s.Addr())
		require.ErrorIs(t, err, syscall.EAGAIN)
		s.Release()
		for errors.Is(err, syscall.EAGAIN) {
			var conn net.Conn
			if conn, err = net.Dial("unix", s.Addr()); err == nil {
				defer conn.Close()
			}
			runtime.Gosched()
		}
		require.NoError(t, err)
		require.NoError(t, s.WaitAccepted(1, limit))
	})
}

func TestMany(t *testing.T) {
	balanced(t)
	s := opened(t, faulty.Echo())
	t.Run("in a row", func(t *testing.T) {
		for i := range 20 {
			c := dial(t, s)
			c.say("ping")
			c.closeWrite()
			c.hearsEnd("ping", nil)
			v, err := s.Visit(i, limit)
			require.NoError(t, err)
			require.EqualValues(t, 4, v.Count)
		}
	})
	t.Run("at once", func(t *testing.T) {
		var clients []client
		for range 50 {
			clients = append(clients, dial(t, s))
		}
		require.NoError(t, s.WaitAccepted(70, limit))
		for i, c := range clients {
			c.say(fmt.Sprintf("client %02d", i))
		}
		for i, c := range clients {
			c.closeWrite()
			c.hearsEnd(fmt.Sprintf("client %02d", i), nil)
		}
	})
}

// everyone is each server once; a connect to it works unless shut.
func everyone() map[string]*faulty.Server {
	return map[string]*faulty.Server{
		"Drip": faulty.Drip("never read", 0), "Drip with a pause": faulty.Drip("x", time.Hour),
		"Stall": faulty.Stall("part"), "HalfClose": faulty.HalfClose("data"),
		"ResetMidway": faulty.ResetMidway("never read"), "Big": faulty.Big(1 << 40),
		"Echo": faulty.Echo(), "Sink": faulty.Sink(), "Silent": faulty.Silent(), "NeverReads": faulty.NeverReads(),
		"HTTP": faulty.HTTP("raw"), "HTTPKeepAlive": faulty.HTTPKeepAlive("raw"), "HTTPReset": faulty.HTTPReset("raw"),
		"Refused": faulty.Refused(), "NeverAccepts": faulty.NeverAccepts(),
	}
}

func shut(name string) bool { return name == "Refused" || name == "NeverAccepts" }

func TestClose(t *testing.T) {
	balanced(t)
	for name, s := range everyone() {
		t.Run(name+"/before anybody came, twice, and by many at once", func(t *testing.T) {
			require.NoError(t, s.Close())
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { assert.NoError(t, s.Close()) })
			}
			wg.Wait()
			s.Release()
			require.ErrorIs(t, s.WaitAccepted(1, limit), net.ErrClosed)
			_, err := s.Visit(0, limit)
			require.ErrorIs(t, err, net.ErrClosed)
		})
	}
	for name, s := range everyone() {
		if shut(name) {
			s.Close()
			continue
		}
		t.Run(name+"/while clients are connected and others wait for them", func(t *testing.T) {
			balanced(t)
			c := dial(t, s)
			dial(t, s)
			require.NoError(t, s.WaitAccepted(2, limit))
			waiting := make(chan error, 1)
			go func() {
				_, err := s.Visit(2, limit)
				waiting <- err
			}()
			require.NoError(t, s.Close())
			require.ErrorIs(t, <-waiting, net.ErrClosed)
			v, err := s.Visit(0, limit)
			require.NoError(t, err, "a visit that Close ended can be asked for")
			require.ErrorIs(t, v.Err, net.ErrClosed)
			require.ErrorContains(t, v.Err, "ended the connection")

			io.Copy(io.Discard, c) // what was sent before, and then the end, in order or not
			_, err = net.Dial("tcp", s.Addr())
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		})
	}
}

func TestCloseDuringAStormOfClients(t *testing.T) {
	balanced(t)
	for range 20 {
		s := faulty.Echo()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if conn, err := net.Dial("tcp", s.Addr()); err == nil {
					io.WriteString(conn, "x")
					io.Copy(io.Discard, io.LimitReader(conn, 1))
					conn.Close()
				}
			})
		}
		assert.NoError(t, s.WaitAccepted(1, limit))
		require.NoError(t, s.Close())
		wg.Wait()
	}
}

func TestAClientThatLeavesEndsItsVisit(t *testing.T) {
	for name, s := range everyone() {
		t.Run(name, func(t *testing.T) {
			defer s.Close()
			switch name {
			case "Silent", "NeverReads", "Drip with a pause":
				t.Skip("it doesn't look")
			case "Refused", "NeverAccepts":
				t.Skip("it has no visitors")
			}
			c := dial(t, s)
			require.NoError(t, s.WaitAccepted(1, limit))
			require.NoError(t, c.Conn.(*net.TCPConn).SetLinger(0))
			require.NoError(t, c.Close())
			_, err := s.Visit(0, limit)
			require.NoError(t, err)
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Run("URL speaks HTTP", func(t *testing.T) {
		s := opened(t, faulty.HTTP(""))
		require.Equal(t, "http://"+s.Addr()+"/", s.URL())
		require.Regexp(t, `^127\.0\.0\.1:[1-9][0-9]*$`, s.Addr())
	})
	t.Run("a path is a unix socket, and gone after Close", func(t *testing.T) {
		for _, open := range []func(...string) *faulty.Server{faulty.Echo, faulty.Refused, faulty.NeverAccepts} {
			path := filepath.Join(t.TempDir(), "s")
			s := open(path)
			require.Equal(t, path, s.Addr())
			require.Equal(t, "unix:"+path, s.URL())
			require.NoError(t, s.Close())
			require.NoFileExists(t, path)
		}
	})
	t.Run("a server that can't listen panics, and leaves nothing", func(t *testing.T) {
		balanced(t)
		taken := opened(t, faulty.Echo())
		for name, open := range map[string]func(){
			"in use":          func() { faulty.Echo(taken.Addr()) },
			"in use, raw":     func() { faulty.Refused(taken.Addr()) },
			"a name":          func() { faulty.Sink("localhost:0") },
			"nonsense":        func() { faulty.NeverAccepts("nowhere") },
			"two places":      func() { faulty.Echo("127.0.0.1:0", "[::1]:0") },
			"no directory":    func() { faulty.Refused("/nowhere/at/all") },
			"reset by unix":   func() { faulty.ResetMidway("x", "unix") },
			"reset by a path": func() { faulty.HTTPReset("x", "/tmp/x") },
			"minus one byte":  func() { faulty.Big(-1) },
			"visit -1":        func() { taken.Visit(-1, limit) },
		} {
			func() {
				defer func() { assert.Contains(t, fmt.Sprint(recover()), "faulty: ", name) }()
				open()
			}()
		}
	})
}

func TestMoreThanIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 64 MB")
	}
	s := opened(t, faulty.Sink())
	c := dial(t, s)
	sum := sha256.New()
	piece := faulty.Pattern(1 << 20)
	for range faulty.KeepLimit>>20 + 1 {
		sum.Write(piece)
		_, err := c.Write(piece)
		require.NoError(t, err)
	}
	c.Close()
	v, err := s.Visit(0, limit)
	require.NoError(t, err)
	require.Nil(t, v.Received)
	require.EqualValues(t, faulty.KeepLimit+1<<20, v.Count)
	require.Equal(t, fmt.Sprintf("%x", sum.Sum(nil)), v.SHA256)
	_, err = s.Received(limit)
	require.Error(t, err)
}

func TestPattern(t *testing.T) {
	p := faulty.Pattern(100_000)
	require.Equal(t, p[:7], faulty.Pattern(7))
	require.NoError(t, faulty.CheckPattern(p, 0))
	require.NoError(t, faulty.CheckPattern(p[12345:99999], 12345), "from the middle of a word")
	require.NoError(t, faulty.CheckPattern(nil, 5))
	require.Error(t, faulty.CheckPattern(p[1:], 0), "a byte is lost")
	for _, at := range []int{0, 7, 32 << 10, len(p) - 1} {
		p[at] ^= 1
		require.ErrorContains(t, faulty.CheckPattern(p, 0), fmt.Sprintf("byte %d is", at))
		p[at] ^= 1
	}
}
