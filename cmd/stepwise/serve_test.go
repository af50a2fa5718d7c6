package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/internal/leaktest"
	"stepwise/internal/peertest"
	"stepwise/pkg/faulty"
)

// TestMain lets the test's own binary be the program, for tests that need a process of
// its own: signals, exit statuses, use of the processor.
func TestMain(m *testing.M) {
	box.Enter()
	if os.Getenv("STEPWISE_IS_THE_PROGRAM") != "" {
		main()
	}
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // with -race, each program that a test starts would sleep a second at its end
	os.Exit(m.Run())
}

// server is stepwise serve in a process of its own.
type server struct {
	*testing.T
	*exec.Cmd
	addr   string
	stderr bytes.Buffer
	ended  chan error
}

func startServer(t *testing.T, args ...string) *server {
	s := &server{T: t, Cmd: exec.Command(os.Args[0], append([]string{"serve"}, args...)...), ended: make(chan error, 1)}
	s.Env = append(os.Environ(), "STEPWISE_IS_THE_PROGRAM=1")
	s.Stderr = &s.stderr
	out, err := s.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	what, addr, _ := strings.Cut(strings.TrimSpace(line), " on ")
	require.Equal(t, "serving "+args[0], strings.TrimSuffix(what, " over TLS"))
	s.addr = addr
	go func() { s.ended <- s.Wait() }()
	t.Cleanup(func() { _ = s.Process.Kill(); <-s.ended })
	return s
}

func (s *server) signal(sig syscall.Signal) { require.NoError(s, s.Process.Signal(sig)) }

// exits0 waits for the end, and checks the exit status.
func (s *server) exits0() {
	select {
	case err := <-s.ended:
		s.ended <- err
		require.NoError(s, err, s.stderr.String())
	case <-time.After(time.Minute):
		require.Fail(s, "it doesn't end")
	}
}

func (s *server) dial() net.Conn {
	c, err := net.Dial("tcp", s.addr)
	require.NoError(s, err)
	require.NoError(s, c.SetDeadline(time.Now().Add(time.Minute)))
	s.Cleanup(func() { c.Close() })
	return c
}

func (s *server) echoes(c net.Conn) {
	_, err := io.WriteString(c, "hello")
	require.NoError(s, err)
	got := make([]byte, 5)
	_, err = io.ReadFull(c, got)
	require.NoError(s, err)
	require.Equal(s, "hello", string(got))
}

// TestServePeers has other clients than ours fetch from our server, and compares every
// byte.
func TestServePeers(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	page := faulty.Pattern(3<<20 + 7)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.bin"), page, 0o644))
	for _, loops := range []string{"1", "2"} {
		s := startServer(t, "http", "--addr", "127.0.0.1:0", "--dir", dir, "--loops", loops)
		url := "http://" + s.addr + "/page.bin"
		same := func(t *testing.T, got []byte, err error) {
			require.NoError(t, err)
			require.True(t, bytes.Equal(page, got), "got %d bytes, want %d", len(got), len(page))
		}
		for name, command := range map[string][]string{
			"curl":                      {"curl", "-sS", "--fail", url},
			"curl in ten ranges":        {"sh", "-c", "for i in 0 1 2 3 4 5 6 7 8; do curl -sS --fail -r $((i*300000))-$((i*300000+299999)) " + url + "; done; curl -sS --fail -r 2700000- " + url},
			"python's http.client":      {"python3", "-c", pythonClient, s.addr},
			"nginx, as its proxy":       nil,
			"package net/http":          nil,
			"our own fetch":             nil,
			"package net/http, in HEAD": nil,
		} {
			t.Run(loops+" loops/"+name, func(t *testing.T) {
				switch {
				case command != nil:
					if _, err := exec.LookPath(command[0]); err != nil {
						t.Skipf("NOT TESTED: install %s to fetch with it", command[0])
					}
					got, err := exec.Command(command[0], command[1:]...).Output()
					same(t, got, err)
				case strings.HasPrefix(name, "nginx"):
					same(t, throughNginx(t, s.addr), nil)
				case strings.HasSuffix(name, "HEAD"):
					r, err := http.Head(url)
					require.NoError(t, err)
					require.EqualValues(t, len(page), r.ContentLength)
				case strings.HasPrefix(name, "our"):
					status, out, complaint := call(t, "fetch", url)
					require.Equal(t, ok, status, complaint)
					same(t, []byte(out), nil)
				default:
					for range 3 { // on one connection
						r, err := http.Get(url)
						require.NoError(t, err)
						got, err := io.ReadAll(r.Body)
						same(t, got, err)
						require.NoError(t, r.Body.Close())
					}
				}
			})
		}
		http.DefaultClient.CloseIdleConnections()
		s.signal(syscall.SIGTERM)
		s.exits0()
		require.Empty(t, s.stderr.String())
	}
}

