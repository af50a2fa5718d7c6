// Package tlspeer is a hostile end of a TLS connection, for tests. It encrypts its records
// itself, so it can ask for new keys when it likes, cut a record anywhere, or send garbage:
// RFC 8446, 5.2 and 7.1.
package tlspeer

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Peer is one end of a connection with TLS 1.3. Read what the other end sends from Conn,
// and never write to it: Peer has taken over its keys.
type Peer struct {
	testing.TB
	Wire   net.Conn // below TLS
	Conn   *tls.Conn
	secret []byte
	seq    uint64
}

// The types of records.
const Alert, Handshake, Data = 21, 22, 23

// Farewell is what an Alert says that is a close_notify.
var Farewell = []byte{1, 0}

// Client shakes hands on wire as a client.
func Client(t testing.TB, wire net.Conn, config *tls.Config) *Peer {
	return shakeHands(t, wire, config, tls.Client, "CLIENT_TRAFFIC_SECRET_0")
}

// Server shakes hands on wire as a server.
func Server(t testing.TB, wire net.Conn, config *tls.Config) *Peer {
	return shakeHands(t, wire, config, tls.Server, "SERVER_TRAFFIC_SECRET_0")
}

func shakeHands(t testing.TB, wire net.Conn, config *tls.Config, begin func(net.Conn, *tls.Config) *tls.Conn, label string) *Peer {
	var log bytes.Buffer
	config = config.Clone()
	config.MinVersion, config.KeyLogWriter = tls.VersionTLS13, &log
	config.SessionTicketsDisabled = true // a ticket would be the first record
	p := &Peer{TB: t, Wire: wire, Conn: begin(wire, config)}
	require.NoError(t, p.Conn.Handshake())
	require.Equal(t, tls.TLS_AES_128_GCM_SHA256, p.Conn.ConnectionState().CipherSuite)
	_, line, _ := strings.Cut(log.String(), label)
	var err error
	p.secret, err = hex.DecodeString(strings.Fields(line)[1])
	require.NoError(t, err)
	return p
}

func (p *Peer) expand(label string, size int) []byte {
	info := append(binary.BigEndian.AppendUint16(nil, uint16(size)), byte(len("tls13 "+label)))
	key, err := hkdf.Expand(sha256.New, p.secret, string(info)+"tls13 "+label+"\x00", size)
	require.NoError(p, err)
	return key
}

// Record is what the next record with content looks like on the wire.
func (p *Peer) Record(kind byte, content ...byte) []byte {
	block, err := aes.NewCipher(p.expand("key", 16))
	require.NoError(p, err)
	aead, err := cipher.NewGCM(block)
	require.NoError(p, err)
	nonce := p.expand("iv", 12)
	for i, b := range binary.BigEndian.AppendUint64(nil, p.seq) {
		nonce[4+i] ^= b
	}
	p.seq++
	head := []byte{Data, 3, 3, 0, byte(len(content) + 1 + aead.Overhead())}
	return aead.Seal(head, nonce, append(content, kind), head)
}

// Update is a record that asks the other end for new keys. Later records have new ones.
func (p *Peer) Update() []byte {
	r := p.Record(Handshake, 24, 0, 0, 1, 1)
	p.secret, p.seq = p.expand("traffic upd", 32), 0
	return r
}

// Bad is a record that was changed on the way.
func (p *Peer) Bad() []byte {
	r := p.Record(Data, 'x')
	r[len(r)-1] ^= 1
	return r
}

// Say sends records in one piece.
func (p *Peer) Say(records ...[]byte) {
	_, err := p.Wire.Write(bytes.Join(records, nil))
	require.NoError(p, err)
}
