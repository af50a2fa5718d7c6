package sock_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
)

// certificate is net/http/httptest's own.
func certificate() (server, client *tls.Config) {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

// TestStream runs what others wrote for a net.Conn.
func TestStream(t *testing.T) {
	serverTLS, clientTLS := certificate()
	runRows(t, []row{
		{name: "bufio", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			lines := w.Spawn(func(yield coro.Yield) error {
				r := bufio.NewReader(sock.Stream(yield, b))
				for _, want := range []string{"one\n", "two\n"} {
					line, err := r.ReadString('\n')
					assert.NoError(w, err)
					assert.Equal(w, want, line)
				}
				_, err := r.ReadString('\n')
				return err
			})
			out := bufio.NewWriter(sock.Stream(yield, a))
			_, err := out.WriteString("one\ntwo\nrest")
			require.NoError(w, err)
			require.NoError(w, out.Flush())
			require.NoError(w, sock.Stream(yield, a).Close())
			w.fails(yield, lines, io.EOF)
		}},
		{name: "net_http_messages", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			server := w.Spawn(func(yield coro.Yield) error {
				conn := sock.Stream(yield, b)
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return err
				}
				answer := http.Response{StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1, Request: request, TransferEncoding: []string{"chunked"},
					Body: io.NopCloser(strings.NewReader("you asked for " + request.URL.Path))}
				return answer.Write(conn)
			})
			conn := sock.Stream(yield, a)
			request, err := http.NewRequest("GET", "http://host/page", nil)
			require.NoError(w, err)
			require.NoError(w, request.Write(conn))
			answer, err := http.ReadResponse(bufio.NewReader(conn), request)
			require.NoError(w, err)
			body, err := io.ReadAll(answer.Body)
			require.NoError(w, err)
			assert.Equal(w, "you asked for /page", string(body))
			w.fails(yield, server, nil)
		}},
		{name: "crypto_tls_client_and_server", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			data := faulty.Pattern(100_000)
			server := w.Spawn(func(yield coro.Yield) error {
				conn := tls.Server(sock.Stream(yield, b), serverTLS)
				got, err := io.ReadAll(conn)
				assert.Equal(w, data, got)
				if err == nil {
					_, err = conn.Write(got[:10])
				}
				if err == nil {
					err = conn.Close()
				}
				return err
			})
			conn := tls.Client(sock.Stream(yield, a), clientTLS)
			_, err := conn.Write(data)
			require.NoError(w, err)
			require.NoError(w, conn.CloseWrite())
			got, err := io.ReadAll(conn)
			require.NoError(w, err)
			assert.Equal(w, data[:10], got)
			w.fails(yield, server, nil)
		}},
		{name: "Q04_a_reset_is_an_error_with_a_count", run: func(w *world, yield coro.Yield) {
			conn := sock.Stream(yield, w.connect(yield, w.serve(faulty.ResetMidway("")).Addr()))
			var err error
			for err == nil {
				var n int
				n, err = conn.Write([]byte("x"))
				require.Equal(w, err == nil, n == 1)
			}
		}},
	})
}
