// Package fetch is the exercise of lesson 12: the end of the stream is not the
// end of a message.
package fetch

import (
	"bufio"

	"stepwise/pkg/fetch"
	"stepwise/pkg/lesson"
)

// ReadBody reads the body that follows head, and leaves r at the first byte after
// it. method is that of the question: "GET" or "HEAD". fetch.ReadHead has skipped the
// interim answers (1xx), and has refused a 101. The first of these rules that fits
// decides:
//
//  1. An answer to HEAD has no body; neither has one with the status 204 or 304.
//  2. With a Transfer-Encoding the body comes in chunks. It must be the single
//     value "chunked", in capital or small letters, in HTTP/1.1 (head.Proto), without
//     a Content-Length; otherwise the error is fetch.ErrFraming. A chunk is a line with
//     its size in hexadecimal, then that many bytes, then an empty line. After the size
//     there may be ";" and words to ignore. After the size 0 come lines to ignore, and
//     an empty one. Each of these lines ends in \r\n and has no other \r. A line that
//     differs, a size that isn't one, or a chunk that is longer than its size, is
//     fetch.ErrFraming. The lesson's line and firstExactly read a line and n bytes.
//  3. With a Content-Length the body has that many bytes. The value is digits alone; if
//     it occurs twice, both must be the same. Otherwise the error is fetch.ErrFraming.
//  4. With neither, the body ends where the server closes.
//
// If the stream ends before the body does, the error is io.ErrUnexpectedEOF. More than
// limit bytes is fetch.ErrTooLong; return it before you make room for them, or wait for
// them. limit may be 0, and it may be the largest int. A line that doesn't fit the buffer
// of r, or more than a hundred lines after the last chunk, is fetch.ErrHeadTooLong. Return
// an error of r so that errors.Is finds it. With an error, return what came before it. The
// body belongs to the caller: the next one must not change it.
func ReadBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	return nil, lesson.ErrTODO
}
