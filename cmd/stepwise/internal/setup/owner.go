// owner.go: whose course is it? What is found there runs as you: its Go code, the
// Python in .stepwise, the kernel. In a folder that others may write into, anybody
// can lay a course above yours, and a command that looks for one upwards would take
// it. So one that belongs to somebody else is refused before anything in it is run
// or read as configuration, as git does (safe.directory). Read course.go first.

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

// ForeignError says that a course is refused since a part of it is in somebody
// else's hands.
type ForeignError struct {
	Course string // its folder; Find takes it if it is named as safe
	Path   string // the part
	Why    string // "belongs to ann (uid 1001)"
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("the course in %q is refused, since %q %s: what is in a course runs as you", e.Course, e.Path, e.Why)
}

// onTheWay lists what the course's commands run or read as configuration, and the
// folders in which it lies. A folder that is yours, and that nobody else may write
// into, holds what you have put there: it needs no deeper look.
var onTheWay = []string{
	".", "go.mod", "go.sum", "vendor", "cmd", "cmd/kernel", "cmd/stepwise", "pkg", "notebooks",
	".stepwise", ".stepwise/bin", ".stepwise/bin/stepwise-kernel", ".stepwise/bin/stepwise-play",
	".stepwise/venv", ".stepwise/venv/bin", ".stepwise/venv/bin/python", ".stepwise/share", ".stepwise/share/jupyter",
	".stepwise/share/jupyter/kernels", ".stepwise/share/jupyter/kernels/gophernotes",
	".stepwise/share/jupyter/kernels/gophernotes/kernel.json",
}

// reader is who runs this program, and how they see who owns a file.
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

// check returns a *ForeignError if a part of the course in dir is not the
// reader's, and nil if dir is one of the safe folders.
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

// workspace is the go.work that the go command reads for a module in dir: it may
// lie in any folder above, and replaces whole modules. "" if there is none.
func workspace(dir string) string {
	if os.Getenv("GOWORK") != "" {
		return "" // go looks for none
	}
	for {
		name := filepath.Join(dir, "go.work")
		if _, err := os.Lstat(name); err == nil {
			return name
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

// suspects says why the reader must not rely on what is at path; "" if they may,
// or if nothing is there. Of a symbolic link, both it and what it leads to count,
// but for a Python's: that leads to one of the system's, or of another program's,
// by the reader's own choice.
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

// suspectsFile is suspects for one file. Root's is taken as the reader's: root may
// run anything as them anyhow, and the copy of the course in an image is root's.
// Root who came by sudo is also who they were, as in git. Into a folder with the
// sticky bit, such as /tmp, everybody is meant to write, whoever owns it; without
// that bit a folder of the reader's own may be on a disk that knows no owners.
func (r reader) suspectsFile(info fs.FileInfo) string {
	owner := r.owner(info)
	mine := owner == r.uid || r.uid == 0 && r.sudo == strconv.FormatUint(uint64(owner), 10)
	open := info.Mode().Type() != fs.ModeSymlink && info.Mode().Perm()&0o002 != 0 // a link's mode says nothing
	switch {
	case !mine && owner != 0:
		return "belongs to " + name(owner)
	case open && (!mine || info.Mode()&fs.ModeSticky != 0):
		return "is one that everybody may write to"
	}
	return ""
}

// name is a user's name and number.
func name(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if known, err := user.LookupId(number); err == nil {
		return fmt.Sprintf("%s (uid %s)", known.Username, number)
	}
	return "uid " + number
}

// isOneOf reports whether dir is one of the folders, by whatever path. An empty
// name, which an empty variable leads to, is no folder, and not the current one.
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
