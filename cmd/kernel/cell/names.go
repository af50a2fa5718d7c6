package cell

import (
	"github.com/cosmos72/gomacro/fast"
)

// Complete returns the names that may stand at the cursor, which counts
// characters, and the range of characters that they would replace.
func (s *Session) Complete(code string, cursor int) (matches []string, start, end int) {
	characters := []rune(code)
	end = min(max(cursor, 0), len(characters))
	head, matches, _ := s.ir.CompleteWords(code, len(string(characters[:end]))) // gomacro counts bytes
	start = len([]rune(head)) - len([]rune(fast.TailIdentifier(head)))
	return matches, min(start, end), end
}
