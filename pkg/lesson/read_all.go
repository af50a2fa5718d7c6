package lesson

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// ReadAll judges lesson 11: a loop that reads like blocking code. The cases of its limit are
// in read_all_limit.go, that of another read on the socket in socket_busy.go.
var ReadAll = Lesson{
	Number: 11, Name: "read_all", Code: "sock/read_all.go",
	Question: "how can a loop that waits read like blocking code?",
	Able:     "follow a wait from the loop to the yield and back",
	Noun:     "ReadAll", Judges: "ReadAll", Wrong: wrongReadAlls, Hints: readAllHints, Needs: map[string][]string{"Q04": {"Q06"}, "Q08": {"Q05"}},
	Cases: []Case{
		{"Q01", "nothing, one byte, a buffer, and one more", "ends and edges are where loops go wrong", readAllSizes},
		{"Q02", "single bytes", "a short read is not the end", readAllDrip},
		{"Q06", "exactly the limit", "the limit itself is allowed", readAllExact},
		{"Q04", "a reset in the middle", "half an answer must never look whole; what came is still worth having", readAllReset},
		{"Q05", "more than the limit", "a peer that never ends would fill the memory", readAllTooLong},
		{"Q08", "more than the limit, and no end", "a peer that sends too much may never end: code that looks at the limit only there waits for it", readAllNoEnd},
		{"Q07", "bytes that aren't text", "bytes are bytes: decoding them is somebody else's job", readAllBytes},
		{"R07", "canceled in the middle", "what came before a cancellation is worth as much as what came before a reset", readAllCanceled},
		{"R14", "two sockets at once", "what two reads share, the second one takes away from the first", readAllTwo},
		{"R08", "another read waits on the same socket", "a read that was refused is no end: nobody knows how much is still to come", readAllBusy},
	},
}

func readsAll(impl Impl, text string) (got []byte) {
	withPeer(nil, faulty.HalfClose(text), func(yield coro.Yield, s *sock.Socket) {
		var err error
		got, err = impl.ReadAll(yield, s, math.MaxInt)
		same("read_all", got, err, text)
		stillOpen(s)
		noError("send after the end of what the peer sends", sock.Send(yield, s, []byte("thanks")))
	})
	return got
}

// readAllSizes keeps each answer until the next one, which has other bytes, is read.
func readAllSizes(impl Impl) {
	var last []byte
	var want string
	for i, n := range []int{0, 1, 4095, 4096, 4097, 1 << 20} {
		text := string(faulty.Pattern(n + i)[i:])
		got := readsAll(impl, text)
		if string(last) != want {
			fail("read_all, and look at the answer before that", "one that has changed since", "the one that was returned", nil)
		}
		last, want = got, text
	}
}

func readAllBytes(impl Impl) {
	readsAll(impl, " caf\xe9\x00\xff\xfe ünï\r\n\n ")
	readsAll(impl, "x\x00\x00")
}

func readAllDrip(impl Impl) {
	text := strings.Repeat("drip ", 20)
	withPeer(nil, faulty.Drip(text, 0), func(yield coro.Yield, s *sock.Socket) {
		got, err := impl.ReadAll(yield, s, 1000)
		same("read_all of single bytes", got, err, text)
	})
}

// readAllReset has answers that are cut off, also where the limit is.
func readAllReset(impl Impl) {
	for _, c := range []struct {
		came  string
		limit int
	}{{"part", 1000}, {"", 1000}, {"part", 4}, {"", 0}} {
		onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
			s, err := sock.FromFD(l, resets(c.came))
			trial.Must(err)
			defer s.Close()
			got, err := impl.ReadAll(yield, s, c.limit)
			part(fmt.Sprintf("read_all of an answer that was cut off, with a limit of %d", c.limit), got, err, c.came, unix.ECONNRESET)
			stillOpen(s)
		})
	}
}

// part expects what came before an error, and the error.
func part(tried string, got []byte, err error, came string, reason error) {
	if !errors.Is(err, reason) || string(got) != came {
		fail(tried, trial.Both(got, err), fmt.Sprintf("%s: what came before it, and the error", trial.Both([]byte(came), reason)), err)
	}
}

// holds blocks until that many bytes are there to read.
func holds(fd, n int) {
	for late := time.Now().Add(limit); ; arrives(fd) {
		if there, _, _ := unix.Recvfrom(fd, make([]byte, n), unix.MSG_PEEK); there >= n {
			return
		}
		if time.Now().After(late) {
			trial.Must(fmt.Errorf("the server should have sent %d bytes, and did not for %v", n, limit))
		}
	}
}

// goAll is a read_all in a task that has had no turn yet.
func goAll(s *sock.Socket, impl Impl, limit int) *returned {
	w := &returned{}
	w.Task = task.Go(s.Loop(), func(yield coro.Yield) error {
		w.got, w.err = impl.ReadAll(yield, s, limit)
		return nil
	})
	return w
}

// readingAll begins to read, and lets the code come to where it waits.
func readingAll(yield coro.Yield, s *sock.Socket, impl Impl, limit int) *returned {
	w := goAll(s, impl, limit)
	settles(yield, s.Loop())
	w.note()
	return w
}

func readAllCanceled(impl Impl) {
	for _, came := range []string{"part", ""} {
		withPeer(nil, faulty.Stall(came), func(yield coro.Yield, s *sock.Socket) {
			if came != "" {
				holds(s.FD(), len(came))
			}
			t := readingAll(yield, s, impl, 1000)
			const tried = "read_all from a peer that doesn't end"
			if t.Done() {
				fail(tried, trial.Both(t.got, t.err), "it to wait", t.err)
			}
			canceledAll(yield, s, t, tried+", and cancel it for a reason while it waits", came)
		})
	}
	withPeer(nil, faulty.Stall("part"), func(yield coro.Yield, s *sock.Socket) {
		holds(s.FD(), 4)
		t := goAll(s, impl, 1000)
		rounds(yield, 1)
		canceledAll(yield, s, t, "read_all from a peer that doesn't end, and cancel it right after its first turn", "part")
	})
}

// canceledAll cancels t and expects it to end with what came, but for what is still to be
// read.
func canceledAll(yield coro.Yield, s *sock.Socket, t *returned, tried, came string) {
	t.CancelCause(errEnough)
	t.ends(yield, tried)
	left := make([]byte, len(came))
	n, _, _ := unix.Recvfrom(s.FD(), left, unix.MSG_PEEK)
	part(tried, append(t.got, left[:max(n, 0)]...), t.err, came, future.ErrCanceled)
	wantError(tried, t.err, errEnough)
	stillOpen(s)
}

// readAllTwo lets two read at the same time.
func readAllTwo(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, first *sock.Socket) {
		peer := faulty.Echo()
		defer peer.Close()
		second, err := sock.Connect(yield, peer.Addr())
		trial.Must(err)
		defer second.Close()
		a, b := readingAll(yield, first, impl, 1000), readingAll(yield, second, impl, 1000)
		for _, text := range []string{"one ", "two "} {
			for _, s := range []*sock.Socket{first, second} {
				trial.Must(sock.Send(yield, s, []byte(text)))
				arrives(s.FD())
				settles(yield, s.Loop())
			}
		}
		for _, end := range []struct {
			s *sock.Socket
			t *returned
		}{{first, a}, {second, b}} {
			trial.Must(end.s.CloseWrite())
			_, _ = task.Await(yield, end.t.Task)
			same("read_all from two sockets at once", end.t.got, end.t.err, "one two ")
		}
	})
}
