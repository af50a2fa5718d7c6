package lesson

// What a read returns of what has come: cases of lesson 10. Read read.go before it.

import (
	"bytes"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

func readPiece(impl Impl) {
	withPeer(nil, faulty.Stall("x"), func(yield coro.Yield, s *sock.Socket) {
		p, err := reads(yield, s, impl, "read when one byte is there")
		same("read when one byte is there", p, err, "x")
	})
}

// readPieces keeps the pieces until all are there.
func readPieces(impl Impl) {
	const many = 200_000
	withPeer(nil, faulty.HalfClose(string(faulty.Pattern(many))), func(yield coro.Yield, s *sock.Socket) {
		tried := fmt.Sprintf("read %d bytes in pieces, and keep them", many)
		var pieces [][]byte
		for got := 0; got < many; {
			p, err := reads(yield, s, impl, tried)
			if err != nil || len(p) == 0 {
				fail(tried, fmt.Sprintf("%s after %d bytes", trial.Both(p, err), got), "all of them", err)
			}
			pieces = append(pieces, p)
			got += len(p)
		}
		for _, p := range pieces {
			_ = append(p, '!') // as a caller may who adds something
		}
		if !bytes.Equal(bytes.Join(pieces, nil), faulty.Pattern(many)) {
			fail(tried, "pieces that have changed since, or are in the wrong order", "what the peer sent", nil)
		}
	})
}

// readBytes reads pieces that code which takes them for text would cut.
func readBytes(impl Impl) {
	for _, text := range []string{"caf\xe9\xff\r\n", " \t", "x\x00\x00"} {
		withPeer(nil, faulty.Stall(text), func(yield coro.Yield, s *sock.Socket) {
			holds(s.FD(), len(text))
			p, err := reads(yield, s, impl, "read bytes that aren't text")
			same("read bytes that aren't text", p, err, text)
		})
	}
}
