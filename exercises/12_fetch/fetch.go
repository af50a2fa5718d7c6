// Package fetch is the exercise of lesson 12: the end of the stream is not the
// end of a message.
package fetch

import (
	"bufio"

	"stepwise/pkg/fetch"
	"stepwise/pkg/lesson"
)

// ReadBody reads the body of an answer whose head has been read, and leaves r at
// the first byte behind it. method is that of the question: "GET", "HEAD".
//
//  1. An answer to HEAD has no body, and neither has one of code 204 or 304.
//  2. With a Transfer-Encoding the body comes in chunks. It must be the single
//     value "chunked", in capital or small letters, in HTTP/1.1, without a
//     Content-Length; refuse anything else with fetch.ErrFraming. A chunk is a
//     line with its size in hexadecimal, which may be followed by ";" and words
//     to ignore; then so many bytes; then an empty line. Behind the size 0 come
//     lines to ignore, and an empty one. Each of these lines ends in \r\n; refuse
//     a size, or a chunk, that ends in another way.
//  3. With a Content-Length the body has so many bytes. It is digits; where it
//     stands twice, both must be the same. Else: fetch.ErrFraming.
//  4. With neither, the body ends where the server closes.
//
// Where the stream ends before the body does, the error is io.ErrUnexpectedEOF.
// More than limit bytes are fetch.ErrTooLong, before you make room for them. A
// line that doesn't fit the buffer of r, and more than a hundred lines behind the
// last chunk, are fetch.ErrHeadTooLong. With an error return what came before it.
func ReadBody(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error) {
	return nil, lesson.ErrTODO
}
