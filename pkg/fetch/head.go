package fetch

// The head of an answer: what it says about itself before its body. Read body.go next.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
)

// Why an answer is refused.
var (
	ErrNotHTTP     = errors.New("the answer is not HTTP")
	ErrNoAnswer    = errors.New("the server closed without an answer")
	ErrHeadTooLong = errors.New("a head, or a line between chunks, is too long")
	ErrFraming     = errors.New("it isn't certain where the body ends")
	ErrTooLong     = errors.New("the body is longer than the limit")
)

// mostHead bounds all heads of an answer together, including interim ones (1xx), which a
// server might send without end. There is room for a header line of 64 KB.
const mostHead = 256 << 10

// Head is what an answer says before its body.
type Head struct {
	Proto  string      // "HTTP/1.1"; a higher minor version is read as this one
	Status string      // "200 OK"; the words are the server's: quote them (%q) before you print them
	Code   int         // 200; from 100 to 999
	Header http.Header // as it came: a name that came twice has two values, in order
}

// ReadHead reads the head of the next answer, including the empty line at its end, so that
// the body, if any, is next in r. It skips interim answers (1xx), but refuses 101, which
// agrees to a change of the protocol that nobody has asked for.
//
// ReadBody judges whether the head makes sense as a whole. Errors: ErrNotHTTP for a first
// line that isn't HTTP/1, and for 101; ErrFraming for a header line that other programs may
// read differently, ErrHeadTooLong beyond 256 KiB, ErrNoAnswer if r ends before the first
// byte, io.ErrUnexpectedEOF if it ends in the middle, and r's own.
func ReadHead(r *bufio.Reader) (Head, error) {
	left := mostHead
	for {
		h, err := readHead(r, &left)
		switch {
		case err != nil:
			return Head{}, err
		case h.Code == http.StatusSwitchingProtocols:
			return Head{}, fmt.Errorf("%q, which nobody asked for: %w", h.Status, ErrNotHTTP)
		case h.Code/100 != 1:
			return h, nil
		}
	}
}

// readHead reads the next head, interim or not, at most *left bytes.
func readHead(r *bufio.Reader, left *int) (Head, error) {
	first, err := readLine(r, left)
	switch {
	case len(first) == 0 && errors.Is(err, io.ErrUnexpectedEOF):
		return Head{}, ErrNoAnswer
	case errors.Is(err, ErrHeadTooLong):
		return Head{}, err
	case !bytes.HasPrefix(first, []byte("HTTP/")[:min(5, len(first))]):
		return Head{}, fmt.Errorf("it begins with %q: %w", beginning(first), ErrNotHTTP)
	case err != nil:
		return Head{}, err
	}
	h, ok := statusOf(first)
	if !ok {
		return Head{}, fmt.Errorf("the status line begins with %q: %w", beginning(first), ErrNotHTTP)
	}
	h.Header, err = readFields(r, left)
	return h, err
}

// statusOf reads a status line (RFC 9112, 4): HTTP/1.x, a space, three digits, and nothing or
// a space and text.
func statusOf(line []byte) (h Head, ok bool) {
	const proto, all = "HTTP/1.x", "HTTP/1.x 200"
	line = withoutEnd(line)
	if len(line) < len(all) || string(line[:7]) != proto[:7] || !isDigit(line[7]) || line[len(proto)] != ' ' || line[9] == '0' {
		return Head{}, false
	}
	for _, c := range line[9:len(all)] {
		if !isDigit(c) {
			return Head{}, false
		}
		h.Code = 10*h.Code + int(c-'0')
	}
	words := line[len(all):]
	if len(words) > 0 && words[0] != ' ' || !isText(words) {
		return Head{}, false
	}
	h.Proto, h.Status = string(line[:len(proto)]), string(bytes.TrimRight(line[9:], " "))
	return h, true
}

// isField reports whether line is one of a header (RFC 9112, 5): a token with the colon right
// after it, since some programs read "Content-Length :" as the name without the space. A line
// may also continue the one before it.
func isField(line []byte) bool {
	line = withoutEnd(line)
	if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
		return isText(line)
	}
	name, value, ok := bytes.Cut(line, []byte(":"))
	return ok && isToken(name) && isText(value)
}

// isToken reports whether s is a token (RFC 9110, 5.6.2).
func isToken[S string | []byte](s S) bool {
	for i := range len(s) {
		if !ofTokens[s[i]] {
			return false
		}
	}
	return len(s) > 0
}

var ofTokens = func() (in [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		in[c] = true
	}
	return in
}()

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isText reports whether s has no control character but the tab.
func isText[S string | []byte](s S) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// withoutEnd is a line without what ends it: \n, or \r before it.
func withoutEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}

// readFields reads header lines, or trailers, including the empty line at their end.
func readFields(r *bufio.Reader, left *int) (http.Header, error) {
	var lines []byte
	for {
		line, err := readLine(r, left)
		continues := len(lines) == 0 && bytes.IndexAny(line, " \t") == 0 // and there is no line before it
		lines = append(lines, line...)
		switch {
		case err != nil:
			return nil, err
		case isEmpty(line):
			header, err := textproto.NewReader(bufio.NewReaderSize(bytes.NewReader(lines), len(lines))).ReadMIMEHeader()
			return http.Header(header), err
		case continues || !isField(line):
			return nil, fmt.Errorf("a header line begins with %q: %w", beginning(line), ErrFraming)
		}
	}
}

// readLine reads a line with its end, and subtracts its length from *left. If that gets
// negative, the line is cut and the error is ErrHeadTooLong, so that no server can make
// us hold more. With any error it returns what came before it. The line is valid until the
// next read from r.
func readLine(r *bufio.Reader, left *int) (line []byte, err error) {
	for {
		part, err := r.ReadSlice('\n') // at most as much as r's buffer holds
		*left -= len(part)
		if line == nil && err == nil && *left >= 0 {
			return part, nil
		}
		line = append(line, part...)
		switch {
		case *left < 0:
			return line, ErrHeadTooLong
		case err == bufio.ErrBufferFull:
		default:
			return line, unexpectedEOF(err)
		}
	}
}

// unexpectedEOF returns err, with io.EOF turned into io.ErrUnexpectedEOF.
func unexpectedEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func isEmpty(line []byte) bool { return string(line) == "\r\n" || string(line) == "\n" }

// beginning returns as much of a line as a message has room for.
func beginning(line []byte) []byte { return line[:min(40, len(line))] }
