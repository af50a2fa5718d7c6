package lesson

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; sock.ReadAll is right.
var wrongReadAlls = []Wrong{
	{"takes a reset for the end", readAllFaults{resetIsEnd: true}.impl(), []string{"Q04"}},
	{"takes every error for the end", readAllFaults{errorIsEnd: true}.impl(), []string{"Q04", "R07", "R08"}},
	{"takes the end for an error", readAllFaults{endIsError: true}.impl(), []string{"Q01", "Q02", "Q06", "Q07", "R14"}},
	{"takes a short read for the end", readAllFaults{shortIsEnd: true}.impl(), []string{"Q02", "Q04", "Q05", "R07", "R14"}},
	{"reads once", readAllFaults{once: true}.impl(), []string{"Q01", "Q02", "Q04", "Q05", "R07", "R14"}},
	{"drops what came before an error", readAllFaults{dropsData: true}.impl(), []string{"Q04", "R07"}},
	{"loses the errno", readAllFaults{noErrno: true}.impl(), []string{"Q04", "R07", "R08"}},
	{"knows no limit", readAllFaults{noLimit: true}.impl(), []string{"Q05", "Q08"}},
	{"looks at the limit only at the end", readAllFaults{lateLimit: true}.impl(), []string{"Q08"}},
	{"looks at the limit of each piece, not of all", readAllFaults{pieceLimit: true}.impl(), []string{"Q05"}},
	{"refuses the limit itself", readAllFaults{exclusive: true}.impl(), []string{"Q06", "Q04"}},
	{"stops at the limit, without a look at whether more comes", readAllFaults{stopsThere: true}.impl(), []string{"Q04", "Q05"}},
	{"allows a byte more than the limit", readAllFaults{oneMore: true}.impl(), []string{"Q05", "Q08"}},
	{"cuts off at the limit, and says nothing", readAllFaults{silent: true}.impl(), []string{"Q05", "Q08"}},
	{"says that it is too long by another error", readAllFaults{otherError: true}.impl(), []string{"Q05", "Q08"}},
	{"returns nothing with ErrTooLong", readAllFaults{nothing: true}.impl(), []string{"Q05", "Q08"}},
	{"drops the piece that passes the limit", readAllFaults{dropsPiece: true}.impl(), []string{"Q05", "Q08"}},
	{"returns more than the limit", readAllFaults{returnsAll: true}.impl(), []string{"Q05", "Q08"}},
	{"takes a limit of 0 for none", readAllFaults{zeroIsNone: true}.impl(), []string{"Q05"}},
	{"returns a byte less than the limit", readAllFaults{oneLess: true}.impl(), []string{"Q05", "Q08"}},
	{"returns a new error with the words of ErrTooLong", readAllFaults{sameWords: true}.impl(), []string{"Q05", "Q08"}},
	{"closes the socket when it is too long", readAllFaults{closesLong: true}.impl(), []string{"Q05"}},
	{"closes the socket at the end", readAllFaults{closesEnd: true}.impl(), []string{"Q01", "Q07"}},
	{"takes an error before the first byte for the end", readAllFaults{firstIsEnd: true}.impl(), []string{"Q04", "R07", "R08"}},
	{"hides the reason of a cancellation", readAllFaults{noReason: true}.impl(), []string{"R07"}},
	{"takes turns between the pieces, and doesn't hear that it is canceled there", readAllFaults{turnBefore: true}.impl(), []string{"R07"}},
	{"takes turns between the pieces, and loses one when it is canceled there", readAllFaults{turnAfter: true}.impl(), []string{"R07"}},
	{"returns every answer in the same array", readAllFaults{oneArray: true}.impl(), []string{"Q01"}},
	{"keeps only the last piece", readAllFaults{lastPiece: true}.impl(), []string{"Q01", "Q02", "Q05", "R14"}},
	{"puts the pieces in front of each other", readAllFaults{backwards: true}.impl(), []string{"Q01", "Q02", "Q05", "R14"}},
	{"has one buffer for all sockets", readAllFaults{shared: true}.impl(), []string{"R14"}},
	{"decodes ASCII", readAllFaults{ascii: true}.impl(), []string{"Q01", "Q06", "Q07"}},
	{"trims the answer", readAllFaults{trims: true}.impl(), []string{"Q02", "Q07", "R14"}},
	{"takes \"busy\" for the end", readAllFaults{busyIsEnd: true}.impl(), []string{"R08"}},
	{"takes an error at the limit for the end", readAllFaults{fullIsEnd: true}.impl(), []string{"Q04"}},
	{"ends its own side at the end of the peer's", readAllFaults{endsSide: true}.impl(), []string{"Q01", "Q07"}},
	{"takes off the zero bytes at the end", readAllFaults{zeros: true}.impl(), []string{"Q07"}},
	{"closes the socket when it fails", readAllFaults{closes: true}.impl(), []string{"Q04", "R07", "R08"}},
	{"goes on although it was canceled", readAllFaults{deaf: true}.impl(), []string{"R07"}},
}

