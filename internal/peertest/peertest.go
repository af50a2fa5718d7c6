// Package peertest starts other people's servers for a test, on addresses of this machine.
// A test whose program isn't installed is skipped, and says so.
package peertest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

// Start starts program with the arguments for an address, and returns the address once
// the program accepts connections there. The program ends with the test. The peers can't
// choose a free address themselves, so another program might take it in between.
func Start(t testing.TB, program string, args func(address string) []string) (address string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("NOT TESTED: install %s to test with it", program)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address = l.Addr().String()
	require.NoError(t, l.Close())
	server := exec.Command(path, args(address)...)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	leaktest.Until(t, program+" listens", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return address
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
