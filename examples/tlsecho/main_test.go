package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/internal/leaktest"
	"stepwise/internal/programtest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

const much = 16 << 20

func pattern(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func dial(t *testing.T, p *programtest.Program, config *tls.Config) *tls.Conn {
	c, err := tls.Dial("tcp", p.Address(), config)
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(leaktest.Patience)))
	t.Cleanup(func() { c.Close() })
	return c
}

// anybody trusts whoever answers.
var anybody = &tls.Config{InsecureSkipVerify: true}

func fingerprintOf(p *programtest.Program) string {
	return p.Prints(`SHA-256: ([0-9A-F:]{95})\n`)[1]
}

func TestOpenssl(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("NOT TESTED: install openssl to talk to the server")
	}
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	p.Address()
	files := p.Files()

	client := exec.Command(openssl, "s_client", "-quiet", "-connect", p.Address())
	in, err := client.StdinPipe()
	require.NoError(t, err)
	out, err := client.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, client.Start())
	data := pattern(1 << 20)
	go func() { _, _ = in.Write(data) }()
	got := make([]byte, len(data))
	_, err = io.ReadFull(out, got)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	require.NoError(t, client.Process.Kill())
	_ = client.Wait()

	shown := exec.Command(openssl, "s_client", "-connect", p.Address())
	pem, err := shown.Output()
	require.NoError(t, err)
	printed := exec.Command(openssl, "x509", "-noout", "-fingerprint", "-sha256")
	printed.Stdin = bytes.NewReader(pem)
	line, err := printed.Output()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(strings.TrimSpace(string(line)), "="+fingerprintOf(p)), "%s", line)

	leaktest.Until(t, "the connections' descriptors are closed", func() bool { return p.Files() == files })
	p.Interrupt()
	p.Ends(0)
}

func TestFullDuplex(t *testing.T) {
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	p.Address()
	files := p.Files()
	data := pattern(much)
	for range 2 {
		c := dial(t, p, anybody)
		go func() {
			_, _ = c.Write(data)
			_ = c.CloseWrite()
		}()
		got, err := io.ReadAll(c)
		require.NoError(t, err, "without close_notify")
		require.True(t, bytes.Equal(data, got), "%d bytes", len(got))
		require.NoError(t, c.Close())
	}
	leaktest.Until(t, "the connections' descriptors are closed", func() bool { return p.Files() == files })
	p.Interrupt()
	p.Ends(0)
}

// TestReadsAhead: a client that sends before it reads is read until the queue is full, and
// no further. In a World, kernels don't keep a few megabytes besides.
func TestReadsAhead(t *testing.T) {
	const queue, slack = ahead * piece, 3 * piece // the first records of a connection are smaller pieces
	for _, c := range []struct {
		send int
		fits bool
	}{{queue / 2, true}, {queue + slack, false}} {
		w := simulation.New(1, simulation.Weather{Buffer: 4 << 10})
		require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, "10.0.0.1:443")
			require.NoError(t, err)
			pair := certtest.New(t, "10.0.0.1")
			server := &serve.Server{Handle: echo, TLS: &tls.Config{Certificates: []tls.Certificate{pair.Certificate}}}
			serving := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
			s, err := sock.Connect(yield, "10.0.0.1:443")
			require.NoError(t, err)
			client, err := sock.TLSClient(yield, s, anybody)
			require.NoError(t, err)
			data := pattern(c.send)
			err = task.FailAfter(yield, time.Minute, func(yield coro.Yield) error {
				_, err := client.Write(data)
				return err
			})
			require.Equal(t, c.fits, err == nil, "%d bytes: %v", c.send, err)
			if c.fits {
				got := make([]byte, len(data))
				_, err = io.ReadFull(client, got)
				require.NoError(t, err)
				require.True(t, bytes.Equal(data, got))
			}
			server.Close()
			_, err = task.Await(yield, serving)
			return err
		}))
	}
}

func TestFingerprint(t *testing.T) {
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	c := dial(t, p, &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		require.Equal(t, fingerprintOf(p), fingerprint(tls.Certificate{Certificate: [][]byte{s.PeerCertificates[0].Raw}}))
		require.NoError(t, s.PeerCertificates[0].VerifyHostname("127.0.0.1"))
		require.NoError(t, s.PeerCertificates[0].VerifyHostname("localhost"))
		return nil
	}})
	require.NoError(t, c.Close())
	p.Interrupt()
	p.Ends(0)
}

func TestCertificateOfYourOwn(t *testing.T) {
	pair := certtest.New(t, "127.0.0.1")
	cert, key := pair.Files(t)
	p := programtest.Start(t, "-listen", "127.0.0.1:0", "-cert", cert, "-key", key)
	c := dial(t, p, &tls.Config{RootCAs: pair.Roots})
	_, err := io.WriteString(c, "hello")
	require.NoError(t, err)
	got := make([]byte, 5)
	_, err = io.ReadFull(c, got)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
	require.NoError(t, c.Close())
	p.Interrupt()
	p.Ends(0)
	programtest.Start(t, "-cert", cert).Ends(1)
}

func TestClientsThatBreakTheRules(t *testing.T) {
	p := programtest.Start(t, "-listen", "127.0.0.1:0")
	plain, err := net.Dial("tcp", p.Address())
	require.NoError(t, err)
	_, err = io.WriteString(plain, "GET / HTTP/1.0\r\n\r\n")
	require.NoError(t, err)
	_, _ = io.ReadAll(plain)
	plain.Close()
	p.Prints("handshake.*first record does not look like a TLS handshake")
	cut := dial(t, p, anybody)
	_, err = io.WriteString(cut, "hello")
	require.NoError(t, err)
	require.NoError(t, cut.NetConn().Close())
	c := dial(t, p, anybody)
	_, err = io.WriteString(c, "hello")
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, 5))
	require.NoError(t, err)
	require.NoError(t, c.Close())
	p.Interrupt()
	p.Ends(0)
}
