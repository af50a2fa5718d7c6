package lesson

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

// ReadAll judges lesson 11: a loop that reads like blocking code.
var ReadAll = Lesson{
	Number: 11, Name: "read_all", Code: "sock/read_all.go",
	Question: "how can a loop that waits read like blocking code?",
	Able:     "follow a wait from the loop to the yield and back",
	Judges:   "ReadAll", Wrong: wrongReadAlls, Hints: readAllHints,
	Cases: []Case{
		{"Q01", "nothing, one byte, a buffer, and one more", "ends and edges are where loops go wrong", readAllSizes},
		{"Q02", "single bytes", "a short read is not the end", readAllDrip},
		{"Q04", "a reset in the middle", "half an answer must never look whole; what came is still worth having", readAllReset},
		{"Q05", "more than the limit", "a peer that never ends would fill the memory", readAllTooLong},
		{"Q06", "exactly the limit", "the limit itself is allowed", readAllExact},
		{"Q07", "bytes that aren't text", "bytes are bytes: decoding them is somebody else's job", readAllBytes},
	},
}

func readsAll(impl Impl, text string) {
	withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, math.MaxInt)
		same("read_all", got, err, text)
	})
}

func readAllSizes(impl Impl) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 1 << 20} {
		readsAll(impl, string(faulty.Pattern(n)))
	}
}

func readAllBytes(impl Impl) {
	readsAll(impl, "caf\xe9\x00\xff\xfe ünï")
}

func readAllDrip(impl Impl) {
	text := strings.Repeat("drip ", 20)
	withPeer(nil, faulty.Drip(text, 0), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, 1000)
		same("read_all of single bytes", got, err, text)
	})
}

func readAllReset(impl Impl) {
	withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, 1000)
		switch {
		case err == nil || err == io.EOF:
			fail("read_all of an answer that was cut off", trial.Both(got, err), "the reset", err)
		case !bytes.Equal(got, []byte("part")):
			fail("read_all of an answer that was cut off", trial.Both(got, err), `"part", which came before it, and the error`, err)
		}
	})
}

func readAllTooLong(impl Impl) {
	withPeer(nil, faulty.Big(1<<20), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, 1000)
		switch {
		case err == nil:
			fail(fmt.Sprintf("read_all of %d bytes with a limit of 1000", 1<<20), trial.Both(got, err), "an error", nil)
		case len(got) > 1000:
			fail(fmt.Sprintf("read_all of %d bytes with a limit of 1000", 1<<20), trial.Both(got, err), "at most 1000 bytes with the error", err)
		}
	})
}

func readAllExact(impl Impl) {
	text := string(faulty.Pattern(1000))
	withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, len(text))
		same("read_all with a limit of exactly that", got, err, text)
	})
}
