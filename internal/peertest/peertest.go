// Package peertest starts other people's servers for a test, on addresses of this machine.
// A test whose program isn't installed is skipped, and says so.
package peertest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

// Host is an address of this machine for a test that listens there, stops, and relies on
// the port: that nobody answers any more, or that a program can have it. At 127.0.0.1 any
// process may be given the port in between. Linux has addresses enough for one a process.
func Host() string {
	if runtime.GOOS != "linux" {
		return "127.0.0.1"
	}
	pid := os.Getpid() // less than 1<<22
	return net.IPv4(127, 128|byte(pid>>16), byte(pid>>8), byte(pid)).String()
}

// Start starts program with the arguments for an address, and returns the address once
// the program accepts connections there. The program ends with the test.
//
// The peers can't choose a free port themselves. At Host nothing else takes it before they
// do, but where that is everybody's address. Then they end, and Start tries another port.
func Start(t testing.TB, program string, args func(address string) []string) (address string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("NOT TESTED: install %s to test with it", program)
	}
	for range 10 {
		l, err := net.Listen("tcp", net.JoinHostPort(Host(), "0"))
		require.NoError(t, err)
		address = l.Addr().String()
		require.NoError(t, l.Close())
		server := exec.Command(path, args(address)...)
		require.NoError(t, server.Start())
		ended := make(chan struct{})
		go func() {
			_ = server.Wait()
			close(ended)
		}()
		t.Cleanup(func() {
			_ = server.Process.Signal(os.Interrupt)
			<-ended
		})
		if listens(t, address, ended) {
			return address
		}
	}
	t.Fatalf("%s doesn't listen", program)
	return ""
}

// listens waits until somebody accepts connections at address, or the server has ended.
func listens(t testing.TB, address string, ended chan struct{}) bool {
	t.Helper()
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	patience := time.After(leaktest.Patience)
	for {
		select {
		case <-ended:
			return false
		case <-patience:
			t.Fatalf("nobody listens at %s", address)
		case <-ticks.C:
			c, err := net.Dial("tcp", address)
			if err != nil {
				continue
			}
			_ = c.Close()
			if c.LocalAddr().String() != c.RemoteAddr().String() { // TCP may connect a port to itself
				return true
			}
		}
	}
}

// Nginx starts nginx on the files of dir, with further lines of its server block.
func Nginx(t testing.TB, dir, lines string) (address string) {
	t.Helper()
	return Start(t, "nginx", func(address string) []string {
		own := t.TempDir()
		config := filepath.Join(own, "nginx.conf")
		text := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  server { listen %[2]s; root %[3]s; %[4]s }
}`, own, address, dir, lines)
		require.NoError(t, os.WriteFile(config, []byte(text), 0o644))
		return []string{"-p", own, "-e", "stderr", "-c", config}
	})
}
