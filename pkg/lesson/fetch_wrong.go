package lesson

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"stepwise/pkg/fetch"
)

// WRONG ON PURPOSE, each in one way; fetch.ReadBody is right.
var wrongFetches = []Wrong{
	{"takes the end of the stream for the end of the answer", fetchFaults{untilEnd: true}.impl(), []string{"X02", "X03", "X01", "X21", "X04", "X23", "X24", "X05", "X25", "X16", "X17", "X18", "X20", "X27", "X19", "X06", "Q05", "Q06", "Q04", "Q03"}},
	{"takes a short body for a whole one", fetchFaults{shortIsWhole: true}.impl(), []string{"X01"}},
	{"says io.EOF where a body breaks off", fetchFaults{plainEOF: true}.impl(), []string{"X01", "X19"}},
	{"reads a piece where it should read all of a length", fetchFaults{once: true}.impl(), []string{"X02", "X01", "Q04", "Q03"}},
	{"drops what came before an error", fetchFaults{dropsData: true}.impl(), []string{"X01", "X18", "X19", "Q05", "Q04"}},
	{"reads a body after 204, 304 and HEAD", fetchFaults{bodyAlways: true}.impl(), []string{"X21"}},
	{"reads a body after HEAD", fetchFaults{forgetsHead: true}.impl(), []string{"X21"}},
	{"reads a body after 304", fetchFaults{forgets304: true}.impl(), []string{"X21"}},
	{"takes a length with a sign", fetchFaults{signs: true}.impl(), []string{"X04"}},
	{"takes a length that it can't read for none", fetchFaults{badIsNone: true}.impl(), []string{"X04", "X23"}},
	{"trusts the first of two lengths", fetchFaults{firstLength: true}.impl(), []string{"X23"}},
	{"refuses two lengths that are the same", fetchFaults{oneLength: true}.impl(), []string{"X23"}},
	{"believes the chunks and not the length", fetchFaults{bothWays: true}.impl(), []string{"X24"}},
	{"believes the length and not the chunks", fetchFaults{lengthWins: true}.impl(), []string{"X24"}},
	{"takes chunks in HTTP/1.0", fetchFaults{oldChunks: true}.impl(), []string{"X24"}},
	{"looks only at the end of a coding's name", fetchFaults{suffix: true}.impl(), []string{"X24"}},
	{"looks only at the first line of codings", fetchFaults{firstCoding: true}.impl(), []string{"X24"}},
	{"takes every coding for chunks", fetchFaults{anyCoding: true}.impl(), []string{"X24"}},
	{"knows \"chunked\" only in small letters", fetchFaults{smallLetters: true}.impl(), []string{"X25"}},
	{"reads the sizes of chunks as decimal numbers", fetchFaults{base: 10}.impl(), []string{"X05"}},
	{"takes sizes in any notation of Go's", fetchFaults{anyBase: true}.impl(), []string{"X18"}},
	{"takes a chunk's extensions for part of its size", fetchFaults{noExtensions: true}.impl(), []string{"X16"}},
	{"leaves the trailers for the next answer", fetchFaults{noTrailers: true}.impl(), []string{"X17", "X06"}},
	{"leaves the last empty line for the next answer", fetchFaults{noLast: true}.impl(), []string{"X03", "X05", "X25", "X16", "X17", "X19", "X06", "Q06", "Q04"}},
	{"counts the empty line among the hundred trailers", fetchFaults{counts: true}.impl(), []string{"X17"}},
	{"takes a size that it can't read for the last one", fetchFaults{badIsLast: true}.impl(), []string{"X18"}},
	{"doesn't check what follows a chunk", fetchFaults{noLook: true}.impl(), []string{"X20"}},
	{"leaves the line end after a chunk", fetchFaults{noLineEnd: true}.impl(), []string{"X03", "X05", "X25", "X16", "X17", "X19", "Q05", "Q06", "Q04"}},
	{"takes \\n for the end of a line", fetchFaults{bareLF: true}.impl(), []string{"X27"}},
	{"overlooks any number of \\r", fetchFaults{manyCR: true}.impl(), []string{"X27"}},
	{"takes the end of the stream for the last chunk", fetchFaults{endIsLast: true}.impl(), []string{"X19"}},
	{"reads lines without end", fetchFaults{endless: true}.impl(), []string{"X06"}},
	{"allocates whatever is announced", fetchFaults{noLimit: true}.impl(), []string{"Q05"}},
	{"reads a body without a length to its end, and cuts it off afterwards", fetchFaults{cutsRest: true}.impl(), []string{"Q05"}},
	{"reads all chunks, and cuts them off afterwards", fetchFaults{cutsChunks: true}.impl(), []string{"Q05"}},
	{"compares each chunk with the limit, not all of them", fetchFaults{eachChunk: true}.impl(), []string{"Q05"}},
	{"adds sizes up before it compares them with the limit", fetchFaults{overflows: true}.impl(), []string{"Q05"}},
	{"allows a byte more than the limit", fetchFaults{oneMore: true}.impl(), []string{"Q05"}},
	{"refuses the limit itself", fetchFaults{exclusive: true}.impl(), []string{"Q05", "Q06"}},
	{"takes a reset for the end", fetchFaults{resetIsEnd: true}.impl(), []string{"Q04"}},
	{"thinks that only an answer of code 200 has a body", fetchFaults{only200: true}.impl(), []string{"X02"}},
	{"looks only at the beginning of a coding's name", fetchFaults{prefix: true}.impl(), []string{"X24"}},
	{"takes an empty coding for none", fetchFaults{emptyIsNone: true}.impl(), []string{"X24"}},
	{"compares the first two lengths, not all", fetchFaults{twoLengths: true}.impl(), []string{"X23"}},
	{"compares the first length with the last one only", fetchFaults{lastLength: true}.impl(), []string{"X23"}},
	{"compares lengths as numbers", fetchFaults{numbers: true}.impl(), []string{"X23"}},
	{"takes the first of the lengths in one line", fetchFaults{listed: true}.impl(), []string{"X04"}},
	{"takes a size with a space before it", fetchFaults{spaced: true}.impl(), []string{"X18"}},
	{"keeps 32 bits of a size", fetchFaults{bits32: true}.impl(), []string{"Q05"}},
	{"says that something is missing where a size is wrong", fetchFaults{badIsShort: true}.impl(), []string{"X18"}},
	{"knows the last chunk by its \"0\" alone", fetchFaults{oneZero: true}.impl(), []string{"X05"}},
	{"reads a thousand trailers", fetchFaults{thousand: true}.impl(), []string{"X06"}},
	{"lets bufio.ErrBufferFull escape", fetchFaults{bufferFull: true}.impl(), []string{"X06"}},
	{"takes a reset between two chunks for a mistake in them", fetchFaults{resetIsBroken: true}.impl(), []string{"Q04"}},
	{"drops two bytes after a chunk, whatever they are", fetchFaults{dropsTwo: true}.impl(), []string{"X20", "X27"}},
	{"drops the body when a chunk is broken", fetchFaults{dropsBroken: true}.impl(), []string{"X18"}},
	{"returns nothing with ErrTooLong", fetchFaults{dropsLong: true}.impl(), []string{"Q05"}},
	{"reads a body that is announced to be too long before it refuses it", fetchFaults{readsLong: true}.impl(), []string{"Q05"}},
	{"takes an empty body without a length for a broken one", fetchFaults{emptyIsShort: true}.impl(), []string{"X22"}},
	{"returns a part of the reader's buffer", fetchFaults{peeks: true}.impl(), []string{"Q03"}},
	{"has one buffer for all bodies", fetchFaults{oneBuffer: true}.impl(), []string{"Q03"}},
	{"thinks that an answer of code 500 has no body", fetchFaults{no500: true}.impl(), []string{"X02"}},
	{"reads a body after 204 that has a length", fetchFaults{length204: true}.impl(), []string{"X21"}},
	{"reads chunks after 304", fetchFaults{chunks304: true}.impl(), []string{"X21"}},
	{"reads the digits of a length, and overlooks what follows them", fetchFaults{leading: true}.impl(), []string{"X04", "X23"}},
	{"overlooks what isn't a digit in a length", fetchFaults{digits: true}.impl(), []string{"X04", "X23"}},
	{"takes a limit of 0 for none", fetchFaults{zeroIsNone: true}.impl(), []string{"Q05"}},
	{"says io.EOF where a line between chunks breaks off", fetchFaults{lineEOF: true}.impl(), []string{"X19"}},
	{"drops an error among the trailers", fetchFaults{dropsTrailerError: true}.impl(), []string{"X19", "X06", "Q04"}},
	{"drops the body at an error among the trailers", fetchFaults{dropsAtTrailers: true}.impl(), []string{"X19", "Q04"}},
	{"drops the part of a chunk that breaks off", fetchFaults{dropsPiece: true}.impl(), []string{"X19", "Q04"}},
	{"takes a \\r in the middle of a line", fetchFaults{middleCR: true}.impl(), []string{"X27"}},
	{"loses the errno", fetchFaults{noErrno: true}.impl(), []string{"Q04"}},
}

