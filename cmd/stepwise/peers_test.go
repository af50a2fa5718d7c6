package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// TestFetchFromPeers fetches from other servers than ours, to check that we understand
// HTTP as others do, and compares what comes with what curl gets.
func TestFetchFromPeers(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	page := faulty.Pattern(3 << 20)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.bin"), page, 0o644))

	peers := []struct {
		name    string
		program string
		args    func(address, host, port string) []string
	}{
		{"python's http.server", "python3", func(_, host, port string) []string {
			return []string{"-m", "http.server", "--bind", host, "--directory", dir, port}
		}},
		{"nginx", "nginx", func(address, _, _ string) []string {
			return []string{"-p", dir, "-e", "stderr", "-c", nginxConfig(t, dir, address)}
		}},
		{"our own serve", os.Args[0], func(address, _, _ string) []string {
			return []string{"serve", "http", "--addr", address, "--dir", dir}
		}},
	}
	t.Setenv("STEPWISE_IS_THE_PROGRAM", "1") // os.Args[0] is
	for _, peer := range peers {
		t.Run(peer.name, func(t *testing.T) {
			program, err := exec.LookPath(peer.program)
			if err != nil {
				t.Skipf("NOT TESTED: install %s to fetch from it", peer.program)
			}
			address := freeAddress(t)
			host, port, err := net.SplitHostPort(address)
			require.NoError(t, err)
			server := exec.Command(program, peer.args(address, host, port)...)
			require.NoError(t, server.Start())
			defer func() {
				_ = server.Process.Signal(os.Interrupt)
				_ = server.Wait()
			}()
			waitFor(t, address)

			url := "http://" + address + "/page.bin"
			status, out, complaint := call(t, "fetch", url)
			assert.Equal(t, ok, status, complaint)
			assert.True(t, out == string(page), "got %d bytes, want %d", len(out), len(page))
			asCurlDoes(t, url)
		})
	}
}

// asCurlDoes gets parts of a page with curl and with fetch.
func asCurlDoes(t *testing.T, url string) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("NOT TESTED: install curl to compare with it")
	}
	undated := regexp.MustCompile(`(?m)^date: .*\n`)
	for _, args := range [][]string{{"-I"}, {"-H", "Range: bytes=10-19"}, {"-d", "a"}, {"-X", "OPTIONS"}, {"-H", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"}} {
		want, err := exec.Command(curl, append([]string{"-sS", "-w", "%{http_code}", url}, args...)...).Output()
		require.NoError(t, err)
		code := string(want[len(want)-3:])
		want = want[:len(want)-3]
		status, out, complaint := call(t, append([]string{"fetch", url}, args...)...)
		assert.Equal(t, ok, status, complaint)
		assert.Equal(t, code[0] != '2', strings.Contains(complaint, `the status is "`+code), "%v: %s", args, complaint)
		if args[0] == "-I" {
			want, out = []byte(sorted(string(want))), sorted(out)
		}
		assert.Equal(t, undated.ReplaceAllString(string(want), ""), undated.ReplaceAllString(out, ""), args)
	}
}

func nginxConfig(t *testing.T, dir, address string) string {
	path := filepath.Join(dir, "nginx.conf")
	config := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  server { listen %[2]s; root %[1]s; }
}`, dir, address)
	require.NoError(t, os.WriteFile(path, []byte(config), 0o644))
	return path
}

// freeAddress returns an address that is free now. The peers can't choose one
// themselves, so another program might take it in between.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// waitFor returns once a server accepts connections at address.
func waitFor(t *testing.T, address string) {
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	}, 20*time.Second, 20*time.Millisecond)
}