// pythonClient gets the page twice on one connection, and prints the second answer.
const pythonClient = `
import http.client, sys
c = http.client.HTTPConnection(sys.argv[1])
for i in range(2):
    c.request("GET", "/page.bin")
    r = c.getresponse()
    assert r.status == 200 and r.version == 11
    body = r.read()
sys.stdout.buffer.write(body)
`

func throughNginx(t *testing.T, upstream string) []byte {
	address := peertest.Nginx(t, t.TempDir(), "location / { proxy_pass http://"+upstream+"; proxy_http_version 1.1; proxy_set_header Connection \"\"; }")
	r, err := http.Get("http://" + address + "/page.bin")
	require.NoError(t, err)
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return got
}

// TestServeShutdown is V08 with real signals.
func TestServeShutdown(t *testing.T) {
	for _, args := range [][]string{{"echo"}, {"http", "--dir", "."}, {"echo", "--loops", "3"}} {
		args = append(args, "--addr", net.JoinHostPort(peertest.Host(), "0"), "--drain", "1h")
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
			t.Run(fmt.Sprintf("V08 %s with idle clients, by %v", strings.Join(args[:1], " "), sig), func(t *testing.T) {
				s := startServer(t, args...)
				if c := s.dial(); args[0] == "echo" {
					s.echoes(c)
				} else { // an answer, and the connection stays
					_, err := io.WriteString(c, "GET /serve.go HTTP/1.1\r\nHost: localhost\r\n\r\n")
					require.NoError(t, err)
					r, err := http.ReadResponse(bufio.NewReader(c), nil)
					require.NoError(t, err)
					_, err = io.Copy(io.Discard, r.Body)
					require.NoError(t, err)
				}
				s.signal(sig)
				s.exits0()
				_, err := net.Dial("tcp", s.addr)
				require.ErrorIs(t, err, syscall.ECONNREFUSED)
			})
		}
	}
	// stuck starts a server, and a client that reads no more than the first byte of a large
	// answer, so that the server stays busy.
	stuck := func(t *testing.T, args ...string) *server {
		dir := t.TempDir()
		page, err := os.Create(filepath.Join(dir, "page"))
		require.NoError(t, err)
		require.NoError(t, page.Truncate(256<<20))
		require.NoError(t, page.Close())
		s := startServer(t, append([]string{"http", "--dir", dir, "--addr", net.JoinHostPort(peertest.Host(), "0")}, args...)...)
		c := s.dial()
		_, err = io.WriteString(c, "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n")
		require.NoError(t, err)
		_, err = io.ReadFull(c, make([]byte, 1))
		require.NoError(t, err)
		return s
	}
	t.Run("V08 a stuck client, for the drain", func(t *testing.T) {
		s := stuck(t, "--drain", "300ms")
		s.signal(syscall.SIGTERM)
		s.exits0()
	})
	t.Run("V08 a stuck client, and a second signal", func(t *testing.T) {
		s := stuck(t, "--drain", "1h", "--loops", "2")
		s.signal(syscall.SIGTERM)
		require.Eventually(t, func() bool { // it drains: the second is not merged with the first
			c, err := net.Dial("tcp", s.addr)
			if err == nil {
				c.Close()
			}
			return err != nil
		}, time.Minute, time.Millisecond)
		s.signal(syscall.SIGTERM)
		s.exits0()
	})
}

// TestServeIdle counts the processor's ticks, of a hundredth of a second each. After the last
// echo, Go may still collect garbage: so one quiet second is enough. A server that is not idle
// has none.
func TestServeIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds of watching that nothing happens")
	}
	s := startServer(t, "echo", "--addr", "127.0.0.1:0")
	for range 300 {
		s.dial()
	}
	s.echoes(s.dial())
	ticks := func() (sum int) {
		fields := strings.Fields(read(t, fmt.Sprintf("/proc/%d/stat", s.Process.Pid)))
		for _, field := range fields[13:15] {
			n := 0
			_, err := fmt.Sscan(field, &n)
			require.NoError(t, err)
			sum += n
		}
		return sum
	}
	leaktest.Until(t, "V02: idle at no cost", func() bool {
		before := ticks()
		time.Sleep(time.Second) // what is measured, not what is waited for
		return ticks()-before <= 2
	})
}

