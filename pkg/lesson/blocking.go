package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/trial"
)

// Blocking judges lesson 01: a call that waits.
var Blocking = Lesson{
	Number: 1, Name: "blocking", Code: "stages/blocking.go",
	Question: "what does one slow peer do to the others?",
	Able:     "say where a program waits, and who waits with it",
	Noun:     "blocking ask", Judges: "Ask", Wrong: wrongAsks, Hints: blockingHints, Needs: map[string][]string{"R01": {"Q01"}, "Q02": {"Q01"}, "Q03": {"Q02"}, "Q09": {"Q01"}, "W06": {"W01"}, "M03": {"Q04", "W06"}},
	Cases: []Case{
		{"Q01", "a short answer", "it is what everything else is built on", askShort},
		{"R01", "the answer comes late", "to wait is what a blocking call is for", askLate},
		{"Q02", "the answer drips in single bytes", "a read returns with some of the bytes, not with all of them", askDrip},
		{"Q03", "three million bytes of answer", "an answer longer than the buffer is cut off, or mixed with bytes of an earlier piece", askLong},
		{"W01", "a signal cuts the write short", "the peer waits for the rest of a question, which nobody will send", askCutShort},
		{"W06", "the connection is reset before all is written", "bytes that nobody will get must not count as sent", askResetEarly},
		{"C02", "nobody listens there", "the first error says so; what fails after it says something else", askRefused},
		{"Q04", "the connection is reset in the middle", "half an answer looks like a whole one", askReset},
		{"Q09", "asked twice", "what is left of the first answer stands in the second", askTwice},
		{"C11", "an IPv6 address", "the family of the socket is that of the address", askIPv6},
		{"M01", "what is open after an answer", "a program may open about a thousand descriptors, and then no more", askLeavesNothing},
		{"M02", "what is open after a failure", "what fails is tried again, and each try keeps a descriptor", askFailsAndLeavesNothing},
		{"M03", "its number is somebody else's by now", "the second close of a number closes what others have opened meanwhile", askClosesOnce},
	},
}

// question is a request to a web server, and plain bytes to all other servers.
const question = "GET / HTTP/1.0\r\n\r\n"

// answered asks peer, closes it, and expects this answer and no error.
func answered(impl Impl, tried string, peer *faulty.Server, want string, beside func(thread int)) (got []byte) {
	defer peer.Close()
	got, err := asked(impl, peer, []byte(question), beside)
	same(tried, got, err, want)
	return got
}

// asked runs ask in this goroutine, and beside, unless it is nil, in another. It
// ends an ask that waits in vain by closing peer, and the case with it. It closes
// what the ask left open, since one case judges that, not all.
func asked(impl Impl, peer *faulty.Server, question []byte, beside func(thread int)) (answer []byte, err error) {
	runtime.LockOSThread() // so that a signal can be sent to the thread that waits
	defer runtime.UnlockOSThread()
	defer func() {
		for _, fd := range connectedTo(peer.Addr()) {
			_ = unix.Close(fd)
		}
	}()
	var aside sync.WaitGroup
	defer aside.Wait()
	if beside != nil {
		thread := thread()
		aside.Go(func() { beside(thread) })
	}
	var late atomic.Bool
	watch := time.AfterFunc(trial.Patience()/2, func() {
		late.Store(true)
		_ = peer.Close()
	})
	defer watch.Stop()
	answer, err = impl.Ask(peer.Addr(), question)
	if err != nil && beside != nil {
		_ = peer.Close() // so that beside doesn't wait for a client that has given up
	}
	if late.Load() {
		trial.Must(inVain(peer, question))
	}
	return answer, err
}

// inVain says what an ask waited for when it was given up.
func inVain(peer *faulty.Server, question []byte) error {
	if v, err := peer.Visit(0, limit); err == nil && len(v.Received) < len(question) {
		return fmt.Errorf("%w: the server has got %d of the %d bytes of the question", trial.ErrWaits, len(v.Received), len(question))
	}
	return trial.ErrWaits
}

func askShort(impl Impl) {
	const text = "hello\n\nand goodbye\r\n\n"
	answered(impl, "ask a server that answers", faulty.HTTP(text), text, nil)
	answered(impl, "ask a server that ends without an answer", faulty.HTTP(""), "", nil)
	peer := faulty.ReadsLate("thanks")
	peer.Release()
	defer peer.Close()
	got, err := asked(impl, peer, []byte("x"), nil)
	same("ask with a single byte", got, err, "thanks")
	came(peer, []byte("x"))
}

func askTwice(impl Impl) {
	first := answered(impl, "ask a server, and then another: the first", faulty.HTTP("first"), "first", nil)
	answered(impl, "ask a server, and then another: the second", faulty.HTTP("other"), "other", nil)
	same("ask a server, and then another, and look at the first answer again", first, nil, "first")
}

