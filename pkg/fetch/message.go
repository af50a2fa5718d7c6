package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
)

// What an answer is refused for, besides what package net/http finds.
var (
	ErrNotHTTP     = errors.New("the answer is no HTTP")
	ErrNoAnswer    = errors.New("the server closed without an answer")
	ErrHeadTooLong = errors.New("the head of the answer is too long")
	ErrFraming     = errors.New("the head says in two ways where the body ends")
	ErrSurplus     = errors.New("more came than the head announced")
	ErrTooLong     = errors.New("the body is longer than the limit")
)

// mostHead bounds all heads of an answer together, the interim ones (1xx)
// included: a server that sends them for ever ends here. One header line of
// 64 KB has room.
const mostHead = 256 << 10

// answer is one whose head has been read.
type answer struct {
	*http.Response
	body *bufio.Reader // where Response.Body reads from
	rest *bufio.Reader // where body reads from: the connection
}

// copyBody writes the body to w, at most limit bytes of it; a negative limit is
// none. It returns how many were written.
func (a *answer) copyBody(w io.Writer, limit int64) (n int64, err error) {
	n, err = io.Copy(&bounded{w, limit}, a.Body)
	switch {
	case err != nil:
		return n, err
	case a.body.Buffered()+a.rest.Buffered() > 0:
		return n, ErrSurplus
	}
	return n, nil
}

// bounded passes on what fits, and refuses what doesn't: limit is how much.
type bounded struct {
	w     io.Writer
	limit int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.limit < 0 {
		return b.w.Write(p)
	}
	fits := min(int64(len(p)), b.limit)
	n, err := b.w.Write(p[:fits])
	b.limit -= int64(n)
	if err == nil && n < len(p) {
		err = ErrTooLong
	}
	return n, err
}

// readAnswer reads the head of the final answer. Its body ends where the head
// says: by length, by chunks, or, where the protocol has it so, where the server
// closes. A body that ends earlier is io.ErrUnexpectedEOF.
func readAnswer(r *bufio.Reader) (*answer, error) {
	left := mostHead
	for {
		head, err := readHead(r, &left)
		if err != nil {
			return nil, err
		}
		a, err := parseHead(head, r)
		switch {
		case err != nil:
			return nil, err
		case a.StatusCode == http.StatusSwitchingProtocols:
			return nil, fmt.Errorf("%s, which nobody asked for: %w", a.Status, ErrNotHTTP)
		case a.StatusCode/100 != 1:
			return a, nil
		}
	}
}

// readHead reads up to and with the empty line, at most *left bytes.
func readHead(r *bufio.Reader, left *int) ([]byte, error) {
	var head []byte
	for {
		part, err := r.ReadSlice('\n') // never more at a time than r's buffer
		head = append(head, part...)
		*left -= len(part)
		switch {
		case *left < 0:
			return nil, fmt.Errorf("more than %d bytes: %w", mostHead, ErrHeadTooLong)
		case len(head) == 0 && err == io.EOF:
			return nil, ErrNoAnswer
		case !bytes.HasPrefix(head, []byte("HTTP/")[:min(5, len(head))]):
			return nil, fmt.Errorf("it begins with %q: %w", head[:min(20, len(head))], ErrNotHTTP)
		case err == bufio.ErrBufferFull:
		case err == io.EOF:
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		case len(bytes.TrimRight(part, "\r\n")) == 0:
			return head, nil
		}
	}
}

// parseHead has net/http take the head apart. It lets a length pass beside
// chunks, and chunks in HTTP/1.0; both are how one server's two messages become
// another's one (RFC 9112, 6.1 and 6.3), so both are refused here.
func parseHead(head []byte, rest *bufio.Reader) (*answer, error) {
	body := bufio.NewReader(io.MultiReader(bytes.NewReader(head), rest))
	response, err := http.ReadResponse(body, nil)
	if err != nil {
		return nil, err
	}
	lines := textproto.NewReader(bufio.NewReader(bytes.NewReader(head)))
	if _, err := lines.ReadLine(); err != nil {
		return nil, err
	}
	header, err := lines.ReadMIMEHeader()
	switch chunked := header["Transfer-Encoding"] != nil; {
	case err != nil:
		return nil, err
	case chunked && header["Content-Length"] != nil:
		return nil, fmt.Errorf("a length and chunks: %w", ErrFraming)
	case chunked && !response.ProtoAtLeast(1, 1):
		return nil, fmt.Errorf("chunks in %s: %w", response.Proto, ErrFraming)
	}
	return &answer{response, body, rest}, nil
}
