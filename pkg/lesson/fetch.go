package lesson

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
)

// Fetch judges lesson 12: the end of the stream is not the end of a message. How
// answers are asked for and judged is in fetch_answers.go.
var Fetch = Lesson{
	Number: 12, Name: "fetch", Code: "fetch",
	Question: "where does an answer end?",
	Able:     "fetch a page, and know that it is whole",
	Noun:     "ReadBody", Judges: "ReadBody", Wrong: wrongFetches, Hints: fetchHints, Needs: map[string][]string{
		"X25": {"X05"}, "X16": {"X05"}, "X17": {"X05"}, "X19": {"X05"}, "X20": {"X05"}, "X27": {"X05", "X18", "X20"},
	},
	Cases: []Case{
		{"X02", "a length, and the next answer right after it", "one byte more or less, and the next answer begins in the wrong place", readsAnswers(
			answer{raw: head("Content-Length: 5") + "hello", rest: next, body: "hello"},
			answer{raw: head("Content-Length: 0"), rest: next},
			answer{raw: next, rest: next, body: "next"},
			answer{raw: "HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello", rest: next, body: "hello"},
			answer{raw: "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello", rest: next, body: "hello"},
			answer{raw: "HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nhello", rest: next, body: "hello"},
			answer{raw: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 5\r\n\r\nhello", rest: next, body: "hello"},
			answer{method: "POST", raw: head("Content-Length: 5") + "hello", rest: next, body: "hello"},
			answer{raw: head("Content-Length: 100000") + hundredK, rest: next, limit: 1 << 20, body: hundredK})},
		{"X03", "the connection stays open after the answer", "the end of the stream doesn't come: code that waits for it waits forever", bodyKeptAlive},
		{"X01", "less comes than the length says", "half a page must never look whole; what came is still worth having", readsAnswers(
			answer{raw: head("Content-Length: 9") + "hello", body: "hello", err: io.ErrUnexpectedEOF},
			answer{raw: head("Content-Length: 9"), err: io.ErrUnexpectedEOF})},
		{"X22", "neither a length nor chunks", "such an answer ends where the server closes; only here is the end of the stream the end of the answer", readsAnswers(
			answer{raw: "HTTP/1.0 200 OK\r\n\r\nhello", body: "hello"},
			answer{raw: "HTTP/1.0 200 OK\r\n\r\n"},
			answer{raw: head("Content-Type: text/plain") + "hello", body: "hello"},
			answer{raw: "HTTP/1.0 200 OK\r\n\r\nhello", limit: math.MaxInt, body: "hello"})},
		{"X21", "answers that have no body", "what is read as their body belongs to the next answer", readsAnswers(
			answer{raw: "HTTP/1.1 204 No Content\r\n\r\n", rest: next},
			answer{raw: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", rest: next},
			answer{raw: "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", rest: next},
			answer{raw: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", rest: next},
			answer{method: "HEAD", raw: head("Content-Length: 5"), rest: next},
			answer{method: "HEAD", raw: head("Transfer-Encoding: chunked"), rest: next},
			answer{raw: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n", rest: next},
			answer{method: "HEAD", raw: head("Content-Length: 5000"), rest: next},
			answer{method: "HEAD", raw: head("Content-Length: five"), rest: next},
			answer{method: "HEAD", raw: head("Content-Length: 5", "Content-Length: 3"), rest: next},
			answer{method: "HEAD", raw: head("Content-Length: 5", "Transfer-Encoding: chunked"), rest: next},
			answer{method: "HEAD", raw: head("Transfer-Encoding: gzip"), rest: next})},
		{"X04", "a length that isn't one", "what isn't clear is read by each program in a different way", readsAnswers(
			unclear("Content-Length: -5"), unclear("Content-Length: +5"), unclear("Content-Length: five"),
			unclear("Content-Length: 0x5"), unclear("Content-Length: 0o5"), unclear("Content-Length: 5, 5"), unclear("Content-Length: 5x"), unclear("Content-Length: 5 5"), unclear("Content-Length: 0_5"), unclear("Content-Length:"), unclear("Content-Length: 99999999999999999999"))},
		{"X23", "two lengths", "if you believe one and a proxy believes the other, a piece of a page is taken for an answer", readsAnswers(
			unclear("Content-Length: 3", "Content-Length: 5"), unclear("Content-Length: 5", "Content-Length: 05"),
			unclear("Content-Length: 5", "Content-Length: 5", "Content-Length: 3"), unclear("Content-Length: 5", "Content-Length: 3", "Content-Length: 5"),
			answer{raw: head("Content-Length: 5", "Content-Length: 5") + "hello", rest: next, body: "hello"})},
		{"X24", "a length and chunks, and unknown codings", "two ways to find the end lead to two ends", readsAnswers(
			unclear("Content-Length: 5", "Transfer-Encoding: chunked"), chunky("Content-Length: 5", "Transfer-Encoding: chunked"),
			unclear("Transfer-Encoding: zebra"), chunky("Transfer-Encoding: zebra"),
			chunky("Transfer-Encoding: xchunked"), chunky("Transfer-Encoding: gzip, chunked"), chunky("Transfer-Encoding: chunked, gzip"),
			chunky("Transfer-Encoding: chunked,"), chunky("Transfer-Encoding: identity"), chunky("Transfer-Encoding:"),
			chunky("Transfer-Encoding: chunked", "Transfer-Encoding: gzip"), chunky("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
			answer{raw: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + inFive, err: fetch.ErrFraming})},
		{"X05", "chunks", "a server that doesn't know the length yet answers in chunks", readsAnswers(
			answer{raw: inChunks("5\r\nhello\r\n", "0\r\n\r\n"), rest: next, body: "hello"},
			answer{raw: inChunks("a\r\n0123456789\r\n", "00A\r\n0123456789\r\n", "0\r\n\r\n"), rest: next, body: "01234567890123456789"},
			answer{raw: inChunks(strings.Repeat("1\r\nx\r\n", 900), "0\r\n\r\n"), rest: next, body: strings.Repeat("x", 900)},
			answer{raw: inChunks("186A0\r\n", hundredK, "\r\n", "0\r\n\r\n"), rest: next, limit: 1 << 20, body: hundredK},
			answer{raw: inChunks("4\r\n\r\n\r\n\r\n", "0\r\n\r\n"), rest: next, body: "\r\n\r\n"},
			answer{raw: inChunks("0\r\n\r\n"), rest: next},
			answer{raw: inChunks("5\r\nhello\r\n", "000\r\n\r\n"), rest: next, body: "hello"})},
		{"X25", "\"chunked\" in capital letters", "what a server may write in any letters, you must know in any letters", readsAnswers(
			answer{raw: head("Transfer-Encoding: Chunked") + inFive, rest: next, body: "hello"},
			answer{raw: head("Transfer-Encoding: CHUNKED") + inFive, rest: next, body: "hello"})},
		{"X16", "chunks with extensions", "a server may add words after a size; they aren't part of it", readsAnswers(
			answer{raw: inChunks("5;name=value;x\r\nhello\r\n", "0;last\r\n\r\n"), rest: next, body: "hello"})},
		{"X17", "trailers after the last chunk", "lines that stay in the stream are read as the head of the next answer", readsAnswers(
			answer{raw: inChunks("5\r\nhello\r\n", "0\r\nExpires: never\r\nX-Sum: 5\r\n\r\n"), rest: next, body: "hello"},
			answer{raw: inChunks("5\r\nhello\r\n", "0\r\n"+strings.Repeat("X-Sum: 5\r\n", 100)+"\r\n"), rest: next, body: "hello"})},
		{"X18", "a chunk size that isn't one", "a guessed size moves the end of the message", readsAnswers(
			broken("xyz\r\nhello\r\n0\r\n\r\n"), broken("-5\r\nhello\r\n0\r\n\r\n"), broken("+5\r\nhello\r\n0\r\n\r\n"),
			broken("\r\nhello\r\n0\r\n\r\n"), broken("fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
			broken("0x5\r\nhello\r\n0\r\n\r\n"), broken("5 5\r\nhello\r\n0\r\n\r\n"),
			broken(" 5\r\nhello\r\n0\r\n\r\n"), broken("0_5\r\nhello\r\n0\r\n\r\n"),
			answer{raw: inChunks("5\r\nhello\r\n", "xyz\r\n"), rest: next, body: "hello", err: fetch.ErrFraming})},
		{"X20", "a chunk that is longer than its size", "everything after it is read from the wrong place", readsAnswers(
			broken("3\r\nhello\r\n0\r\n\r\n"), broken("3\r\nhelxx0\r\n\r\n"))},
		{"X27", "lines that end in another way than \\r\\n", "programs that don't agree on where a line ends find two messages where there is one", readsAnswers(
			broken("5\nhello\n0\n\n"), broken("5\nhello\r\n0\r\n\r\n"), broken("5\r\nhello\n0\r\n\r\n"),
			broken("5\r\r\r\nhello\r\n0\r\n\r\n"), broken("5\r\nhello\r\r\n0\r\n\r\n"),
			broken("5\r\nhello\n\n0\r\n\r\n"), broken("5;a\rb\r\nhello\r\n0\r\n\r\n"))},
		{"X19", "the last chunk is missing", "half a page must never look whole, wherever it breaks off", readsAnswers(
			answer{raw: inChunks("5\r\nhello\r\n"), body: "hello", err: io.ErrUnexpectedEOF},
			answer{raw: inChunks("9\r\nhello"), body: "hello", err: io.ErrUnexpectedEOF},
			answer{raw: inChunks("5\r\nhello"), body: "hello", err: io.ErrUnexpectedEOF},
			answer{raw: inChunks("5\r\nhello\r\n", "0\r\nExpires: nev"), body: "hello", err: io.ErrUnexpectedEOF})},
		{"X06", "lines without end", "a server that never ends would fill the memory, or keep you forever", linesWithoutEnd},
		{"Q05", "more than the limit", "a stranger says how much memory you need", bodyTooLong},
		{"Q06", "exactly the limit", "the limit itself is allowed", readsAnswers(
			answer{raw: head("Content-Length: 0"), rest: next, limit: none},
			answer{raw: inChunks("0\r\n\r\n"), rest: next, limit: none},
			answer{raw: head("Content-Length: 5") + "hello", rest: next, limit: 5, body: "hello"},
			answer{raw: inChunks("2\r\nhe\r\n", "3\r\nllo\r\n", "0\r\n\r\n"), rest: next, limit: 5, body: "hello"},
			answer{raw: "HTTP/1.0 200 OK\r\n\r\nhello", limit: 5, body: "hello"})},
		{"Q04", "a reset in the middle", "a reset isn't an end, even where the end of the stream is one", bodyReset},
		{"Q03", "a body that is kept while the next ones are read", "what was read stays the caller's: code that uses its buffer again writes over it", bodiesKept},
	},
}

// inFive is "hello" in chunks.
const inFive = "5\r\nhello\r\n0\r\n\r\n"

// bodyKeptAlive asks twice on one connection that nobody closes.
func bodyKeptAlive(impl Impl) {
	for _, a := range []answer{
		{raw: head("Content-Length: 5") + "hello", body: "hello"},
		{raw: inChunks("5\r\nhello\r\n", "0\r\n\r\n"), body: "hello"},
	} {
		onVisit(impl, faulty.HTTPKeepAlive(a.raw), func(v *visit) {
			v.staysOpen = true
			v.ask(a)
			v.ask(a)
		})
	}
}

// linesWithoutEnd makes its answers when it runs, for they are megabytes.
func linesWithoutEnd(impl Impl) {
	for _, chunks := range []string{
		"0\r\n" + strings.Repeat("A: b\r\n", 500_000) + "\r\n",
		"0\r\n" + strings.Repeat("A: "+strings.Repeat("b", 4000)+"\r\n", 101) + "\r\n",
		"0\r\nA: " + strings.Repeat("x", 3<<20) + "\r\n\r\n",
		"5;" + strings.Repeat("x", 3<<20) + "\r\nhello\r\n0\r\n\r\n",
	} {
		asks(impl, faulty.HTTP(inChunks(chunks)), answer{raw: inChunks(chunks), err: fetch.ErrHeadTooLong})
	}
}

// bodiesKept reads three answers from one reader, and looks at the first one after that.
func bodiesKept(impl Impl) {
	texts := []string{"hello", strings.Repeat("x", 3000), strings.Repeat("y", 3000)}
	raw := ""
	for _, text := range texts {
		raw += head(fmt.Sprint("Content-Length: ", len(text))) + text
	}
	r := bufio.NewReader(strings.NewReader(raw))
	bodies := make([][]byte, 0, len(texts))
	for _, text := range texts {
		h, err := fetch.ReadHead(r)
		noError("read the head, before your code", err)
		body, err := impl.ReadBody(r, "GET", h, 5000)
		same("read one of several bodies", body, err, text)
		bodies = append(bodies, body)
	}
	if string(bodies[0]) != texts[0] {
		fail("look at a body when the next ones are read", "one that has changed since", "the one that was returned", nil)
	}
}

// bodyTooLong announces more than anybody has, and sends more than is allowed: much
// more, or a byte. What is announced to be too long is refused before it comes.
func bodyTooLong(impl Impl) {
	many := strings.Repeat("5\r\nhello\r\n", 300)
	for _, a := range []answer{
		{raw: head("Content-Length: 1125899906842624") + "hello", err: fetch.ErrTooLong},
		{raw: head("Content-Length: 1500") + strings.Repeat("hello", 300), err: fetch.ErrTooLong},
		{raw: inChunks(many, "0\r\n\r\n"), err: fetch.ErrTooLong},
		{raw: inChunks("fffffffffffff\r\nhello"), err: errAny},
		{raw: inChunks("100000005\r\nhello\r\n0\r\n\r\n"), err: errAny},
		{raw: inChunks("5\r\nhello\r\n", "7fffffffffffffff\r\nhello"), err: errAny},
		{raw: head("Content-Length: 6") + "hello!", limit: 5, err: fetch.ErrTooLong},
		{raw: head("Content-Length: 5") + "hello", limit: none, err: fetch.ErrTooLong},
		{raw: inChunks(inFive), limit: none, err: fetch.ErrTooLong},
		{raw: "HTTP/1.0 200 OK\r\n\r\nhello", limit: none, err: fetch.ErrTooLong},
		{raw: inChunks("5\r\nhello\r\n", "1\r\n!\r\n", "0\r\n\r\n"), limit: 5, body: "hello", err: fetch.ErrTooLong},
		{raw: "HTTP/1.0 200 OK\r\n\r\nhello!", limit: 5, body: "hello", err: fetch.ErrTooLong},
		{raw: "HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("hello", 300), err: fetch.ErrTooLong},
	} {
		a.part = a.body == ""
		asks(impl, faulty.HTTP(a.raw), a)
	}
	bodyTooLongOpen(impl)
}

// bodyTooLongOpen has servers that neither send more than what is too long nor end.
func bodyTooLongOpen(impl Impl) {
	for _, a := range []answer{
		{raw: head("Content-Length: 1500") + "hello", part: true},
		{raw: "HTTP/1.0 200 OK\r\n\r\nhello!", limit: 5, body: "hello"},
		{raw: inChunks("5\r\nhello\r\n", "1\r\n!\r\n"), limit: 5, body: "hello"},
		{raw: inChunks("5\r\nhello\r\n", "100\r\n!"), limit: 5, body: "hello"},
	} {
		a.err = fetch.ErrTooLong
		onVisit(impl, faulty.HTTPKeepAlive(a.raw), func(v *visit) {
			v.staysOpen = true
			v.ask(a)
		})
	}
}

func bodyReset(impl Impl) {
	for _, a := range []answer{
		{raw: head("Content-Length: 9") + "hel", body: "hel"},
		{raw: inChunks("9\r\nhel"), body: "hel"},
		{raw: "HTTP/1.0 200 OK\r\n\r\nhel", body: "hel"},
		{raw: inChunks("5\r\nhello"), body: "hello"},
		{raw: inChunks("5\r\nhello\r\n9"), body: "hello"},
		{raw: inChunks("5\r\nhello\r\n0\r\nExp"), body: "hello"},
	} {
		a.err = unix.ECONNRESET
		asks(impl, faulty.HTTPReset(a.raw), a)
	}
}
