//go:build !linux

package child

import "syscall"

// attributes puts a program into a group of its own (see the package doc).
// Only Linux has a signal for the parent's death. Elsewhere, a `kill -9` of this
// program leaves its children behind.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
