// Package tables holds the packages that a cell can import at once: ours, the
// standard library's that the course uses, syscall and the needed part of
// golang.org/x/sys/unix. Importing it for its side effect is all there is to do:
//
//	import _ "stepwise/cmd/kernel/tables"
//
// All other files are generated, for Linux; elsewhere cells can import gomacro's own
// tables only, so on macOS the course runs in its container. Package generate
// says what goes in.
package tables
