package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/peertest"
	"stepwise/pkg/faulty"
)

// TestFetchFromPeers fetches from other servers than ours, to check that we understand
// HTTP as others do, and compares what comes with what curl gets.
func TestFetchFromPeers(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	page := faulty.Pattern(3 << 20)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.bin"), page, 0o644))

	t.Setenv("STEPWISE_IS_THE_PROGRAM", "1") // os.Args[0] is
	for name, start := range map[string]func(t *testing.T) (address string){
		"python's http.server": func(t *testing.T) string {
			return peertest.Start(t, "python3", func(address string) []string {
				host, port, _ := net.SplitHostPort(address)
				return []string{"-m", "http.server", "--bind", host, "--directory", dir, port}
			})
		},
		"nginx": func(t *testing.T) string { return peertest.Nginx(t, dir, "") },
		"our own serve": func(t *testing.T) string {
			return peertest.Start(t, os.Args[0], func(address string) []string {
				return []string{"serve", "http", "--addr", address, "--dir", dir}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			address := start(t)
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
