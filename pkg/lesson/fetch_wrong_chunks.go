package lesson

// WRONG ON PURPOSE: chunks, with the faults listed in fetch_wrong.go.

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"stepwise/pkg/fetch"
)

func (f fetchFaults) chunks(r *bufio.Reader, limit int) (body []byte, err error) {
	for {
		size, last, err := f.size(r)
		switch {
		case err == io.EOF && f.endIsLast:
			return body, nil
		case err != nil:
			return body, err
		case last:
			err := f.trailers(r)
			switch {
			case f.dropsTrailerError:
				return body, nil
			case err != nil && f.dropsAtTrailers:
				return nil, err
			}
			return body, err
		}
		chunk, err := f.chunk(r, size, limit, len(body))
		if err != nil && f.dropsPiece {
			return body, err
		}
		body = append(body, chunk...)
		if err != nil || f.noLineEnd {
			if err != nil {
				return body, err
			}
			continue
		}
		if f.dropsTwo {
			if _, err := r.Discard(2); err == nil {
				continue
			}
		}
		line, err := f.line(r)
		switch {
		case err != nil:
			return body, err
		case len(line) > 0 && !f.noLook:
			return body, fetch.ErrFraming
		}
	}
}

func (f fetchFaults) chunk(r *bufio.Reader, size, limit, have int) ([]byte, error) {
	if f.readsChunk && size > limit-have && size < 1<<20 {
		_, _ = io.ReadFull(r, make([]byte, size))
	}
	if f.smallChunks && size > r.Size() {
		return nil, bufio.ErrBufferFull
	}
	switch {
	case f.eachChunk:
		return f.exactly(r, size, limit)
	case f.overflows && have+size > limit:
		return nil, fetch.ErrTooLong
	case f.overflows:
		return f.exactly(r, size, size)
	}
	return f.exactly(r, size, limit-have)
}

// size reads the line before a chunk, and whether that is the last one.
func (f fetchFaults) size(r *bufio.Reader) (size int, last bool, err error) {
	line, err := f.line(r)
	if err != nil {
		return 0, false, err
	}
	digits := line
	if !f.noExtensions {
		digits, _, _ = strings.Cut(digits, ";")
	}
	if f.spaced {
		digits = strings.TrimSpace(digits)
	}
	base := 16
	switch {
	case f.base != 0:
		base = f.base
	case f.anyBase && strings.HasPrefix(digits, "0x"):
		base = 0
	}
	n, err := strconv.ParseUint(digits, base, 63)
	switch {
	case err != nil && f.badIsLast:
		return 0, true, nil
	case err != nil && f.badIsShort:
		return 0, false, io.ErrUnexpectedEOF
	case err != nil:
		return 0, false, fetch.ErrFraming
	case f.bits32:
		n = uint64(uint32(n))
	}
	return int(n), n == 0 && !(f.oneZero && digits != "0"), nil
}

func (f fetchFaults) trailers(r *bufio.Reader) error {
	most := 101 // and the empty line
	switch {
	case f.noLast:
		return nil
	case f.counts:
		most = 100
	case f.thousand:
		most = 1000
	}
	for n := 0; n < most || f.endless; n++ {
		line, err := f.line(r)
		if err != nil || line == "" || f.noTrailers {
			return err
		}
	}
	return fetch.ErrHeadTooLong
}

// line reads a line, without its end.
func (f fetchFaults) line(r *bufio.Reader) (string, error) {
	read := r.ReadSlice // never more than the buffer holds
	if f.endless {
		read = r.ReadBytes
	}
	p, err := read('\n')
	switch {
	case err == io.EOF && !f.endIsLast && !f.lineEOF:
		return "", io.ErrUnexpectedEOF
	case err == bufio.ErrBufferFull && !f.bufferFull:
		return "", fetch.ErrHeadTooLong
	case err != nil && f.resetIsBroken:
		return "", fetch.ErrFraming
	case err != nil:
		return "", err
	}
	line, ended := strings.CutSuffix(string(p), "\r\n")
	switch {
	case f.manyCR || f.bareLF && !ended:
		return strings.TrimRight(string(p), "\r\n"), nil
	case !ended, strings.Contains(line, "\r") && !f.middleCR:
		return "", fetch.ErrFraming
	}
	return line, nil
}
