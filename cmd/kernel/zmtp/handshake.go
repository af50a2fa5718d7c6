package zmtp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A connection begins with a greeting of 64 bytes from either side: ten that say
// that this is ZMTP, two for the version, twenty for the mechanism, and filler.
// With the NULL mechanism a command READY follows, in which each side says what kind
// of socket it is, and what it wants to be called (RFC 23, *Connection*).

const greetingSize = 64

// greeting is ours: version 3.1, NULL.
func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10], g[11] = 0xFF, 0x7F, 3, 1
	copy(g[12:32], "NULL")
	return g
}

// handshake exchanges greetings and READY commands, and learns what the peer wants
// to be called. The caller sets the deadline.
func (p *peer) handshake() error {
	if _, err := p.conn.Write(greeting()); err != nil {
		return err
	}
	var theirs [greetingSize]byte
	if _, err := io.ReadFull(p.in, theirs[:]); err != nil {
		return err
	}
	if err := checkGreeting(theirs[:]); err != nil {
		return err
	}
	if _, err := p.conn.Write(encodeCommand("READY", property("Socket-Type", p.hub.kind))); err != nil {
		return err
	}
	h, err := readHeader(p.in)
	if err != nil {
		return unexpected(err)
	}
	if !h.command || h.size > uint64(p.hub.limits.Signal) {
		return fmt.Errorf("%w: a READY of at most %d bytes is missing", ErrProtocol, p.hub.limits.Signal)
	}
	body, err := readBody(p.in, int(h.size), free)
	if err != nil {
		return err
	}
	return p.ready(body)
}

func checkGreeting(g []byte) error {
	switch {
	case g[0] != 0xFF || g[9]&1 == 0:
		return fmt.Errorf("%w: a greeting that begins with %q", ErrProtocol, g[:10])
	case g[10] < 3:
		return fmt.Errorf("%w: version %d, want 3 or later", ErrProtocol, g[10])
	case !bytes.Equal(g[12:32], greeting()[12:32]):
		return fmt.Errorf("%w: the mechanism %q, want NULL", ErrProtocol, bytes.TrimRight(g[12:32], "\x00"))
	}
	return nil
}

// ready reads the peer's READY.
func (p *peer) ready(body []byte) error {
	name, data, err := splitCommand(body)
	if err != nil {
		return err
	}
	if name != "READY" {
		return fmt.Errorf("%w: the command %q where READY belongs", ErrProtocol, name)
	}
	properties, err := splitProperties(data)
	if err != nil {
		return err
	}
	if kind := properties["socket-type"]; !slices.Contains(p.hub.accepts, kind) {
		return fmt.Errorf("%w: a socket of the kind %q talks to a %s", ErrProtocol, kind, p.hub.kind)
	}
	p.name = properties["identity"]
	if p.name == "" {
		p.name = unnamed()
		return nil
	}
	if len(p.name) > 255 || strings.HasPrefix(p.name, "\x00") {
		return fmt.Errorf("%w: the name %q, which no peer may have", ErrProtocol, p.name)
	}
	return nil
}

// property is one entry of a READY: the name with its length in one byte, the value
// with its in four.
func property(name, value string) []byte {
	entry := append([]byte{byte(len(name))}, name...)
	entry = binary.BigEndian.AppendUint32(entry, uint32(len(value)))
	return append(entry, value...)
}

// splitProperties reads entries until data ends. Names count without their case.
func splitProperties(data []byte) (map[string]string, error) {
	properties := make(map[string]string)
	for len(data) > 0 {
		end := 1 + int(data[0])
		if len(data) < end+4 {
			return nil, fmt.Errorf("%w: a READY that is cut short", ErrProtocol)
		}
		size := uint64(binary.BigEndian.Uint32(data[end:]))
		if uint64(len(data)-end-4) < size {
			return nil, fmt.Errorf("%w: a READY that is cut short", ErrProtocol)
		}
		value := data[end+4:][:size]
		properties[strings.ToLower(string(data[1:end]))] = string(value)
		data = data[end+4+int(size):]
	}
	return properties, nil
}

// free is the charge for what a limit of its own bounds.
func free(int) error { return nil }
