package lesson

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"stepwise/pkg/fetch"
)

// WRONG ON PURPOSE, each in one way; fetch.ReadBody is right.
var wrongFetches = []Wrong{
	{"takes the end of the stream for the end of the answer", Impl{ReadBody: fetchFaults{untilEnd: true}.readBody}, []string{"X02", "X03", "X01", "X21", "X04", "X23", "X24", "X05", "X16", "X17", "X18", "X20", "X19", "Q05", "Q06", "Q04"}},
	{"takes a short body for a whole one", Impl{ReadBody: fetchFaults{shortIsWhole: true}.readBody}, []string{"X01"}},
	{"drops what came before an error", Impl{ReadBody: fetchFaults{dropsData: true}.readBody}, []string{"X01", "X19", "Q04"}},
	{"reads a body after 204, 304 and HEAD", Impl{ReadBody: fetchFaults{bodyAlways: true}.readBody}, []string{"X21"}},
	{"takes a length with a sign", Impl{ReadBody: fetchFaults{signs: true}.readBody}, []string{"X04"}},
	{"trusts the first of two lengths", Impl{ReadBody: fetchFaults{firstLength: true}.readBody}, []string{"X23"}},
	{"believes the chunks and not the length", Impl{ReadBody: fetchFaults{bothWays: true}.readBody}, []string{"X24"}},
	{"reads the sizes of chunks as decimal numbers", Impl{ReadBody: fetchFaults{base: 10}.readBody}, []string{"X05"}},
	{"takes a chunk's extensions for part of its size", Impl{ReadBody: fetchFaults{noExtensions: true}.readBody}, []string{"X16"}},
	{"leaves the trailers for the next answer", Impl{ReadBody: fetchFaults{noTrailers: true}.readBody}, []string{"X17", "X06"}},
	{"takes a size that it can't read for the last one", Impl{ReadBody: fetchFaults{badIsLast: true}.readBody}, []string{"X18"}},
	{"doesn't check what follows a chunk", Impl{ReadBody: fetchFaults{noLook: true}.readBody}, []string{"X20"}},
	{"takes the end of the stream for the last chunk", Impl{ReadBody: fetchFaults{endIsLast: true}.readBody}, []string{"X19"}},
	{"reads lines without end", Impl{ReadBody: fetchFaults{endless: true}.readBody}, []string{"X06"}},
	{"allocates whatever is announced", Impl{ReadBody: fetchFaults{noLimit: true}.readBody}, []string{"Q05"}},
	{"refuses the limit itself", Impl{ReadBody: fetchFaults{exclusive: true}.readBody}, []string{"Q06"}},
	{"takes a reset for the end", Impl{ReadBody: fetchFaults{resetIsEnd: true}.readBody}, []string{"Q04"}},
}

type fetchFaults struct {
	untilEnd, shortIsWhole, dropsData, bodyAlways, signs, firstLength, bothWays, noExtensions, noTrailers bool
	badIsLast, noLook, endIsLast, endless, noLimit, exclusive, resetIsEnd                                 bool

	base int // of the sizes of chunks; 0 is 16
}

func (f fetchFaults) readBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	if f.exclusive {
		limit--
	}
	body, err := f.framed(r, method, head, limit)
	if err != nil && f.dropsData {
		return nil, err
	}
	return body, err
}

func (f fetchFaults) framed(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	codings, lengths := head.Header["Transfer-Encoding"], head.Header["Content-Length"]
	switch {
	case f.untilEnd:
		return f.rest(r, limit)
	case !f.bodyAlways && (method == "HEAD" || head.Code == 204 || head.Code == 304):
		return nil, nil
	case len(codings) > 0:
		odd := len(lengths) > 0 || head.Proto != "HTTP/1.1" || len(codings) > 1 || codings[0] != "chunked"
		if odd && !f.bothWays {
			return nil, fetch.ErrFraming
		}
		return f.chunks(r, limit)
	case len(lengths) > 0:
		n, err := f.length(lengths)
		if err != nil {
			return nil, err
		}
		return f.exactly(r, n, limit)
	}
	return f.rest(r, limit)
}

func (f fetchFaults) rest(r io.Reader, limit int) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case len(body) > limit && f.noLimit:
		more, err := io.ReadAll(r)
		return append(body, more...), err
	case len(body) > limit:
		return body[:limit], fetch.ErrTooLong
	case f.resetIsEnd:
		return body, nil
	}
	return body, err
}

func (f fetchFaults) length(values []string) (int, error) {
	for _, v := range values {
		if v != values[0] && !f.firstLength {
			return 0, fetch.ErrFraming
		}
	}
	if f.signs {
		return strconv.Atoi(values[0])
	}
	n, err := strconv.ParseUint(values[0], 10, 63)
	return int(n), err
}

// exactly reads the next n bytes.
func (f fetchFaults) exactly(r io.Reader, n, limit int) ([]byte, error) {
	if n > limit && !f.noLimit {
		return nil, fetch.ErrTooLong
	}
	p := make([]byte, n)
	n, err := io.ReadFull(r, p)
	switch {
	case err != nil && f.resetIsEnd && !isEnd(err), isEnd(err) && f.shortIsWhole:
		return p[:n], nil
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return p[:n], err
}

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }

func (f fetchFaults) chunks(r *bufio.Reader, limit int) ([]byte, error) {
	var body []byte
	for {
		size, err := f.size(r)
		if err == io.EOF && f.endIsLast {
			return body, nil
		}
		if err != nil {
			return body, err
		}
		if size == 0 {
			return body, f.trailers(r)
		}
		chunk, err := f.exactly(r, size, limit-len(body))
		body = append(body, chunk...)
		if err != nil {
			return body, err
		}
		line, err := f.line(r)
		if err != nil || len(line) > 0 && !f.noLook {
			return body, errors.Join(err, fetch.ErrFraming)
		}
	}
}

// size reads the line before a chunk.
func (f fetchFaults) size(r *bufio.Reader) (int, error) {
	line, err := f.line(r)
	if err != nil {
		return 0, err
	}
	digits := string(line)
	if !f.noExtensions {
		digits, _, _ = strings.Cut(digits, ";")
	}
	base := 16
	if f.base != 0 {
		base = f.base
	}
	n, err := strconv.ParseUint(digits, base, 63)
	if err != nil && f.badIsLast {
		return 0, nil
	}
	return int(n), err
}

func (f fetchFaults) trailers(r *bufio.Reader) error {
	for n := 0; n < 1000 || f.endless; n++ {
		line, err := f.line(r)
		if err != nil || len(line) == 0 || f.noTrailers {
			return err
		}
	}
	return fetch.ErrHeadTooLong
}

func (f fetchFaults) line(r *bufio.Reader) ([]byte, error) {
	read := r.ReadSlice // never more than the buffer holds
	if f.endless {
		read = r.ReadBytes
	}
	line, err := read('\n')
	if err == io.EOF && !f.endIsLast {
		err = io.ErrUnexpectedEOF
	}
	return bytes.TrimRight(line, "\r\n"), err
}
