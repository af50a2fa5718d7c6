package zmtp

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// A frame is a byte of flags, the body's size, in one byte or in eight, and the
// body (RFC 23, *Framing*). Messages are frames that say whether another follows;
// commands are frames of their own.

const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// A header is what stands before a frame's body.
type header struct {
	more, command bool
	size          uint64 // as announced: nothing may be allocated by it
}

func readHeader(in *bufio.Reader) (header, error) {
	flags, err := in.ReadByte()
	if err != nil {
		return header{}, err
	}
	h := header{more: flags&flagMore != 0, command: flags&flagCommand != 0}
	if flags&^(flagMore|flagLong|flagCommand) != 0 || h.more && h.command {
		return h, fmt.Errorf("%w: a frame has the flags %#x", ErrProtocol, flags)
	}
	var size [8]byte
	digits := size[7:]
	if flags&flagLong != 0 {
		digits = size[:]
	}
	if _, err := io.ReadFull(in, digits); err != nil {
		return h, unexpected(err)
	}
	h.size = binary.BigEndian.Uint64(size[:])
	return h, nil
}

// step is what is allocated ahead of the bytes that arrive, at most.
const step = 64 << 10

// readBody reads size bytes. It asks charge before it allocates for what comes
// next, and never allocates more than twice what has come, and a step.
func readBody(in io.Reader, size int, charge func(n int) error) ([]byte, error) {
	body := make([]byte, 0, min(size, step))
	for len(body) < size {
		next := min(size-len(body), max(step, len(body)))
		if err := charge(next); err != nil {
			return nil, err
		}
		if cap(body)-len(body) < next {
			body = append(make([]byte, 0, len(body)+next), body...)
		}
		n, err := io.ReadFull(in, body[len(body):len(body)+next])
		body = body[:len(body)+n]
		if err != nil {
			return nil, unexpected(err)
		}
	}
	return body, nil
}

// unexpected is err of a read inside a frame: the end is one too many there.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendFrame appends a frame to wire.
func appendFrame(wire []byte, flags byte, body []byte) []byte {
	if len(body) > math.MaxUint8 {
		wire = append(wire, flags|flagLong)
		wire = binary.BigEndian.AppendUint64(wire, uint64(len(body)))
	} else {
		wire = append(wire, flags, byte(len(body)))
	}
	return append(wire, body...)
}

// encode is a message as it goes over the wire.
func encode(frames [][]byte) []byte {
	size := 0
	for _, frame := range frames {
		size += 9 + len(frame)
	}
	wire := make([]byte, 0, size)
	for i, frame := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		wire = appendFrame(wire, flags, frame)
	}
	return wire
}

// encodeCommand is a command as it goes over the wire.
func encodeCommand(name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	return appendFrame(nil, flagCommand, append(body, data...))
}

// splitCommand takes the body of a command apart.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || int(body[0]) > len(body)-1 {
		return "", nil, fmt.Errorf("%w: a command without a name", ErrProtocol)
	}
	end := 1 + int(body[0])
	return string(body[1:end]), body[end:], nil
}
