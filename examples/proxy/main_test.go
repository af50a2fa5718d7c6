package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

const much = 16 << 20

// passing starts the proxy before a server of plain net, which serves each connection.
func passing(t *testing.T, serve func(c *net.TCPConn), flags ...string) *programtest.Program {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c.(*net.TCPConn))
			}()
		}
	}()
	return programtest.Start(t, append([]string{"-listen", "127.0.0.1:0", "-to", listener.Addr().String()}, flags...)...)
}

func dial(t *testing.T, p *programtest.Program) *net.TCPConn {
	c, err := net.Dial("tcp", p.Address())
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(leaktest.Patience)))
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

// ends interrupts p and wants it to end well, with as many descriptors as at first.
func ends(t *testing.T, p *programtest.Program, files int) {
	leaktest.Until(t, "the connections' descriptors are closed", func() bool { return p.Files() == files })
	p.Interrupt()
	p.Ends(0)
}

func echo(c *net.TCPConn) {
	_, _ = io.Copy(c, c)
	_ = c.CloseWrite()
}

func pattern(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("NOT TESTED: install curl to fetch through the proxy")
	}
	page := pattern(much)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(append(body, page...))
	}))
	defer server.Close()
	p := programtest.Start(t, "-listen", "127.0.0.1:0", "-to", server.Listener.Addr().String())
	url := "http://" + p.Address() + "/"
	files := p.Files()
	sent := filepath.Join(t.TempDir(), "sent")
	require.NoError(t, os.WriteFile(sent, page, 0o600))
	got, err := exec.Command(curl, "--silent", "--show-error", "--data-binary", "@"+sent, url, url).Output()
	require.NoError(t, err)
	require.True(t, bytes.Equal(bytes.Repeat(page, 4), got), "%d bytes", len(got))
	ends(t, p, files)
}

func TestBothWaysAtOnceAndHalfClose(t *testing.T) {
	p := passing(t, echo)
	p.Address()
	files := p.Files()
	data := pattern(much)
	var all []*net.TCPConn
	for range 4 {
		all = append(all, dial(t, p))
	}
	for _, c := range all {
		go func() {
			_, _ = c.Write(data)
			_ = c.CloseWrite()
		}()
	}
	for _, c := range all {
		got, err := io.ReadAll(c) // its end comes only if ours has been passed on
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got), "%d bytes", len(got))
		c.Close()
	}
	ends(t, p, files)
}

func TestTheServerEndsItsSideFirst(t *testing.T) {
	counted := make(chan int64, 1)
	p := passing(t, func(c *net.TCPConn) {
		_, _ = io.WriteString(c, "good-bye")
		_ = c.CloseWrite()
		n, _ := io.Copy(io.Discard, c)
		counted <- n
	})
	p.Address()
	files := p.Files()
	c := dial(t, p)
	got, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Equal(t, "good-bye", string(got))
	_, err = c.Write(pattern(much))
	require.NoError(t, err)
	require.NoError(t, c.CloseWrite())
	require.EqualValues(t, much, <-counted)
	ends(t, p, files)
}

// TestRedis pipelines through the proxy.
func TestRedis(t *testing.T) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("NOT TESTED: install redis-server to put the proxy before it")
	}
	dir, err := os.MkdirTemp("", "proxy") // a path that fits into a unix socket's address
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "redis")
	redis := exec.Command(program, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	require.NoError(t, redis.Start())
	defer func() {
		_ = redis.Process.Kill()
		_ = redis.Wait()
	}()
	leaktest.Until(t, "redis-server listens", func() bool {
		c, err := net.Dial("unix", socket)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	p := programtest.Start(t, "-listen", "127.0.0.1:0", "-to", "unix:"+socket)
	p.Address()
	files := p.Files()
	c := dial(t, p)
	const n = 100_000
	go func() {
		w := bufio.NewWriter(c)
		for i := range n {
			fmt.Fprintf(w, "*2\r\n$4\r\nINCR\r\n$1\r\nx\r\n*2\r\n$4\r\nECHO\r\n$6\r\n%06d\r\n", i)
		}
		_ = w.Flush()
	}()
	r := bufio.NewReader(c)
	for i := range n {
		var got [3]string
		for j := range got {
			line, err := r.ReadString('\n')
			require.NoError(t, err)
			got[j] = strings.TrimSpace(line)
		}
		require.Equal(t, [3]string{fmt.Sprintf(":%d", i+1), "$6", fmt.Sprintf("%06d", i)}, got)
	}
	c.Close()
	ends(t, p, files)
}
