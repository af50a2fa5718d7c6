package cell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// here is a name for the place at which the reader may go on. Nobody would choose it.
const here = "stepwise_kernel_here"

// Complete returns the names that may stand at the cursor, which counts
// characters, and the range of characters that they would replace. After a dot they
// are those of the package, or the fields and methods of the value, which may be an
// expression; elsewhere the names that are known there, and Go's keywords.
func (s *Session) Complete(code string, cursor int) (matches []string, start, end int) {
	head := upTo(code, cursor)
	behind := strings.TrimRightFunc(head, inName)
	word := head[len(behind):]
	start, end = utf8.RuneCountInString(behind), utf8.RuneCountInString(head)
	place := s.check.At(code, len(behind), len(head), here)
	if place == nil {
		return nil, start, end
	}
	for _, name := range place.Names() {
		if strings.HasPrefix(name, word) && name != here {
			matches = append(matches, name)
		}
	}
	return matches, start, end
}

func inName(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// upTo is the code before a cursor that counts characters.
func upTo(code string, cursor int) string {
	for i := range code {
		if cursor <= 0 {
			return code[:i]
		}
		cursor--
	}
	return code
}
