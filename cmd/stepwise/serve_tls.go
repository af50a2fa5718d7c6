// serve_tls.go: the certificate of `stepwise serve`. Read serve.go first.

package main

import (
	"crypto/tls"
	"errors"
	"fmt"
)

type serveTLS struct {
	Cert string `type:"existingfile" placeholder:"FILE" help:"Speak TLS, with the certificates in this PEM file, the server's own first. Needs --key."`
	Key  string `type:"existingfile" placeholder:"FILE" help:"PEM file with the key of --cert."`
}

func (c *serveTLS) Validate() error {
	switch {
	case c.Cert != "" && c.Key == "":
		return errors.New("--cert needs its key: add --key FILE")
	case c.Cert == "" && c.Key != "":
		return errors.New("--key needs its certificate: add --cert FILE")
	}
	return nil
}

// config is what a Server needs to speak TLS, and protocol on it if ALPN knows that; nil
// without --cert.
func (c *serveTLS) config(protocol ...string) (*tls.Config, error) {
	if c.Cert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--cert %s --key %s: %w; want PEM files of a certificate and its key", c.Cert, c.Key, err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: protocol}, nil
}
