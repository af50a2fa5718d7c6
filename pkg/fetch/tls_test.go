package fetch_test

// https: who is trusted, what name the server is asked by, and where an answer
// ends that anybody on the way can cut.

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
)

func TestTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(faulty.Pattern(1 << 20))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer server.Close()
	trusting := trustIn(server)
	body, _, err := fetchBy(t, fetch.Client{TLS: trusting}, server.URL)
	require.NoError(t, err)
	assert.True(t, body == string(faulty.Pattern(1<<20)), "%d bytes", len(body))
	_, _, err = fetchBy(t, fetch.Client{}, server.URL)
	var unknown *tls.CertificateVerificationError
	require.ErrorAs(t, err, &unknown, "nobody vouches for it")
	_, _, err = fetchBy(t, fetch.Client{TLS: trusting}, strings.Replace(server.URL, "https", "http", 1))
	require.NoError(t, err, "net/http answers with a 400 of its own")
}

// secure serves on TLS by hand: what talk says, and then the end that it makes.
type secure struct {
	net.Listener
	names chan string // that clients asked for
	roots *x509.CertPool
}

// newSecure has a certificate for some names, and talks to each client.
func newSecure(t *testing.T, version uint16, names []string, talk func(*tls.Conn)) *secure {
	pair := certtest.New(t, names...)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := &secure{listener, make(chan string, 10), pair.Roots}
	config := &tls.Config{MaxVersion: version, GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		s.names <- hello.ServerName
		return &pair.Certificate, nil
	}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go talk(tls.Server(conn, config))
		}
	}()
	return s
}

// client trusts the server and finds it whatever it is asked for.
func (s *secure) client() fetch.Client {
	return fetch.Client{TLS: &tls.Config{RootCAs: s.roots}, Dial: func(yield coro.Yield, _ string) (*sock.Socket, error) {
		return sock.Connect(yield, s.Addr().String())
	}}
}

// TestCut: a close without close_notify is an end for nobody who waits for one
// (RFC 9112, 9.8). Where the message says itself where it ends, it is not asked.
func TestCut(t *testing.T) {
	const chunks, length = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
	for _, test := range []struct {
		name, answer string
		polite       bool
		body         string
		err          error
	}{
		{"the_close_ends_the_body_and_says_so", "HTTP/1.1 200 OK\r\n\r\nwhole", true, "whole", nil},
		{"the_close_ends_the_body_and_says_nothing", "HTTP/1.1 200 OK\r\n\r\nhalf", false, "half", fetch.ErrCut},
		{"HTTP_1.0_the_same", "HTTP/1.0 200 OK\r\n\r\nhalf", false, "half", fetch.ErrCut},
		{"no_byte_of_the_body", "HTTP/1.1 200 OK\r\n\r\n", false, "", fetch.ErrCut},
		{"a_length", length + "full", false, "full", nil},
		{"a_length_and_a_polite_close", length + "full", true, "full", nil},
		{"within_a_length", length + "ha", false, "ha", fetch.ErrCut},
		{"within_a_length_politely", length + "ha", true, "ha", io.ErrUnexpectedEOF},
		{"chunks", chunks + "0\r\n\r\n", false, "half", nil},
		{"between_two_chunks", chunks, false, "half", fetch.ErrCut},
		{"between_two_chunks_politely", chunks, true, "half", io.ErrUnexpectedEOF},
		{"within_the_head", "HTTP/1.1 200 OK\r\nA: b", false, "", fetch.ErrCut},
		{"no_answer", "", false, "", fetch.ErrNoAnswer},
		{"no_answer_politely", "", true, "", fetch.ErrNoAnswer},
		{"no_body_to_cut", "HTTP/1.1 204 No Content\r\n\r\n", false, "", nil},
	} {
		for name, version := range map[string]uint16{"TLS_1.2": tls.VersionTLS12, "TLS_1.3": tls.VersionTLS13} {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				server := newSecure(t, version, []string{"h"}, func(conn *tls.Conn) {
					defer conn.NetConn().Close()
					if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
						return
					}
					_, _ = io.WriteString(conn, test.answer)
					if test.polite {
						_ = conn.Close()
					}
				})
				body, response, err := fetchBy(t, server.client(), "https://h/")
				assert.Equal(t, test.body, body)
				if test.err == nil {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, test.err)
				assert.Nil(t, response)
				if test.err == fetch.ErrCut {
					assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
				} else {
					assert.NotErrorIs(t, err, fetch.ErrCut)
				}
			})
		}
	}
	t.Run("within_the_handshake", func(t *testing.T) {
		server := newSecure(t, tls.VersionTLS13, []string{"h"}, func(conn *tls.Conn) {
			_, _ = conn.NetConn().Read(make([]byte, 1<<10))
			_ = conn.NetConn().(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn.NetConn())
			_ = conn.NetConn().Close()
		})
		_, _, err := fetchBy(t, server.client(), "https://h/")
		require.ErrorIs(t, err, fetch.ErrCut)
	})
}

