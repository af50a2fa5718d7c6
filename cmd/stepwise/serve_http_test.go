package main

// Which files `stepwise serve http` serves, and for which hosts. Read serve_test.go
// first.

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// status requests path from s, with host as the Host, and returns the status.
func (s *server) status(host, path string) int {
	c := s.dial()
	_, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, host)
	require.NoError(s, err)
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(s, err)
	return a.StatusCode
}

func TestServeHosts(t *testing.T) {
	const stranger = "rebind.example.net"
	cases := []struct {
		name     string
		args     []string
		stranger int
	}{
		{"on the loopback, by default", []string{"--addr", "127.0.0.1:0"}, 421},
		{"on another address of the loopback", []string{"--addr", "127.0.0.2:0"}, 421},
		{"on localhost", []string{"--addr", "localhost:0"}, 421},
		{"on the loopback, another is allowed", []string{"--addr", "127.0.0.1:0", "--allow-host", "example.org"}, 421},
		{"on the loopback, two are allowed", []string{"--addr", "127.0.0.1:0", "--allow-host", "example.org", "--allow-host", stranger}, 200},
		{"on the loopback, any is allowed", []string{"--addr", "127.0.0.1:0", "--allow-host", "*"}, 200},
		{"on every address, by default", []string{"--addr", "0.0.0.0:0"}, 200},
		{"on every address, one is allowed", []string{"--addr", "0.0.0.0:0", "--allow-host", "example.org"}, 421},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := startServer(t, append([]string{"http", "--dir", "."}, c.args...)...)
			assert.Equal(t, c.stranger, s.status(stranger, "/serve.go"))
			for _, own := range []string{"localhost", s.addr, ""} {
				assert.Equal(t, 200, s.status(own, "/serve.go"), own)
			}
		})
	}
}

func TestServeLoopback(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1:80": true, "127.1.2.3:80": true, "localhost:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "192.0.2.1:80": false, "[fe80::1%lo]:80": false,
	} {
		assert.Equal(t, want, (&serveFlags{Addr: addr}).loopback(), addr)
	}
}

func TestServeDotfiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".env"), nil, 0o644))
	for status, args := range map[int][]string{404: nil, 200: {"--dotfiles"}} {
		s := startServer(t, append([]string{"http", "--addr", "127.0.0.1:0", "--dir", dir}, args...)...)
		assert.Equal(t, status, s.status("localhost", "/.env"))
	}
}

// full is a writer like a full disk: it fails from the first line on.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestServeUnheard checks that a server ends if it can't print its address: at port 0
// nobody could find it.
func TestServeUnheard(t *testing.T) {
	for _, args := range [][]string{{"echo"}, {"http"}, {"echo", "--loops", "2"}} {
		var complaint bytes.Buffer
		status := run(t.Context(), append([]string{"serve"}, append(args, "--addr", "127.0.0.1:0")...), streams{Out: full{}, Err: &complaint})
		assert.Equal(t, failed, status, args)
		assert.Contains(t, complaint.String(), "can't print the address 127.0.0.1:")
		assert.Contains(t, complaint.String(), "no space left on device; free some space, or redirect the output")
	}
}
