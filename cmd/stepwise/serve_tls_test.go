package main

// `stepwise serve` with TLS, as other programs see it. Read serve_test.go first.

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/pkg/faulty"
)

func TestServeTLS(t *testing.T) {
	pair := certtest.New(t, "127.0.0.1")
	cert, key := pair.Files(t)
	page := faulty.Pattern(3<<20 + 7)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.bin"), page, 0o644))
	// by runs a program, if it is here.
	by := func(t *testing.T, stdin string, program string, args ...string) []byte {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("NOT TESTED: install %s to ask with it", program)
		}
		c := exec.Command(program, args...)
		c.Stdin = strings.NewReader(stdin)
		var complaint bytes.Buffer
		c.Stderr = &complaint
		out, err := c.Output()
		require.NoError(t, err, complaint.String())
		return out
	}
	for _, loops := range []string{"1", "2"} {
		t.Run("http, loops: "+loops, func(t *testing.T) {
			s := startServer(t, "http", "--addr", "127.0.0.1:0", "--dir", dir, "--cert", cert, "--key", key, "--loops", loops)
			url := "https://" + s.addr + "/page.bin"
			same := func(t *testing.T, got []byte) {
				require.True(t, bytes.Equal(page, got), "got %d bytes, want %d", len(got), len(page))
			}
			t.Run("curl", func(t *testing.T) { same(t, by(t, "", "curl", "-sS", "--fail", "--cacert", cert, url)) })
			t.Run("curl, twice on a connection", func(t *testing.T) {
				out := by(t, "", "curl", "-sS", "--fail", "--cacert", cert, "-w", "%{num_connects}", "-o", os.DevNull, url, "-o", os.DevNull, url)
				require.Equal(t, "10", string(out))
			})
			t.Run("curl without TLS", func(t *testing.T) {
				out := by(t, "", "curl", "-sS", "-w", "%{http_code}", "http://"+s.addr+"/page.bin")
				require.Regexp(t, `https://.*\n400$`, string(out))
			})
			t.Run("our own fetch", func(t *testing.T) {
				status, out, complaint := call(t, "fetch", "--cacert", cert, url)
				require.Equal(t, ok, status, complaint)
				same(t, []byte(out))
			})
			t.Run("openssl, which asks for HTTP/1.1", func(t *testing.T) {
				out := by(t, "", "openssl", "s_client", "-connect", s.addr, "-CAfile", cert, "-verify_return_error", "-alpn", "h2,http/1.1")
				require.Contains(t, string(out), "ALPN protocol: http/1.1")
			})
			s.signal(syscall.SIGTERM)
			s.exits0()
		})
	}
	t.Run("echo", func(t *testing.T) {
		s := startServer(t, "echo", "--addr", "127.0.0.1:0", "--cert", cert, "--key", key)
		t.Run("crypto/tls", func(t *testing.T) {
			c := tls.Client(s.dial(), &tls.Config{RootCAs: pair.Roots, ServerName: "127.0.0.1"})
			go func() { _, _ = c.Write(page); _ = c.CloseWrite() }()
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.True(t, bytes.Equal(page, got), "got %d bytes, want %d", len(got), len(page))
		})
		t.Run("openssl", func(t *testing.T) {
			c := exec.Command("openssl", "s_client", "-quiet", "-connect", s.addr, "-CAfile", cert, "-verify_return_error")
			in, err := c.StdinPipe()
			require.NoError(t, err)
			out, err := c.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, c.Start())
			_, err = io.WriteString(in, "hello\n")
			require.NoError(t, err)
			got := make([]byte, 6)
			_, err = io.ReadFull(out, got)
			require.NoError(t, err)
			require.Equal(t, "hello\n", string(got))
			_ = in.Close()
			_ = c.Process.Kill()
			_ = c.Wait()
		})
		silent, err := net.Dial("tcp", s.addr) // a handshake that never comes is no work to finish
		require.NoError(t, err)
		defer silent.Close()
		s.signal(syscall.SIGTERM)
		s.exits0()
		require.NotContains(t, s.stderr.String(), "failed")
	})
	for name, c := range map[string]struct {
		args []string
		err  string
	}{
		"a certificate alone":      {[]string{"--cert", cert}, "--cert needs its key: add --key FILE"},
		"a key alone":              {[]string{"--key", key}, "--key needs its certificate: add --cert FILE"},
		"a file that is not there": {[]string{"--cert", "/no/such", "--key", key}, "--cert: there is no /no/such"},
		"the wrong way round":      {[]string{"--cert", key, "--key", cert}, "want PEM files of a certificate and its key"},
		"no certificate in it":     {[]string{"--cert", "serve_test.go", "--key", key}, "serve_test.go --key " + key},
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []string{"http", "echo"} {
				status, _, complaint := call(t, append([]string{"serve", kind, "--addr", "127.0.0.1:0"}, c.args...)...)
				assert.Equal(t, usage, status, complaint)
				assert.Contains(t, complaint, c.err)
			}
		})
	}
}
