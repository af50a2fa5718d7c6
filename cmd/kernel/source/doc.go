// Package source reads the text of a notebook's cells, and runs none: where a cell's
// commands end, what its parts are, what stands at the cursor, what it declares, whether
// it is complete. A cell may be half written, so every reader begins with its words, as
// Go's scanner finds them. What a cell means is for package check to say, and what the
// notebooks' interpreter can't do for package limits.
//
//	for _, part := range source.Parts(cell) {
//		fmt.Println(part.Line, part.Text)
//	}
//
// Order of reading:
//
//   - commands.go and words.go: from a cell to its words.
//   - cursor.go and before.go: the expression at the cursor, and the code before it.
//   - split.go, complete.go and declared.go: the parts of a cell that Go's parser takes,
//     whether one is still to come, and what they declare.
//   - advice.go and alike.go: what to write instead, once the interpreter has refused, and
//     names that look like another.
package source
