// Command tlsecho sends back what comes, over TLS. Talk to it with openssl:
//
//	go run ./examples/tlsecho -listen 127.0.0.1:7003
//	openssl s_client -quiet -connect 127.0.0.1:7003
//
// Each connection has a task that reads and one that writes, at the same time, and a
// short queue between them: a client that sends much before it reads is served, and a
// client that never reads is held up when the queue is full.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

const (
	piece = 16 << 10 // bytes of a read: as many as a TLS record has at most
	ahead = 64       // pieces that have been read and not sent back yet
)

func main() {
	listen := flag.String("listen", "127.0.0.1:7003", "listen on this `address`")
	cert := flag.String("cert", "", "the `file` with the certificate; without it, the server makes one")
	key := flag.String("key", "", "the `file` with the certificate's key")
	drain := flag.Duration("drain", 5*time.Second, "let connections finish for this `time` after Ctrl-C")
	flag.Parse()
	log.SetPrefix("tlsecho: ")
	certificate, err := identity(*cert, *key)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("fingerprint, SHA-256:", fingerprint(certificate))
	server := &serve.Server{Handle: echo, TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	server.OnListen = func(at net.Addr) { fmt.Println("listening on", at) }
	err = outside.Main(loop.Options{}, func(yield coro.Yield) error {
		return server.ListenAndServe(yield, *listen, *drain, os.Interrupt)
	})
	if err != nil {
		log.Fatal(err)
	}
}

// echo sends back what comes, until the client ends its side.
func echo(yield coro.Yield, c *serve.Conn) error {
	pieces := wait.NewQueueOf[[]byte](ahead)
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		g.Go(func(yield coro.Yield) error { return write(yield, c, pieces) })
		return read(yield, c, pieces)
	})
}

func read(yield coro.Yield, c *serve.Conn, pieces *wait.QueueOf[[]byte]) error {
	defer pieces.Shutdown(false)
	for {
		p := make([]byte, piece)
		n, err := c.Read(p)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := pieces.Put(yield, p[:n]); err != nil {
			return err
		}
	}
}

func write(yield coro.Yield, c *serve.Conn, pieces *wait.QueueOf[[]byte]) error {
	for p, err := range pieces.All(yield) {
		if err != nil {
			return err
		}
		if _, err := c.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// identity reads the server's certificate, or makes one that is good for a day.
func identity(cert, key string) (tls.Certificate, error) {
	if cert != "" || key != "" {
		return tls.LoadX509KeyPair(cert, key)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(24 * time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, err
}

// fingerprint is what openssl prints of the certificate, for the client to compare.
func fingerprint(c tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
