package fetch

// Where a body ends (RFC 9112, 6.3). Read head.go before it. Three principles:
//
//   - The head decides, before a byte of the body is read. If it contradicts itself, the
//     answer is refused: by guessing, one program finds two messages where another
//     finds one.
//   - What follows the body stays in the reader: it is the next answer.
//   - A stream that ends before the body does is io.ErrUnexpectedEOF, never an end.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"stepwise/pkg/sock"
)

// ReadBody reads the body that follows head, in answer to a request by method ("GET"), and
// leaves r at the first byte after it. On a connection that is kept alive, the next
// ReadHead begins there.
//
// limit is the maximum size; if one byte more is announced, or comes, the error is a
// *TooLongError. Other errors: ErrFraming, io.ErrUnexpectedEOF for a body that ends early,
// sock.ErrLimit for a limit below zero, and r's own. With an error it returns what came
// before it. asyncio has no such function; in Python's http.client it is
// HTTPResponse.read.
func ReadBody(r *bufio.Reader, method string, head Head, limit int) ([]byte, error) {
	if limit < 0 {
		return nil, fmt.Errorf("read body: %w", sock.ErrLimit)
	}
	framed, length, err := frame(r, method, head)
	switch {
	case err != nil:
		return nil, err
	case length > int64(limit):
		return nil, &TooLongError{int64(limit), length}
	}
	var body bytes.Buffer
	_, err = body.ReadFrom(io.LimitReader(framed, int64(limit)))
	if err == nil {
		err = atEnd(framed, limit)
	}
	return body.Bytes(), err
}

// atEnd reads what ends the body, and returns nil if there is no more of it.
func atEnd(framed io.Reader, limit int) error {
	var more [1]byte
	switch n, err := io.ReadFull(framed, more[:]); {
	case n > 0:
		return &TooLongError{int64(limit), -1}
	case err != io.EOF:
		return err
	}
	return nil
}

// frame is the body as a reader of its own, whose io.EOF is the body's end, and
// its length where that is known before; else -1.
func frame(r *bufio.Reader, method string, head Head) (body io.Reader, length int64, err error) {
	codings, lengths := head.Header["Transfer-Encoding"], head.Header["Content-Length"]
	switch {
	case method == http.MethodHead || head.Code/100 == 1 || head.Code == 204 || head.Code == 304:
		return http.NoBody, 0, nil
	case len(codings) > 1 || len(codings) == 1 && !strings.EqualFold(codings[0], "chunked"):
		return nil, 0, fmt.Errorf("the transfer coding %q: %w", strings.Join(codings, ", "), ErrFraming)
	case len(codings) == 1 && head.Proto == "HTTP/1.0":
		return nil, 0, fmt.Errorf("chunks in %s: %w", head.Proto, ErrFraming)
	case len(codings) == 1 && len(lengths) > 0:
		return nil, 0, fmt.Errorf("a length and chunks: %w", ErrFraming)
	case len(codings) == 1:
		return &chunked{r: r}, -1, nil
	case len(lengths) > 0:
		length, err := lengthOf(lengths)
		return &exactly{r, length}, length, err
	}
	return r, -1, nil // the one case in which the end of the stream is the end
}

// lengthOf reads a Content-Length: digits only, and the same ones each time it occurs.
func lengthOf(values []string) (int64, error) {
	for _, other := range values[1:] {
		if other != values[0] {
			return 0, fmt.Errorf("two lengths, %q and %q: %w", values[0], other, ErrFraming)
		}
	}
	n, err := strconv.ParseUint(values[0], 10, 63) // it accepts no sign
	if err != nil {
		return 0, fmt.Errorf("a length of %q: %w", values[0], ErrFraming)
	}
	return int64(n), nil
}

// exactly is the next left bytes of r.
type exactly struct {
	r    io.Reader
	left int64
}

func (e *exactly) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if e.left == 0 {
		return n, nil // the body is whole, however the stream ends
	}
	return n, unexpectedEOF(err)
}
