package lesson

// WRONG ON PURPOSE: heads and bodies, with the faults listed in fetch_wrong.go.

import (
	"bufio"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"stepwise/pkg/fetch"
)

func (f fetchFaults) readBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	switch {
	case f.exclusive:
		limit--
	case f.oneMore:
		limit = min(limit, math.MaxInt-1) + 1
	case f.zeroIsNone && limit == 0:
		limit = 1 << 20
	}
	body, err := f.framed(r, method, head, limit)
	switch {
	case err != nil && f.dropsData, f.dropsBroken && errors.Is(err, fetch.ErrFraming), f.dropsLong && errors.Is(err, fetch.ErrTooLong):
		return nil, err
	case errors.Is(err, io.ErrUnexpectedEOF) && f.plainEOF:
		return body, io.EOF
	case errors.Is(err, unix.ECONNRESET) && f.noErrno:
		return body, errors.New("read body: " + err.Error())
	}
	return body, err
}

func (f fetchFaults) framed(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	lengths := head.Header["Content-Length"]
	coded, err := f.coded(head)
	if f.length204 && head.Code == 204 && len(lengths) > 0 || f.chunks304 && head.Code == 304 && coded {
		head.Code = 200
	}
	if err := f.tooEarly(lengths, err, limit); err != nil {
		return nil, err
	}
	switch {
	case f.untilEnd:
		return f.rest(r, limit)
	case f.no500 && head.Code == 500, f.no302 && head.Code == 302:
		return nil, nil
	case !f.bodyAlways && (method == "HEAD" && !f.forgetsHead || head.Code == 204 || head.Code == 304 && !f.forgets304):
		return nil, nil
	case f.only200 && head.Code != 200:
		return nil, nil
	case err != nil:
		return nil, err
	case coded && f.cutsChunks:
		body, err := f.chunks(r, 1<<20)
		return cutOff(body, err, limit)
	case coded:
		return f.chunks(r, limit)
	case len(lengths) > 0:
		n, err := f.length(lengths)
		switch {
		case err != nil && f.badIsNone:
			return f.rest(r, limit)
		case err != nil:
			return nil, err
		}
		return f.exactly(r, n, limit)
	}
	return f.rest(r, limit)
}

// tooEarly is what is found in a head before anything says that there is a body.
func (f fetchFaults) tooEarly(lengths []string, codings error, limit int) error {
	if f.codingsFirst && codings != nil {
		return codings
	}
	if !f.lengthFirst && !f.limitFirst || len(lengths) == 0 {
		return nil
	}
	n, err := f.length(lengths)
	switch {
	case err != nil && f.lengthFirst:
		return err
	case err == nil && f.limitFirst && n > limit:
		return fetch.ErrTooLong
	}
	return nil
}

// coded reports whether the body comes in chunks.
func (f fetchFaults) coded(head fetch.Head) (bool, error) {
	codings, lengths := head.Header["Transfer-Encoding"], head.Header["Content-Length"]
	if len(codings) == 0 || codings[0] == "" && f.emptyIsNone || len(lengths) > 0 && f.lengthWins {
		return false, nil
	}
	name := strings.ToLower(codings[0])
	if f.smallLetters {
		name = codings[0]
	}
	known := name == "chunked" || f.suffix && strings.HasSuffix(name, "chunked") || f.prefix && strings.HasPrefix(name, "chunked") || f.anyCoding
	if !known || len(codings) > 1 && !f.firstCoding || len(lengths) > 0 && !f.bothWays || head.Proto != "HTTP/1.1" && !f.oldChunks {
		return false, fetch.ErrFraming
	}
	return true, nil
}

// cutOff looks at the limit when everything is there.
func cutOff(body []byte, err error, limit int) ([]byte, error) {
	if len(body) > limit {
		return body[:limit], fetch.ErrTooLong
	}
	return body, err
}

func (f fetchFaults) rest(r io.Reader, limit int) ([]byte, error) {
	if f.cutsRest {
		body, err := io.ReadAll(r)
		return cutOff(body, err, limit)
	}
	most := int64(min(limit, math.MaxInt-1)) + 1
	if f.largest {
		most = int64(limit) + 1
	}
	body, err := io.ReadAll(io.LimitReader(r, most))
	switch {
	case len(body) > limit && f.noLimit:
		more, err := io.ReadAll(r)
		return append(body, more...), err
	case len(body) > limit:
		return body[:limit], fetch.ErrTooLong
	case f.resetIsEnd:
		return body, nil
	case len(body) == 0 && err == nil && f.emptyIsShort:
		err = io.ErrUnexpectedEOF
	}
	return body, err
}

func (f fetchFaults) length(values []string) (int, error) {
	if len(values) > 1 && f.oneLength {
		return 0, fetch.ErrFraming
	}
	switch n := len(values); {
	case f.twoLengths:
		values = values[:min(n, 2)]
	case f.lastLength:
		values = []string{values[0], values[n-1]}
	case f.leading:
		values = []string{values[0][:len(values[0])-len(strings.TrimLeft(values[0], "0123456789"))]}
	case f.digits:
		values = []string{notDigits.ReplaceAllString(values[0], "")}
	case f.listed:
		values[0], _, _ = strings.Cut(values[0], ",")
	}
	for _, v := range values {
		if f.numbers {
			v = strings.TrimLeft(v, "0")
		}
		if v != values[0] && !f.firstLength && !(f.numbers && v == strings.TrimLeft(values[0], "0")) {
			return 0, fetch.ErrFraming
		}
	}
	if f.signs {
		return strconv.Atoi(values[0])
	}
	n, err := strconv.ParseUint(values[0], 10, 63)
	if err != nil {
		return 0, fetch.ErrFraming
	}
	return int(n), nil
}

var notDigits = regexp.MustCompile(`\D`)

// exactly reads the next n bytes.
func (f fetchFaults) exactly(r io.Reader, n, limit int) ([]byte, error) {
	if n > limit && f.readsLong && n < 1<<20 {
		_, _ = io.ReadFull(r, make([]byte, n))
	}
	if n > limit && !f.noLimit || limit == 0 && f.zeroRefused {
		return nil, fetch.ErrTooLong
	}
	if buffered, ok := r.(*bufio.Reader); ok && f.peeks && n <= buffered.Size() {
		p, err := buffered.Peek(n)
		_, _ = buffered.Discard(len(p))
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return p, err
	}
	p := make([]byte, n)
	if f.oneBuffer {
		p = onlyBody()[:n]
	}
	if f.once {
		n, err := r.Read(p)
		return p[:n], err
	}
	n, err := io.ReadFull(r, p)
	switch {
	case err != nil && f.resetIsEnd && !isEnd(err), isEnd(err) && f.shortIsWhole:
		return p[:n], nil
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return p[:n], err
}

// onlyBody is the buffer of all bodies, if they have only one, made when it is needed.
var onlyBody = sync.OnceValue(func() []byte { return make([]byte, 1<<20) })

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
