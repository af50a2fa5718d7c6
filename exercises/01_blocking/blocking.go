// Package blocking is the exercise of lesson 01: a call that waits.
package blocking

import "stepwise/pkg/lesson"

// Ask asks the server at address and returns its whole answer.
//
//  1. sock.Sockaddr(address) returns the family and the address that the calls
//     want. unix.Socket(family, unix.SOCK_STREAM, 0) opens a socket.
//  2. unix.Connect connects it. Return the error of any call, as it is or wrapped (%w).
//  3. unix.Write returns how much it took: all of question must go out. If it fails,
//     return its error, even if there is an answer to read.
//  4. unix.Read reads a piece and returns its length. 0 is the end. If it
//     fails, return what came before, and the error. Set no limit (SO_RCVTIMEO): a
//     server may take its time.
//  5. Close the socket on every way out, and only once. Don't end your side earlier
//     (unix.Shutdown): a server may take that for a hang-up.
//
// The answer belongs to the caller: the next Ask must not change it.
func Ask(address string, question []byte) ([]byte, error) {
	return nil, lesson.ErrTODO
}
