// Package fetch is a solution of lesson 12: the end of the stream is not the end
// of a message.
package fetch

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"

	"stepwise/pkg/fetch"
)

// ReadBody reads the body that follows head, and leaves r at the first byte
// after it.
func ReadBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	codings, lengths := head.Header["Transfer-Encoding"], head.Header["Content-Length"]
	switch {
	case method == "HEAD" || head.Code == 204 || head.Code == 304:
		return nil, nil
	case len(codings) == 1 && strings.EqualFold(codings[0], "chunked") && len(lengths) == 0 && head.Proto != "HTTP/1.0":
		return chunks(r, limit)
	case len(codings) > 0:
		return nil, fetch.ErrFraming
	case len(lengths) > 0:
		return byLength(r, lengths, limit)
	}
	more := int64(min(limit, math.MaxInt-1)) + 1 // to see that there is too much; an int has no more than MaxInt
	body, err := io.ReadAll(io.LimitReader(r, more))
	if len(body) > limit {
		return body[:limit], fetch.ErrTooLong
	}
	return body, err
}

func byLength(r *bufio.Reader, lengths []string, limit int) ([]byte, error) {
	for _, other := range lengths {
		if other != lengths[0] {
			return nil, fetch.ErrFraming
		}
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if err != nil {
		return nil, fetch.ErrFraming
	}
	return exactly(r, n, limit)
}

// exactly reads the next n bytes, if the limit allows them.
func exactly(r *bufio.Reader, n uint64, limit int) ([]byte, error) {
	if n > uint64(limit) {
		return nil, fetch.ErrTooLong
	}
	p := make([]byte, n)
	got, err := io.ReadFull(r, p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return p[:got], err
}

func chunks(r *bufio.Reader, limit int) (body []byte, err error) {
	for {
		text, err := line(r)
		if err != nil {
			return body, err
		}
		size, _, _ := strings.Cut(text, ";")
		n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 63)
		switch {
		case err != nil:
			return body, fetch.ErrFraming
		case n == 0:
			return body, skipTrailers(r)
		}
		chunk, err := exactly(r, n, limit-len(body))
		body = append(body, chunk...)
		if err == nil {
			text, err = line(r)
		}
		switch {
		case err != nil:
			return body, err
		case text != "":
			return body, fetch.ErrFraming
		}
	}
}

// skipTrailers reads at most a hundred lines, and the empty one after them.
func skipTrailers(r *bufio.Reader) error {
	for range 100 + 1 {
		if text, err := line(r); err != nil || text == "" {
			return err
		}
	}
	return fetch.ErrHeadTooLong
}

// line reads a line, without its end, which is \r\n and nothing else.
func line(r *bufio.Reader) (string, error) {
	p, err := r.ReadSlice('\n') // no more than r's buffer holds
	switch err {
	case nil:
	case io.EOF:
		return "", io.ErrUnexpectedEOF
	case bufio.ErrBufferFull:
		return "", fetch.ErrHeadTooLong
	default:
		return "", err
	}
	text, ended := strings.CutSuffix(string(p), "\r\n")
	if !ended || strings.Contains(text, "\r") {
		return "", fetch.ErrFraming
	}
	return text, nil
}