type fetchFaults struct {
	untilEnd, shortIsWhole, plainEOF, once, dropsData, bodyAlways, forgetsHead, forgets304, signs, badIsNone, firstLength bool
	oneLength, bothWays, lengthWins, oldChunks, suffix, firstCoding, anyCoding, smallLetters, anyBase, noExtensions       bool
	noTrailers, noLast, counts, badIsLast, noLook, noLineEnd, bareLF, manyCR, endIsLast, endless, noLimit, eachChunk      bool
	overflows, oneMore, exclusive, resetIsEnd, noErrno                                                                    bool

	only200, prefix, emptyIsNone, twoLengths, lastLength, numbers, listed, spaced, bits32, badIsShort, oneZero, thousand        bool
	bufferFull, resetIsBroken, dropsTwo, dropsBroken, dropsLong, readsLong, emptyIsShort, peeks, oneBuffer                      bool
	lineEOF, dropsTrailerError, dropsAtTrailers, dropsPiece, middleCR, no500, length204, chunks304, leading, digits, zeroIsNone bool
	cutsRest, cutsChunks                                                                                                        bool

	base int // of the sizes of chunks; 0 is 16
}

func (f fetchFaults) impl() Impl { return Impl{ReadBody: f.readBody} }

func (f fetchFaults) readBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	switch {
	case f.exclusive:
		limit--
	case f.oneMore:
		limit++
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
	switch {
	case f.untilEnd:
		return f.rest(r, limit)
	case f.no500 && head.Code == 500:
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
	body, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
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
	if n > limit && !f.noLimit {
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
		p = onlyBody[:n]
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

// onlyBody is the buffer of all bodies, if they have only one.
var onlyBody = make([]byte, 1<<20)

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
