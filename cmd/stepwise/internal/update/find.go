// find.go: which folder is the copy, and what a learner wants brought back.
// Read update.go first.

package update

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// Find returns the copy that start lies in by what an update has left there, its
// record or its journal: the nearest folder, start or one above it, that holds
// one. So a copy is found that has lost its go.mod. What belongs to another user
// counts for nothing: in a folder that many may write, anybody could leave one.
func Find(start string) (dir string, found bool) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", false
	}
	for {
		for _, name := range []string{recordName, journalName} {
			if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() && mine(info) {
				return dir, true
			}
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", false
		}
		dir = above
	}
}

func mine(info os.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
}

// NoSuchFileError says that the course has no file or folder of that name.
type NoSuchFileError struct{ Path string }

func (e *NoSuchFileError) Error() string {
	return fmt.Sprintf("the course has no file or folder %s: stepwise update --restore --dry-run lists what your copy lacks", e.Path)
}

// Restore finds out what would bring back the files of the course at from that
// the copy at to lacks. With paths it is about these files and folders alone,
// named from the copy's folder, and a file that the learner changed comes back
// too: theirs is kept under a dated name. It writes nothing. Besides the errors
// of Compare there is a *NoSuchFileError for a path that the course lacks.
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
		his := p.his[name]
		switch {
		case len(paths) > 0 && !asked[name]:
		case his == "" && p.given[name] == "":
			p.Changes = append(p.Changes, Change{Kind: New, Path: name})
		case his == "":
			p.Changes = append(p.Changes, Change{Kind: Back, Path: name})
		case len(paths) > 0 && his != newest:
			kind := Both
			if his == p.given[name] {
				kind = Renewed
			}
			p.Changes = append(p.Changes, Change{Kind: kind, Path: name})
		}
	}
	p.sort()
	return p, nil
}