// TestServerName: a zone and the dot of an absolute name are not the server's.
func TestServerName(t *testing.T) {
	for _, test := range []struct{ host, name, certified string }{
		{"example.org", "example.org", "example.org"},
		{"example.org.", "example.org", "example.org"},
		{"example.org:8443", "example.org", "example.org"},
		{"[fe80::1%25eth0]", "", "fe80::1"},
		{"[fe80::1%25eth0]:8443", "", "fe80::1"},
		{"127.0.0.1", "", "127.0.0.1"},
	} {
		t.Run(test.host, func(t *testing.T) {
			server := newSecure(t, tls.VersionTLS13, []string{test.certified}, func(conn *tls.Conn) {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
				}
			})
			_, _, err := fetchBy(t, server.client(), "https://"+test.host+"/")
			require.NoError(t, err)
			assert.Equal(t, test.name, <-server.names)
		})
	}
}

// TestServerNameOfTheCaller: who names a server knows better.
func TestServerNameOfTheCaller(t *testing.T) {
	server := newSecure(t, tls.VersionTLS13, []string{"other.example"}, func(conn *tls.Conn) {
		defer conn.Close()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
		}
	})
	client := server.client()
	client.TLS.ServerName = "other.example"
	_, _, err := fetchBy(t, client, "https://h/")
	require.NoError(t, err)
	assert.Equal(t, "other.example", <-server.names)
}

// TestWords: a server's words reach no terminal as they came. Each answer fails in
// words of its own; each has something in it that commands a terminal.
func TestWords(t *testing.T) {
	const evil = "\x1b]0;x\a\x9b2J\u009b2J\u202e\x7f"
	const above = "\x9b2J\u009b2J\u202e" // where controls below 0x20 would be refused before
	for name, answer := range map[string]string{
		"no_HTTP":                evil + "\r\n\r\n",
		"a_status_line":          "HTTP/1.1 " + evil + "\r\n\r\n",
		"a_reason":               "HTTP/1.1 200 " + evil + "\r\n\r\n",
		"a_version":              "HTTP/" + evil + " 200 OK\r\n\r\n",
		"another_protocol":       "HTTP/1.1 101 " + above + "\r\n\r\n",
		"a_header_line":          "HTTP/1.1 200 OK\r\n" + evil + "\r\n\r\n",
		"a_name":                 "HTTP/1.1 200 OK\r\n" + evil + ": x\r\n\r\n",
		"a_value":                "HTTP/1.1 200 OK\r\nA: " + evil + "\r\n\r\n",
		"a_first_line_continued": "HTTP/1.1 200 OK\r\n " + above + "\r\n\r\n",
		"a_coding":               "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + above + "\r\n\r\n",
		"a_length":               "HTTP/1.1 200 OK\r\nContent-Length: " + above + "\r\n\r\n",
		"a_chunk's_size":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + evil + "\r\n",
		"a_chunk's_end":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\x9b\x9b",
		"a_trailer":              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + evil + "\r\n\r\n",
		"a_host_sent_to":         "HTTP/1.1 302 Found\r\nLocation: http://" + above + "/\r\n\r\n",
		"a_path_sent_to":         "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/" + above + "?" + above + "#" + above + "\r\n\r\n",
		"a_zone_sent_to":         "HTTP/1.1 302 Found\r\nLocation: http://[fe80::1%25" + above + "]/\r\n\r\n",
		"a_scheme_sent_to":       "HTTP/1.1 302 Found\r\nLocation: " + above + "://h/\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := fetchBy(t, fetch.Client{}, oneAnswer(t, answer).URL())
			require.Error(t, err)
			assertPlain(t, err.Error())
		})
	}
	t.Run("a_certificate", func(t *testing.T) {
		server := newSecure(t, tls.VersionTLS13, []string{"evil\x1b]0;x\a"}, func(conn *tls.Conn) {
			_ = conn.Handshake()
			_ = conn.Close()
		})
		_, _, err := fetchBy(t, server.client(), "https://h/")
		require.Error(t, err)
		assertPlain(t, err.Error())
		require.ErrorContains(t, err, `valid for evil\x1b]0;x\a, not h`)
	})
	t.Run("what_is_printable_stays_as_it_is", func(t *testing.T) {
		_, _, err := fetchBy(t, fetch.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return errWords }}, redirectTo(t, "/x"))
		require.ErrorIs(t, err, errWords)
		require.ErrorContains(t, err, errWords.Error())
	})
}