func TestServeMaxConns(t *testing.T) {
	s := startServer(t, "echo", "--addr", "127.0.0.1:0", "--max-conns", "1")
	first, second := s.dial(), s.dial()
	s.echoes(first)
	require.NoError(t, second.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, err := io.WriteString(second, "hello")
	require.NoError(t, err)
	_, err = second.Read(make([]byte, 5))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "V07")
	require.NoError(t, first.Close())
	require.NoError(t, second.SetReadDeadline(time.Now().Add(time.Minute)))
	_, err = io.ReadFull(second, make([]byte, 5))
	require.NoError(t, err)
}

func TestServeUsage(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	cases := []struct {
		name   string
		args   []string
		status int
		err    string
	}{
		{"no kind", nil, usage, "expected one of"},
		{"B04 no port", []string{"echo", "--addr", "127.0.0.1"}, usage, `want "127.0.0.1:80"`},
		{"B04 a port too high", []string{"echo", "--addr", "127.0.0.1:65536"}, usage, `want "127.0.0.1:80"`},
		{"B04 a name", []string{"echo", "--addr", "example.org:80"}, usage, `want "127.0.0.1:80"`},
		{"B04 a folder that is not there", []string{"http", "--dir", "/no/such"}, usage, "--dir"},
		{"B04 no connections", []string{"echo", "--max-conns=-1"}, usage, "negative"},
		{"B04 no loops", []string{"echo", "--loops", "0"}, usage, "1 to 1024"},
		{"B04 fewer connections than loops", []string{"echo", "--loops", "3", "--max-conns", "2"}, usage, "without a connection"},
		{"B04 a host that is a URL", []string{"http", "--allow-host", "http://example.org"}, usage, "want a host name, such as example.org"},
		{"B04 a host with a space", []string{"http", "--allow-host", "a b"}, usage, "want a host name, such as example.org"},
		{"B04 a negative drain", []string{"echo", "--drain=-1s"}, usage, "negative"},
		{"A12 an address that is taken", []string{"echo", "--addr", taken.Addr().String()}, failed, "address already in use\nTry: stepwise serve echo --addr 127.0.0.1:0\n"},
		{"A12 an address that is not ours", []string{"http", "--addr", "192.0.2.1:0"}, failed, "cannot assign requested address\nTry: stepwise serve http --addr 127.0.0.1:0\n"},
		{"A12 an address that is taken, for two loops", []string{"echo", "--loops", "2", "--addr", taken.Addr().String()}, failed, "address already in use\nTry: "},
		{"A12 a path in no folder", []string{"echo", "--addr", "unix:/no/such"}, failed, "no such file or directory\nTry: "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, _, complaint := call(t, append([]string{"serve"}, c.args...)...)
			assert.Equal(t, c.status, status, complaint)
			assert.Contains(t, complaint, c.err)
		})
	}
}

func TestTraceServe(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o644))
	for kind, request := range map[string]string{"echo": "hello", "http": "GET /a.txt HTTP/1.0\r\n\r\n"} {
		t.Run(kind, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "out.txt")
			args := []string{"trace", "-o", file, "serve", kind, "--addr", "127.0.0.1:0"}
			if kind == "http" {
				args = append(args, "--dir", dir)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			heard, say := io.Pipe()
			status := make(chan int, 1)
			go func() { status <- run(ctx, args, streams{Out: io.Discard, Err: say}); say.Close() }()
			lines := bufio.NewReader(heard)
			line, err := lines.ReadString('\n')
			require.NoError(t, err)
			_, addr, _ := strings.Cut(strings.TrimSpace(line), " on ")
			c, err := net.Dial("tcp", addr)
			require.NoError(t, err)
			defer c.Close()
			_, err = io.WriteString(c, request)
			require.NoError(t, err)
			_, err = c.Read(make([]byte, 5))
			require.NoError(t, err)
			stop()
			rest, err := io.ReadAll(lines)
			require.NoError(t, err)
			require.Equal(t, ok, <-status, string(rest))
			require.Contains(t, string(rest), "out.txt shows ")
			require.Contains(t, read(t, file), "accept")
		})
	}
}
