package sock

// A unix socket that is bound leaves a file at its path, which only the program removes:
// unix(7). By then the name may belong to another: the file was removed and a newer server
// listens there, or a program has put something else in its place. So we remove the file
// that we made, not whatever has its name.

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// bound is the file that a bind has made; nil if there is none.
type bound struct {
	path string
	file os.FileInfo // its device and inode; while the socket is open, no other file gets that number
}

// bind gives s the address sa, and remembers the file that this makes.
func (s *Socket) bind(sa unix.Sockaddr) error {
	if err := s.loop.Calls().Bind(s.fd, sa); err != nil {
		return err
	}
	u, ok := sa.(*unix.SockaddrUnix)
	if !ok || abstract(u.Name) {
		return nil
	}
	if file, err := os.Lstat(u.Name); err == nil {
		s.bound = &bound{u.Name, file}
	}
	return nil
}

// abstract reports whether name is not a path; a file of that name is not ours.
func abstract(name string) bool { return runtime.GOOS == "linux" && strings.HasPrefix(name, "@") }

// remove removes the file, if it is still there. Call it before the socket is closed.
// Another file may take the place between the look and the removal: no system call does
// both.
func (b *bound) remove() {
	if b == nil {
		return
	}
	if file, err := os.Lstat(b.path); err == nil && os.SameFile(file, b.file) {
		_ = os.Remove(b.path)
	}
}
