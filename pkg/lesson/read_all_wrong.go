package lesson

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; sock.ReadAll is right.
var wrongReadAlls = []Wrong{
	{"takes a reset for the end", Impl{ReadAll: readAllFaults{resetIsEnd: true}.readAll}, []string{"Q04"}},
	{"takes a short read for the end", Impl{ReadAll: readAllFaults{shortIsEnd: true}.readAll}, []string{"Q02", "Q04"}},
	{"drops what came before an error", Impl{ReadAll: readAllFaults{dropsData: true}.readAll}, []string{"Q04"}},
	{"knows no limit", Impl{ReadAll: readAllFaults{noLimit: true}.readAll}, []string{"Q05"}},
	{"refuses the limit itself", Impl{ReadAll: readAllFaults{exclusive: true}.readAll}, []string{"Q06"}},
	{"decodes ASCII", Impl{ReadAll: readAllFaults{ascii: true}.readAll}, []string{"Q01", "Q06", "Q07"}},
}

type readAllFaults struct{ resetIsEnd, shortIsEnd, dropsData, noLimit, exclusive, ascii bool }

func (f readAllFaults) readAll(yield coro.Yield, s *sock.Socket, limit int) (data []byte, err error) {
	for {
		chunk, err := sock.Read(yield, s)
		switch {
		case err == io.EOF || err != nil && f.resetIsEnd:
			return f.decode(data), nil
		case err != nil && f.dropsData:
			return nil, err
		case err != nil:
			return data, err
		}
		data = append(data, chunk...)
		over := len(data) > limit || f.exclusive && len(data) == limit
		if over && !f.noLimit {
			return data[:limit], sock.ErrTooLong
		}
		if f.shortIsEnd && len(chunk) < 4096 {
			return data, nil
		}
	}
}

func (f readAllFaults) decode(data []byte) []byte {
	for i, b := range data {
		if f.ascii && b > 127 {
			data[i] = '?'
		}
	}
	return data
}
