package lesson

// The answers of lesson 12: how one is asked for, and how what was read of it is
// judged. Read fetch.go before it.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// answer is what a server answers, and what must be read of it.
type answer struct {
	method string // of the question; "" is GET
	raw    string
	rest   string // what the server sends right after raw; ReadBody must leave it
	limit  int    // 0 is 1000; none is 0
	body   string
	part   bool  // beside the error, any part of the body within the limit will do
	err    error // nil; errAny; or one that errors.Is must find
}

// none is a limit of 0.
const none = -1

// next is an answer that must still be there when the one before it was read.
const next = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnext"

var hundredK = string(faulty.Pattern(100_000))

// errAny stands for any error except those that mean success.
var errAny = errors.New("an error")

func head(lines ...string) string {
	return "HTTP/1.1 200 OK\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
}

func inChunks(chunks ...string) string {
	return head("Transfer-Encoding: chunked") + strings.Join(chunks, "")
}

// unclear is an answer whose head doesn't say where it ends.
func unclear(lines ...string) answer {
	return answer{raw: head(lines...) + "hello", err: fetch.ErrFraming}
}

// chunky is one whose body can be read as chunks all the same.
func chunky(lines ...string) answer {
	return answer{raw: head(lines...) + inFive, rest: next, err: fetch.ErrFraming}
}

// broken is one in chunks that can't be read to its end.
func broken(chunks string) answer {
	return answer{raw: inChunks(chunks), rest: next, part: true, err: fetch.ErrFraming}
}

// tried says what was asked and answered: "GET, answered by …".
func (a answer) tried() string {
	lines, body, _ := strings.Cut(a.raw, "\r\n\r\n")
	if len(body) > 60 {
		return fmt.Sprintf("%s, answered by %q and then %d bytes that begin with %q", a.method, lines, len(body), body[:20])
	}
	return fmt.Sprintf("%s, answered by %q and then %q", a.method, lines, body)
}

// judge expects this to be what must be read.
func (a answer) judge(got []byte, err error) {
	switch {
	case a.err == nil && err == nil && a.rest != "" && strings.HasSuffix(string(got), a.rest):
		got := fmt.Sprintf("%d bytes, the last %d of them from the next answer, and no error", len(got), len(a.rest))
		fail(a.tried(), got, trial.Both([]byte(a.body), nil), nil)
	case a.err == nil:
		same(a.tried(), got, err, a.body)
	case err == nil || a.err != errAny && !errors.Is(err, a.err):
		fail(a.tried(), trial.Both(got, err), a.wanted(), err)
	case a.part && len(got) > max(0, a.limit):
		fail(a.tried(), trial.Both(got, err), fmt.Sprintf("at most %d bytes with the error", max(0, a.limit)), err)
	case a.err != errAny && !a.part && string(got) != a.body:
		fail(a.tried(), trial.Both(got, err), fmt.Sprintf("%q, which came before it, and the error", a.body), err)
	}
}

// wanted says which error.
func (a answer) wanted() string {
	if a.err == errAny {
		return a.err.Error()
	}
	return trial.Said(a.err)
}

// readsAnswers asks for each of the answers, on a connection of its own, which the
// server closes afterwards.
func readsAnswers(answers ...answer) func(Impl) {
	return func(impl Impl) {
		for _, a := range answers {
			asks(impl, faulty.HTTP(a.raw+a.rest), a)
		}
	}
}

// complete fills in what an answer leaves open.
func (a answer) complete() answer {
	if a.method == "" {
		a.method = "GET"
	}
	if a.limit == 0 {
		a.limit = 1000
	}
	return a
}

// asks asks peer for a, once, and looks at what is left.
func asks(impl Impl, peer *faulty.Server, a answer) {
	a = a.complete()
	onVisit(impl, peer, func(v *visit) {
		if v.ask(a); a.err != nil {
			return
		}
		rest, err := io.ReadAll(v.r)
		if err != nil || string(rest) != a.rest {
			fail(a.tried()+", and look at what is left in the reader", trial.Both(rest, err), fmt.Sprintf("%q, which came after it", a.rest), err)
		}
	})
}

// visit is a connection on which a server is asked.
type visit struct {
	impl      Impl
	yield     coro.Yield
	socket    *sock.Socket
	s         io.Writer
	r         *bufio.Reader
	staysOpen bool // the server sends one answer, and then waits for the next question
}

func onVisit(impl Impl, peer *faulty.Server, body func(v *visit)) {
	withPeer(nil, peer, func(yield coro.Yield, s *sock.Socket) {
		stream := sock.Stream(s)
		body(&visit{impl: impl, yield: yield, socket: s, s: stream, r: bufio.NewReader(stream)})
	})
}

// ask asks for a, lets the judged code read the body, and judges it.
func (v *visit) ask(a answer) {
	a = a.complete()
	_, err := io.WriteString(v.s, a.method+" / HTTP/1.1\r\nHost: lesson\r\n\r\n")
	trial.Must(err)
	if v.staysOpen {
		holds(v.socket.FD(), len(a.raw))
	}
	h, err := fetch.ReadHead(v.r)
	noError("read the head, before your code", err)
	if v.staysOpen {
		a.judge(v.all(a, h))
	} else {
		a.judge(v.impl.ReadBody(v.r, a.method, h, max(0, a.limit)))
	}
}

// all reads the body in a task of its own: all of it is there, so that it need not wait.
func (v *visit) all(a answer, h fetch.Head) (got []byte, err error) {
	t := task.Go(v.socket.Loop(), func(coro.Yield) error {
		got, err = v.impl.ReadBody(v.r, a.method, h, max(0, a.limit))
		return nil
	})
	finishes(v.yield, t, a.tried()+", on a connection that stays open")
	return got, err
}
