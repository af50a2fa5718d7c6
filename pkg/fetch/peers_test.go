package fetch_test

// net/http's client and ours ask servers that aren't Go's.

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/internal/peertest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
)

// nginxSite are the pages that nginx answers by itself.
const nginxSite = `
	keepalive_requests 3; client_max_body_size 64k; client_body_buffer_size 64k; etag off;
	location = /echo { return 200 "$request_method $http_x_test $http_authorization $content_length"; }
	location = /close { keepalive_timeout 0; return 200 "bye"; }
	location = /204 { return 204; }
	location = /404 { return 404; }
	location = /503 { return 503; }
	location = /304 { return 304; }
	location = /301 { return 301 /echo; }
	location = /302 { return 302 /echo; }
	location = /303 { return 303 /echo; }
	location = /307 { return 307 /echo; }
	location = /308 { return 308 /echo; }
	location /gzip/ { alias DIR/; gzip on; gzip_min_length 1; gzip_types *; }
	location /dav/ { alias DIR/; dav_methods PUT DELETE MKCOL; }
`

// pythonSite answers as SCRIPT's first argument says, in HTTP/1.0 or 1.1.
const pythonSite = `
import http.server, sys
class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = sys.argv[1]
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.path.startswith("/to/"):
            self.send_response(int(self.path[4:]))
            self.send_header("Location", "/echo")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        said = ("%s %s %s " % (self.command, self.headers.get("X-Test"), self.headers.get("Authorization"))).encode() + body
        if self.path == "/hints":
            self.send_response_only(103)
            self.send_header("Link", "</a>")
            self.end_headers()
        self.send_response(int(self.path[8:]) if self.path.startswith("/status/") else 200)
        if self.path == "/close":
            self.send_header("Connection", "close")
        chunks = self.path == "/chunks" and self.protocol_version == "HTTP/1.1"
        if chunks:
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("Trailer", "X-Sum")
        elif self.path != "/open":
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if self.command != "HEAD" and self.path not in ("/status/204", "/status/304"):
            self.wfile.write(b"%x\r\n%s\r\n0\r\nX-Sum: 42\r\n\r\n" % (len(said), said) if chunks else said)
        if self.path == "/open":
            self.close_connection = True
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_PURGE = answer
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer((sys.argv[2], int(sys.argv[3])), Site).serve_forever()
`

func python(version string) func(t *testing.T, dir string) string {
	return func(t *testing.T, _ string) string {
		return peertest.Start(t, "python3", func(address string) []string {
			host, port, _ := net.SplitHostPort(address)
			return []string{"-c", pythonSite, version, host, port}
		})
	}
}

// TestDoAgreesAtPeers makes the same requests of other servers with net/http's client and
// with ours, one after the other on each client's own connections.
func TestDoAgreesAtPeers(t *testing.T) {
	asked := []string{
		"GET /", "GET /page", "HEAD /page", "GET /echo", "HEAD /echo", "DELETE /echo", "OPTIONS /page", "PURGE /page",
		"POST /echo small", "PUT /dav/new small", "GET /dav/new", "PUT /dav/new large", "DELETE /dav/new", "DELETE /dav/new", "PATCH /echo small",
		"POST /page large", "GET /chunks", "HEAD /chunks", "GET /hints", "GET /open", "GET /close", "GET /close", "GET /missing",
		"GET /204", "GET /304", "GET /404", "GET /503", "HEAD /404", "GET /status/204", "GET /status/304", "GET /status/500", "HEAD /status/304",
		"GET /301", "POST /302 small", "POST /303 small", "POST /307 small", "PUT /308 small", "HEAD /303",
		"GET /to/301", "POST /to/301 small", "PUT /to/302 small", "DELETE /to/303", "POST /to/303 small", "POST /to/307 small", "PUT /to/308 large", "HEAD /to/308",
		"GET /gzip/page", "GET /gzip/page gzip", "HEAD /gzip/page gzip", "GET /page range", "GET /page since",
	}
	for name, start := range map[string]func(t *testing.T, dir string) string{
		"nginx": func(t *testing.T, dir string) string {
			return peertest.Nginx(t, dir, strings.ReplaceAll(nginxSite, "DIR", dir))
		},
		"python_in_HTTP_1.0": python("HTTP/1.0"),
		"python_in_HTTP_1.1": python("HTTP/1.1"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.Chmod(dir, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "page"), faulty.Pattern(300_000), 0o644))
			address := start(t, dir)
			make := func(line string) *http.Request {
				words := strings.Fields(line + " -")
				r := newRequest(t, words[0], "http://"+address+words[1], map[string]string{"small": "a body", "large": strings.Repeat("x", 1<<20)}[words[2]])
				r.Header.Set("X-Test", "x")
				r.Header.Set("Authorization", "secret")
				switch words[2] {
				case "gzip":
					r.Header.Set("Accept-Encoding", "gzip")
				case "range":
					r.Header.Set("Range", "bytes=10-19")
				case "since":
					r.Header.Set("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")
				}
				return r
			}
			theirs := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			defer theirs.CloseIdleConnections()
			var want, have []got
			for _, line := range asked {
				want = append(want, see(theirs.Do(make(line))))
			}
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				for _, line := range asked {
					have = append(have, see(c.Do(yield, make(line))))
				}
			})
			answered := 0
			for i, line := range asked {
				assert.Equal(t, want[i], have[i], line)
				if !want[i].Failed {
					answered++
				}
			}
			assert.Greater(t, answered, len(asked)*9/10)
		})
	}
}
