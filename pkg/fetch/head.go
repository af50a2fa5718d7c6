package fetch

// The head of an answer: what it says of itself before its body. body.go follows.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
)

// What an answer is refused for, besides what package net/http finds.
var (
	ErrNotHTTP     = errors.New("the answer is no HTTP")
	ErrNoAnswer    = errors.New("the server closed without an answer")
	ErrHeadTooLong = errors.New("the head of the answer is too long")
	ErrFraming     = errors.New("it isn't certain where the body ends")
	ErrSurplus     = errors.New("more came than the head announced")
	ErrTooLong     = errors.New("the body is longer than the limit")
)

// mostHead bounds all heads of an answer together, the interim ones (1xx)
// included: a server that sends them for ever ends here. One header line of
// 64 KB has room.
const mostHead = 256 << 10

// Head is what an answer says before its body.
type Head struct {
	Proto  string      // "HTTP/1.1"
	Status string      // "200 OK"
	Code   int         // 200
	Header http.Header // untouched: a name that came twice has two values, in their order
}

// ReadHead reads the head of the next answer, up to and with the empty line:
// then the body, if there is one, is the next that r has. Interim answers (1xx)
// are passed over.
//
// Whether the head makes sense as a whole, ReadBody judges. Errors: ErrNotHTTP,
// ErrFraming for a name with a space in it, ErrHeadTooLong beyond 256 KiB,
// ErrNoAnswer if r ends before the first byte, io.ErrUnexpectedEOF if it ends in
// the middle, those of net/http and net/textproto for lines that can't be read,
// and r's own.
func ReadHead(r *bufio.Reader) (Head, error) {
	left := mostHead
	for {
		lines, err := readHeadLines(r, &left)
		if err != nil {
			return Head{}, err
		}
		h, err := parseHead(lines)
		switch {
		case err != nil:
			return Head{}, err
		case h.Code == http.StatusSwitchingProtocols:
			return Head{}, fmt.Errorf("%s, which nobody asked for: %w", h.Status, ErrNotHTTP)
		case h.Code/100 != 1:
			return h, nil
		}
	}
}

// readHeadLines reads up to and with the empty line, at most *left bytes.
func readHeadLines(r *bufio.Reader, left *int) ([]byte, error) {
	var head []byte
	for {
		line, err := readLine(r, left)
		head = append(head, line...)
		switch {
		case len(head) == 0 && err == io.ErrUnexpectedEOF:
			return nil, ErrNoAnswer
		case errors.Is(err, ErrHeadTooLong):
			return nil, err
		case !bytes.HasPrefix(head, []byte("HTTP/")[:min(5, len(head))]):
			return nil, fmt.Errorf("it begins with %q: %w", head[:min(20, len(head))], ErrNotHTTP)
		case err != nil:
			return nil, err
		case isEmpty(line):
			return head, nil
		}
	}
}

// readLine reads a line, its end included, and takes it off *left. Where that
// isn't enough for it, the line is cut and the error is ErrHeadTooLong: no
// server can make us hold more. With any error it returns what came before it.
func readLine(r *bufio.Reader, left *int) (line []byte, err error) {
	for {
		part, err := r.ReadSlice('\n') // never more at a time than r's buffer
		line = append(line, part...)
		*left -= len(part)
		switch {
		case *left < 0:
			return line, fmt.Errorf("more than %d bytes: %w", mostHead, ErrHeadTooLong)
		case err == bufio.ErrBufferFull:
		case err == io.EOF:
			return line, io.ErrUnexpectedEOF
		default:
			return line, err
		}
	}
}

func isEmpty(line []byte) bool { return len(bytes.TrimRight(line, "\r\n")) == 0 }

// parseHead has net/http take the first line apart, and net/textproto the
// others. It is tempting to give net/http all of them: it would make one length
// of two, and forget a length beside chunks.
func parseHead(lines []byte) (Head, error) {
	first, rest, _ := bytes.Cut(lines, []byte("\n"))
	status := string(bytes.TrimRight(first, "\r")) + "\r\n\r\n"
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(status)), nil)
	if err != nil {
		return Head{}, err
	}
	header, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(rest))).ReadMIMEHeader()
	if err != nil {
		return Head{}, err
	}
	for name := range header { // "Content-Length :" passes, and others read it as the name without the space
		if strings.Contains(name, " ") {
			return Head{}, fmt.Errorf("a space in the name %q: %w", name, ErrFraming)
		}
	}
	return Head{response.Proto, response.Status, response.StatusCode, http.Header(header)}, nil
}
