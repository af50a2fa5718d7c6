package child

import "syscall"

// attributes puts a program into a group of its own (see the package doc), and has
// the kernel end it if this program is killed and can't end it itself.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
