package lesson

// How much may a read_all return? Cases of lesson 11. Read read_all.go before it.

import (
	"bytes"
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

// readAllTooLong has limits on both sides of where a buffer, or a piece, may end.
func readAllTooLong(impl Impl) {
	const many = 1 << 20
	for _, limit := range []int{1000, 4096, 100_000, many - 1, 0} {
		withPeer(nil, faulty.Big(many), func(yield coro.Yield, s *sock.Socket) {
			got, err := impl.ReadAll(yield, s, limit)
			tooLong(fmt.Sprintf("read_all of %d bytes with a limit of %d", many, limit), got, err, limit)
			stillOpen(s)
		})
	}
	readAllDripsTooLong(impl)
}

// readAllDripsTooLong has the limit where a piece ends.
func readAllDripsTooLong(impl Impl) {
	const limit, many = 7, 20
	withPeer(nil, faulty.Drip(string(faulty.Pattern(many)), 0), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, limit)
		tooLong(fmt.Sprintf("read_all of %d single bytes with a limit of %d", many, limit), got, err, limit)
	})
}

// tooLong expects the first limit bytes of the pattern, and sock.ErrTooLong.
func tooLong(tried string, got []byte, err error, limit int) {
	if errors.Is(err, sock.ErrTooLong) && bytes.Equal(got, faulty.Pattern(limit)) {
		return
	}
	which := "the first"
	switch n := len(got); {
	case n > limit:
		which = "more than the limit:"
	case n < limit:
		which = "fewer than the limit:"
	case n > 0 && !bytes.Equal(got, faulty.Pattern(n)):
		which = "not the first ones, but"
	}
	fail(tried, fmt.Sprintf("%s %d bytes, and %s", which, len(got), said(err, sock.ErrTooLong)),
		fmt.Sprintf("the first %d bytes, and %s", limit, trial.Said(sock.ErrTooLong)), err)
}

// readAllNoEnd has all there that will ever come.
func readAllNoEnd(impl Impl) {
	const limit, many = 1000, 1001
	withPeer(nil, faulty.Stall(string(faulty.Pattern(many))), func(yield coro.Yield, s *sock.Socket) {
		holds(s.FD(), many)
		t := readingAll(yield, s, impl, limit)
		tried := fmt.Sprintf("read_all of %d bytes with a limit of %d, from a peer that sends no more and doesn't end", many, limit)
		t.ends(yield, tried)
		tooLong(tried, t.got, t.err, limit)
	})
}

func readAllExact(impl Impl) {
	for _, n := range []int{1000, 4096, 0} {
		text := string(faulty.Pattern(n))
		withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) {
			got, err := impl.ReadAll(yield, s, len(text))
			same(fmt.Sprintf("read_all of %d bytes with a limit of exactly that", n), got, err, text)
		})
	}
}
