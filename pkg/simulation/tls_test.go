package simulation_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestTLS: crypto/tls runs in a World, by the World's date.
func TestTLS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	born := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "shop.example"}, DNSNames: []string{"shop.example"},
		NotBefore: born, NotAfter: born.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	root, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(root)

	serve := func(yield coro.Yield, l *loop.Loop, listener *sock.Socket) (any, error) {
		for {
			s, err := sock.Accept(yield, listener)
			if err != nil {
				return nil, nil
			}
			conn := tls.Server(sock.Stream(s), &tls.Config{Time: l.Time, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
			_, _ = io.WriteString(conn, "hello")
			_ = conn.Close()
		}
	}
	visit := func(yield coro.Yield, l *loop.Loop) (string, error) {
		s, err := sock.Connect(yield, address)
		require.NoError(t, err)
		conn := tls.Client(sock.Stream(s), &tls.Config{Time: l.Time, RootCAs: roots, ServerName: "shop.example"})
		defer conn.Close()
		got, err := io.ReadAll(conn)
		return string(got), err
	}
	for seed := range uint64(5) {
		w := simulation.New(seed, simulation.Rough)
		require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, address)
			require.NoError(t, err)
			task.Spawn(l, func(yield coro.Yield) (any, error) { return serve(yield, l, listener) })
			got, err := visit(yield, l)
			require.NoError(t, err, "to the end, which a close announces")
			require.Equal(t, "hello", got)
			require.NoError(t, task.Sleep(yield, 2*time.Hour))
			_, err = visit(yield, l)
			require.ErrorContains(t, err, "certificate has expired")
			return nil
		}), "seed %d", seed)
	}
}
