// Package tables holds the packages that a cell can import at once: ours, the
// standard library's that the course uses, syscall and the needed part of
// golang.org/x/sys/unix. Import it for its side effect:
//
//	import _ "stepwise/cmd/kernel/tables"
//
// All other files are generated, for Linux. Elsewhere cells can import only gomacro's own
// tables, so on macOS the course runs in its container. Command generate says what goes
// in.
package tables