func askIPv6(impl Impl) {
	if faulty.HasIPv6() {
		answered(impl, "ask a server at an IPv6 address", faulty.HTTP("six", "[::1]:0"), "six", nil)
	}
}

func askLate(impl Impl) {
	peer, ended, limited := faulty.HTTPHeld("at last"), false, false
	answered(impl, "ask a server that answers late", peer, "at last", func(thread int) {
		defer peer.Release()
		if peer.WaitAccepted(1, limit) != nil {
			return
		}
		ended = endsWhileItWaits(thread, peer.Addr())
		limited = slices.ContainsFunc(connectedTo(peer.Addr()), hasLimit)
	})
	if limited {
		fail("ask a server that answers late, and look at our socket meanwhile", "a limit for each read, or for each write", "none: the server may think for as long as it likes", nil)
	}
	if ended {
		fail("ask a server that answers late, and look at our side of the connection meanwhile", "its end", "it open until the answer is there: a server may give up", nil)
	}
}

// endsWhileItWaits waits until an ask on that thread has come to its read, or is over, and
// reports whether the server at address has got all that comes before the answer, and an end.
func endsWhileItWaits(thread int, address string) (ended bool) {
	for looks, tries := 0, 0; looks < 20 && tries < 1000; tries++ {
		time.Sleep(time.Millisecond)
		fds := connectedTo(address)
		if len(fds) == 0 {
			return false
		}
		for _, end := range otherEnds(fds[0], address) {
			n, _, err := unix.Recvfrom(end, make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
			ended = n == 0 && err == nil
			if looks++; n > 0 || !asleep(thread) {
				looks = 0
			}
		}
	}
	return ended
}

func askDrip(impl Impl) {
	answered(impl, "ask a server that drips its answer", faulty.Drip("drop by drop", 0), "drop by drop", nil)
}

func askLong(impl Impl) {
	const many = 3_000_003
	answered(impl, "ask for a long answer", faulty.Big(many), string(faulty.Pattern(many)), nil)
}

// askCutShort asks a server that reads late, so that the write must wait, and sends
// signals to the thread that waits; then it makes some room, so that the rest of the
// question is cut short too. Go uses this signal itself, and nothing else takes notice of
// it.
func askCutShort(impl Impl) {
	peer := faulty.ReadsLate("thanks")
	defer peer.Close()
	long := faulty.Pattern(8_000_000)
	var taken []byte
	_, err := asked(impl, peer, long, func(thread int) {
		defer peer.Release()
		if peer.WaitAccepted(1, limit) != nil {
			return
		}
		for _, fd := range connectedTo(peer.Addr()) {
			untilFull(fd, peer.Addr(), 10_000)
			interruptOften(thread)
			taken = takeFrom(fd, peer.Addr(), 2_000_000)
			untilFull(fd, peer.Addr(), 500)
			interruptOften(thread)
		}
	})
	noError("ask a long question", err)
	if !bytes.HasPrefix(long, taken) {
		fail("look at the first bytes that came", "others", "those of the question", nil)
	}
	came(peer, long[len(taken):])
}

func interruptOften(thread int) {
	for range 10 {
		interrupt(thread)
		time.Sleep(time.Millisecond) // the signal finds the thread waiting, or about to wait
	}
}

// takeFrom reads n bytes that fd has sent to the server at address, in the server's place.
func takeFrom(fd int, address string, n int) (taken []byte) {
	p := make([]byte, 64<<10)
	for _, end := range otherEnds(fd, address) {
		for tries := 0; len(taken) < n && tries < 1000; {
			got, err := unix.Read(end, p[:min(len(p), n-len(taken))])
			if got <= 0 || err != nil {
				tries++
				time.Sleep(time.Millisecond)
				continue
			}
			taken = append(taken, p[:got]...)
		}
	}
	return taken
}

// untilFull waits until fd has taken no more for a while, or is not connected to address
// any more, or for so many milliseconds at most.
func untilFull(fd int, address string, most int) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	for full, tries := 0, 0; full < 5 && tries < most && leadsTo(fd, address); tries++ {
		fds[0].Revents = 0
		if n, err := unix.Poll(fds, 0); err == nil && n > 0 {
			full = 0
		} else {
			full++
		}
		time.Sleep(time.Millisecond)
	}
}

func askRefused(impl Impl) {
	peer := faulty.Refused()
	defer peer.Close()
	got, err := asked(impl, peer, []byte(question), nil)
	if !errors.Is(err, unix.ECONNREFUSED) {
		fail("ask where nobody listens", trial.Both(got, err), trial.Said(unix.ECONNREFUSED), err)
	}
}

func askReset(impl Impl) {
	peer := faulty.HTTPReset("half of the an")
	defer peer.Close()
	got, err := asked(impl, peer, []byte(question), nil)
	if !errors.Is(err, unix.ECONNRESET) || string(got) != "half of the an" {
		fail("ask a server that resets the connection in the middle", trial.Both(got, err), trial.Both([]byte("half of the an"), unix.ECONNRESET), err)
	}
}
