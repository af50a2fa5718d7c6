// owner.go: who owns the course? What is in a course runs as you: its Go code, the
// Python in .stepwise, the kernel. In a folder that others may write to, anybody can
// put a course above yours, and a command that looks upwards for a course would take
// it. So a course that belongs to somebody else is refused before anything in it is
// run or read as configuration, as git does (safe.directory). Read course.go first.

package setup

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// ForeignError says that a course is refused because somebody else controls a part
// of it.
type ForeignError struct {
	Course string // its folder; Find takes it if it is named as safe
	Path   string // the part
	Why    string // "belongs to ann (uid 1001)"
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("the course in %q is refused because %q %s: what is in a course runs as you", e.Course, e.Path, e.Why)
}

// onTheWay lists what the course's commands run or read as configuration, and the
// folders that contain it. A folder that is yours, and that nobody else may write to,
// contains only what you have put there, so check doesn't look deeper.
var onTheWay = []string{
	".", "go.mod", "go.sum", "vendor", "cmd", "cmd/kernel", "cmd/stepwise", "pkg", "notebooks",
	".stepwise", ".stepwise/bin", ".stepwise/bin/stepwise-kernel", ".stepwise/bin/stepwise-play",
	".stepwise/venv", ".stepwise/venv/bin", ".stepwise/venv/bin/python", ".stepwise/share", ".stepwise/share/jupyter",
	".stepwise/share/jupyter/kernels", ".stepwise/share/jupyter/kernels/gophernotes",
	".stepwise/share/jupyter/kernels/gophernotes/kernel.json",
}

// reader is the user who runs this program, and how to find a file's owner.
type reader struct {
	uid   uint32
	sudo  string // $SUDO_UID
	owner func(fs.FileInfo) uint32
}

func thisReader() reader {
	return reader{uid: uint32(os.Geteuid()), sudo: os.Getenv("SUDO_UID"), owner: func(info fs.FileInfo) uint32 {
		return info.Sys().(*syscall.Stat_t).Uid // os.Stat gives this type on every unix
	}}
}

// check returns a *ForeignError if a part of the course in dir doesn't belong to the
// reader, and nil if dir is one of the safe folders.
func (r reader) check(dir string, safe []string) error {
	if isOneOf(dir, safe) {
		return nil
	}
	paths := make([]string, 0, len(onTheWay)+1)
	for _, name := range onTheWay {
		paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
	}
	for _, path := range append(paths, workspace(dir)) {
		if why := r.suspects(path); why != "" {
			return &ForeignError{Course: dir, Path: path, Why: why}
		}
	}
	return nil
}

// workspace returns the go.work that the go command reads for a module in dir, or ""
// if there is none. It may be in any folder above, and can replace whole modules.
func workspace(dir string) string {
	if os.Getenv("GOWORK") != "" {
		return "" // go doesn't look for one
	}
	for dir := range Upwards(dir) {
		name := filepath.Join(dir, "go.work")
		if _, err := os.Lstat(name); err == nil {
			return name
		}
	}
	return ""
}

// suspects returns why the reader must not rely on the file at path, or "" if they may
// or there is no such file. For a symbolic link it checks both the link and its
// target. For the link to a Python it checks only the link: the reader chose the
// target, which belongs to the system or to another program.
func (r reader) suspects(path string) string {
	info, err := os.Lstat(path)
	if err != nil {
		return ""
	}
	why := r.suspectsFile(info)
	if why != "" || info.Mode().Type() != fs.ModeSymlink || filepath.Base(path) == "python" {
		return why
	}
	if info, err = os.Stat(path); err != nil {
		return ""
	}
	return r.suspectsFile(info)
}

// suspectsFile is suspects for one file. Root's files count as the reader's: root can
// run anything as the reader anyway, and the copy of the course in an image belongs
// to root. Under sudo, the files of the user who ran sudo count too, as in git. A
// folder with the sticky bit, such as /tmp, is meant for everybody to write to, so it
// is suspect whoever owns it. Without that bit, a folder of the reader that everybody
// may write to may be on a disk without owners, so it is not.
func (r reader) suspectsFile(info fs.FileInfo) string {
	owner := r.owner(info)
	mine := owner == r.uid || r.uid == 0 && r.sudo == strconv.FormatUint(uint64(owner), 10)
	open := info.Mode().Type() != fs.ModeSymlink && info.Mode().Perm()&0o002 != 0 // a link's mode says nothing
	switch {
	case !mine && owner != 0:
		return "belongs to " + name(owner)
	case open && (!mine || info.Mode()&fs.ModeSticky != 0):
		return "is open for everybody to write to"
	}
	return ""
}

// name returns a user's name and number.
func name(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if known, err := user.LookupId(number); err == nil {
		return fmt.Sprintf("%s (uid %s)", known.Username, number)
	}
	return "uid " + number
}

// isOneOf reports whether dir is one of the folders, by any path. An empty name, as
// from an empty variable, is not a folder, and not the current one either.
func isOneOf(dir string, folders []string) bool {
	this, err := os.Stat(dir)
	if err != nil {
		return false
	}
	for _, folder := range folders {
		if other, err := os.Stat(folder); err == nil && os.SameFile(this, other) {
			return true
		}
	}
	return false
}
