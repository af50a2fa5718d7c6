// find.go: finding the copy, and planning to bring back files. Read update.go first.

package update

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"stepwise/cmd/stepwise/internal/setup"
	"strings"
	"syscall"
)

// Find returns the copy that contains start: the nearest folder, start or one above
// it, with a record or a journal of an update. So it finds a copy that has lost its
// go.mod. It ignores files of other users, because anybody could leave such a file in
// a shared folder.
func Find(start string) (dir string, found bool) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", false
	}
	for dir := range setup.Upwards(dir) {
		for _, name := range []string{recordName, journalName} {
			if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() && mine(info) {
				return dir, true
			}
		}
	}
	return "", false
}

func mine(info os.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
}

// NoSuchFileError says that the course has no such file or folder.
type NoSuchFileError struct{ Path string }

func (e *NoSuchFileError) Error() string {
	return fmt.Sprintf("the course has no file or folder %s: to list what your copy lacks, use stepwise update --restore --dry-run", e.Path)
}

// Restore returns a plan to bring back the files of the course at from that the copy
// at to lacks. With paths, relative to the copy's folder, the plan has only these
// files and folders; a file that the learner changed comes back too, and theirs is
// kept under a dated name. Restore writes nothing. Besides the errors of Compare, it
// returns a *NoSuchFileError for a path that the course lacks.
func Restore(from, to string, paths ...string) (*Plan, error) {
	p, err := look(from, to)
	if err != nil {
		return nil, err
	}
	asked := make(map[string]bool)
	for _, wanted := range paths {
		wanted = path.Clean(filepath.ToSlash(wanted))
		found := false
		for name := range p.course {
			if name == wanted || wanted == "." || strings.HasPrefix(name, wanted+"/") {
				asked[name], found = true, true
			}
		}
		if !found {
			return nil, &NoSuchFileError{wanted}
		}
	}
	for name, newest := range p.course {
		theirs := p.theirs[name]
		switch {
		case len(paths) > 0 && !asked[name]:
		case theirs == "" && p.given[name] == "":
			p.Changes = append(p.Changes, Change{Kind: New, Path: name})
		case theirs == "":
			p.Changes = append(p.Changes, Change{Kind: Back, Path: name})
		case len(paths) > 0 && theirs != newest:
			kind := Both
			if theirs == p.given[name] {
				kind = Renewed
			}
			p.Changes = append(p.Changes, Change{Kind: kind, Path: name})
		}
	}
	p.sort()
	return p, nil
}
