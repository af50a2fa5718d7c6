package sock

// A unix socket that is bound leaves a file at its path, which nobody removes but the
// program: unix(7). By then the name may be another's. Somebody has removed the file,
// and a newer server listens there; or a program has put something else in its place.
// So what is removed is the file that we made, not whatever has its name.

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// bound is the file that a bind has made; nil if there is none.
type bound struct {
	path string
	file os.FileInfo // its device and inode; the kernel gives the number to no other file while the socket is open
}

// bind gives s the address sa, and remembers the file that comes with it.
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

// abstract: a name that is no path; a file that has it is somebody else's.
func abstract(name string) bool { return runtime.GOOS == "linux" && strings.HasPrefix(name, "@") }

// remove removes the file, if it is still there. It comes before the socket is closed.
// Between the look and the removal another might take the place: no call does both.
func (b *bound) remove() {
	if b == nil {
		return
	}
	if file, err := os.Lstat(b.path); err == nil && os.SameFile(file, b.file) {
		_ = os.Remove(b.path)
	}
}
