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

func readsAll(impl Impl, text string) error {
	return withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) error {
		got, err := impl.ReadAll(yield, s, math.MaxInt)
		return same("read_all", got, err, text)
	})
}

func same(what string, got []byte, err error, want string) error {
	if err == nil && string(got) == want {
		return nil
	}
	result := trial.Both(got, err)
	if err == nil && len(got) == len(want) {
		result = "as many bytes, but not the same"
	}
	return trial.Fail(what, result, fmt.Sprintf("the %d bytes that were sent, and no error", len(want)), err)
}

func readAllSizes(impl Impl) error {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 1 << 20} {
		if err := readsAll(impl, string(faulty.Pattern(n))); err != nil {
			return err
		}
	}
	return nil
}

func readAllBytes(impl Impl) error {
	return readsAll(impl, "caf\xe9\x00\xff\xfe ünï")
}

func readAllDrip(impl Impl) error {
	text := strings.Repeat("drip ", 20)
	return withPeer(nil, faulty.Drip(text, 0), func(yield coro.Yield, s *sock.Socket) error {
		got, err := impl.ReadAll(yield, s, 1000)
		return same("read_all of single bytes", got, err, text)
	})
}

func readAllReset(impl Impl) error {
	return withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) error {
		got, err := impl.ReadAll(yield, s, 1000)
		switch {
		case err == nil || err == io.EOF:
			return trial.Fail("read_all of an answer that was cut off", trial.Both(got, err), "the reset", err)
		case !bytes.Equal(got, []byte("part")):
			return trial.Fail("read_all of an answer that was cut off", trial.Both(got, err), `"part", which came before it, and the error`, err)
		}
		return nil
	})
}

func readAllTooLong(impl Impl) error {
	return withPeer(nil, faulty.Big(1<<20), func(yield coro.Yield, s *sock.Socket) error {
		got, err := impl.ReadAll(yield, s, 1000)
		switch {
		case err == nil:
			return trial.Fail(fmt.Sprintf("read_all of %d bytes with a limit of 1000", 1<<20), trial.Both(got, err), "an error", nil)
		case len(got) > 1000:
			return trial.Fail(fmt.Sprintf("read_all of %d bytes with a limit of 1000", 1<<20), trial.Both(got, err), "at most 1000 bytes with the error", err)
		}
		return nil
	})
}

func readAllExact(impl Impl) error {
	text := string(faulty.Pattern(1000))
	return withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) error {
		got, err := impl.ReadAll(yield, s, len(text))
		return same("read_all with a limit of exactly that", got, err, text)
	})
}