type readAllFaults struct {
	resetIsEnd, errorIsEnd, endIsError, shortIsEnd, once, dropsData, noErrno, noLimit, lateLimit, pieceLimit, exclusive, oneMore bool
	silent, otherError, nothing, dropsPiece, returnsAll, lastPiece, backwards, shared, ascii, trims, closes, deaf                bool
	zeroIsNone, oneLess, sameWords, closesLong, closesEnd, firstIsEnd, noReason, turnBefore, turnAfter, oneArray, stopsThere     bool
	busyIsEnd, fullIsEnd, endsSide, zeros                                                                                        bool
}

func (f readAllFaults) impl() Impl { return Impl{ReadAll: f.readAll} }

// sharedData is what all reads collect, if they share it.
var sharedData []byte

func (f readAllFaults) readAll(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error) {
	data, err := f.collect(yield, s, limit)
	if f.closesLong && errors.Is(err, sock.ErrTooLong) || f.closesEnd && err == nil {
		_ = s.Close()
	}
	if f.endsSide && err == nil {
		_ = s.CloseWrite()
	}
	if f.zeros {
		data = bytes.TrimRight(data, "\x00")
	}
	if f.oneArray {
		answer := append(onlyAnswer()[:0], data...)
		return answer, err
	}
	return data, err
}

// onlyAnswer has the last one, if all are returned in the same array. It is made when it is
// needed, since it would weigh on every kernel.
var onlyAnswer = sync.OnceValue(func() []byte { return make([]byte, 0, 2<<20) })

func (f readAllFaults) collect(yield coro.Yield, s *sock.Socket, limit int) (all []byte, err error) {
	data := &all
	if f.shared {
		sharedData = nil
		data = &sharedData
	}
	for {
		chunk, err := f.next(yield, s)
		if err != nil {
			if f.deaf && errors.Is(err, future.ErrCanceled) {
				continue
			}
			return f.end(s, *data, err, limit)
		}
		before := len(*data)
		f.add(data, chunk)
		if f.over(len(*data), len(chunk), limit) && !f.lateLimit {
			return f.tooLong(*data, before, limit)
		}
		if f.stopsThere && len(*data) == limit || f.once || f.shortIsEnd && len(chunk) < 8 {
			return *data, nil
		}
	}
}

// next is the next piece.
func (f readAllFaults) next(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	if f.turnBefore {
		_ = task.Checkpoint(yield)
	}
	chunk, err := sock.Read(yield, s)
	if f.turnAfter {
		if canceled := task.Checkpoint(yield); canceled != nil {
			return nil, canceled
		}
	}
	return chunk, err
}

func (f readAllFaults) add(data *[]byte, chunk []byte) {
	switch {
	case f.lastPiece:
		*data = chunk
	case f.backwards:
		*data = append(bytes.Clone(chunk), *data...)
	default:
		*data = append(*data, chunk...)
	}
}

func (f readAllFaults) over(all, piece, limit int) bool {
	switch {
	case f.noLimit, f.zeroIsNone && limit == 0:
		return false
	case f.pieceLimit:
		return piece > limit
	case f.oneMore:
		return all-1 > limit
	}
	return all > limit || f.exclusive && all == limit
}

func (f readAllFaults) tooLong(data []byte, before, limit int) ([]byte, error) {
	err := error(sock.ErrTooLong)
	switch {
	case f.silent:
		err = nil
	case f.otherError:
		err = io.ErrShortBuffer
	case f.sameWords:
		err = errors.New(err.Error())
	}
	switch {
	case f.nothing:
		return nil, err
	case f.oneLess:
		return data[:max(0, limit-1)], err
	case f.dropsPiece:
		return data[:before], err
	case f.returnsAll:
		return data, err
	}
	return data[:min(len(data), limit)], err
}

// end is what is returned when a read says err.
func (f readAllFaults) end(s *sock.Socket, data []byte, err error, limit int) ([]byte, error) {
	switch {
	case err == io.EOF && f.endIsError:
		return data, err
	case err == io.EOF && f.lateLimit && len(data) > limit:
		return data[:limit], sock.ErrTooLong
	case f.busyIsEnd && errors.Is(err, sock.ErrBusy), f.fullIsEnd && len(data) == limit:
		return data, nil
	case err == io.EOF, f.errorIsEnd, f.resetIsEnd && errors.Is(err, unix.ECONNRESET):
		return f.decode(data), nil
	case f.firstIsEnd && len(data) == 0:
		return nil, nil
	case f.noReason && errors.Is(err, future.ErrCanceled):
		return data, future.ErrCanceled
	case f.dropsData:
		return nil, err
	case f.noErrno:
		return data, errors.New("read all: " + err.Error())
	case f.closes:
		_ = s.Close()
	}
	return data, err
}

func (f readAllFaults) decode(data []byte) []byte {
	for i, b := range data {
		if f.ascii && b > 127 {
			data[i] = '?'
		}
	}
	if f.trims {
		return bytes.TrimSpace(data)
	}
	return data
}
