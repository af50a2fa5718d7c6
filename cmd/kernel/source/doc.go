// Package source reads the cells of a notebook, and runs none: where a cell's commands
// end, what stands at the cursor, what it declares, whether it is complete, and what in
// it the notebooks' interpreter can't do. Package cell, which runs cells, asks it, and so
// do the kernel and the rules for notebooks.
//
//	for _, f := range source.Check(cells) {
//		fmt.Printf("cell %d, line %d: %s\n", f.Cell+1, f.Line, f.Text)
//	}
//
// A cell may be half written, so every reader begins with its words, as Go's scanner
// finds them; what parses has declarations; a whole notebook has types.
//
// Check finds Go that is right and yet fails in a cell or, worse, does something else
// without a word. It knows the interpreter by its rules, not by running it, and says
// nothing where it can't be sure. In one case it is stricter than necessary: a function
// in a loop that uses the loop's variable works if it is called before the next round,
// and no reader of the code can tell.
//
// Order of reading:
//
//   - commands.go and words.go: from a cell to its words.
//   - cursor.go and before.go: the expression at the cursor, and the code before it.
//   - split.go, complete.go and declared.go: the pieces of a cell that Go's parser takes,
//     whether one is still to come, and what they declare.
//   - notebook.go, check.go, rules.go and loops.go: what names mean, and the rules.
//   - advice.go and alike.go: what to write instead, once the interpreter has refused.
package source
