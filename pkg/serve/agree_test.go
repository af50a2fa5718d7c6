package serve

// What we make of a request, beside what net/http and nginx make of it. Read
// http_test.go first.

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
)

// readsAll answers with what it sees of a request, all of its body included.
func readsAll(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %d %t", r.Method, r.Host, r.URL, len(body), err == nil)
}

func TestAgreement(t *testing.T) {
	ours := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, r *http.Request) { readsAll(w, r) }, Limits{})})
	theirs := netHTTP(t)
	nginx := nginxSocket(t)
	for _, a := range agreements {
		t.Run(a.name, func(t *testing.T) {
			require.Equal(t, a.differs != same, a.why != "", "a difference has a reason")
			assert.Equal(t, a.ours, outcome(t, "tcp", ours.addr, a.raw), "ours")
			assert.Equal(t, cmp.Or(a.netHTTP, a.ours), outcome(t, "tcp", theirs, a.raw), "net/http")
			if nginx != "" { // its next version may agree with us
				assert.Contains(t, []string{a.nginx, a.ours}, outcome(t, "unix", nginx, a.raw), "nginx")
			}
		})
	}
	if nginx == "" {
		t.Log("NOT TESTED: install nginx to compare with it")
	}
}

// outcome is what becomes of raw, and of a request behind it.
func outcome(t *testing.T, network, addr, raw string) string {
	c, err := net.Dial(network, addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(c, raw+"GET /next HTTP/1.1\r\n"+theHost+"Connection: close\r\n\r\n")
	require.NoError(t, err)
	all, _ := io.ReadAll(c) // nginx may reset a connection that it closes
	r := bufio.NewReader(strings.NewReader(string(all)))
	method, _, _ := strings.Cut(raw, " ")
	var codes []string
	for {
		a, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			break
		}
		method = "GET"
		_, _ = io.Copy(io.Discard, a.Body)
		if a.StatusCode != http.StatusContinue {
			codes = append(codes, fmt.Sprint(a.StatusCode))
		}
	}
	switch {
	case len(codes) == 0:
		return "nothing"
	case len(codes) == 1:
		return codes[0] + " closed"
	case len(codes) == 2 && codes[1] == "200":
		return codes[0] + " open"
	}
	return strings.Join(codes, " ")
}

func netHTTP(t *testing.T) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &http.Server{Handler: http.HandlerFunc(readsAll)}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Close()
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	})
	return l.Addr().String()
}

// nginxSocket starts nginx, and returns the path where it listens; "" where it isn't
// installed.
func nginxSocket(t *testing.T) string {
	program, err := exec.LookPath("nginx")
	if err != nil {
		return ""
	}
	dir, err := os.MkdirTemp("", "n") // a socket's path must be short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config, socket := filepath.Join(dir, "conf"), filepath.Join(dir, "s")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `daemon off; master_process off; pid %[1]s/pid; error_log /dev/null;
events {}
http {
  access_log off;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  server { listen unix:%[2]s; location / { return 200 ""; } }
}`, dir, socket), 0o644))
	c := exec.Command(program, "-p", dir, "-e", "stderr", "-c", config)
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	require.Eventually(t, func() bool {
		s, err := net.Dial("unix", socket)
		if err == nil {
			s.Close()
		}
		return err == nil
	}, patience, time.Millisecond)
	return socket
}
