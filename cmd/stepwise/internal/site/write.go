// write.go: writing the pages into a folder that may have other files. A file of the
// site, .stepwise-site, notes which files were written, with their hashes: only a file
// that still has its hash is overwritten or removed. Read site.go first.

package site

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/regular"
)

// ErrOccupied says that a folder has files in it and is not a site.
var ErrOccupied = errors.New("the folder has files that are not a site's: name a new or an empty folder")

// ChangedError says that somebody has changed files of the site, or put files where
// pages belong. Nothing was written.
type ChangedError struct {
	Dir   string
	Names []string
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("in %s these files were changed since the site was made, or are not its pages: %s; "+
		"nothing was written: move them away, or name another folder", e.Dir, strings.Join(e.Names, ", "))
}

// record has a line for each page: its hash, two blanks, its name.
const record = ".stepwise-site"

// Write writes the pages into dir, and makes dir if it doesn't exist. dir may be empty
// (names that begin with a dot don't count) or contain an earlier site: Write updates
// its pages, removes pages that no longer exist, and leaves other files alone. If a run
// is cut short, the next one completes it.
func Write(dir string, pages []Page) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of the site: %w: name another", err)
	}
	root, err := os.OpenRoot(dir) // no name leads out of dir
	if err != nil {
		return fmt.Errorf("opening the folder of the site: %w", err)
	}
	defer root.Close()
	s := &folder{root: root, fresh: map[string][]byte{}}
	for _, p := range pages {
		s.fresh[p.Name] = p.Content
	}
	if err := s.look(dir); err != nil {
		return err
	}
	if err := s.write(pages); err != nil {
		return fmt.Errorf("writing the site into %s: %w", dir, err)
	}
	return nil
}

// folder is the folder that a site is written into.
type folder struct {
	root  *os.Root
	fresh map[string][]byte // by name
	old   map[string]string // by name: the hash of the file as it was written
}

// look finds out which files are there, and whether they may be replaced.
func (s *folder) look(dir string) error {
	text, err := regular.ReadIn(s.root, record)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := s.empty(); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	case err != nil:
		return fmt.Errorf("reading the earlier site: %w", err)
	}
	s.old = map[string]string{}
	for line := range strings.Lines(string(text)) {
		if hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok {
			s.old[name] = hash
		}
	}
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(s.fresh)) {
		is, err := s.hash(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil || is != s.old[name] && is != hashOf(s.fresh[name]):
			changed = append(changed, name)
		}
	}
	if len(changed) > 0 {
		return &ChangedError{dir, changed}
	}
	return nil
}

// empty returns an error if the folder has visible files.
func (s *folder) empty() error {
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			return ErrOccupied
		}
	}
	return nil
}

// write brings the folder up to date. If there is no record, it writes one first, so
// that a run that is cut short leaves a site and not an occupied folder.
func (s *folder) write(pages []Page) error {
	if len(s.old) == 0 {
		if err := s.put(record, nil); err != nil {
			return err
		}
	}
	var lines strings.Builder
	for _, p := range pages {
		hash := hashOf(p.Content)
		fmt.Fprintf(&lines, "%s  %s\n", hash, p.Name)
		if is, err := s.hash(p.Name); err == nil && is == hash {
			continue
		}
		if err := s.put(p.Name, p.Content); err != nil {
			return err
		}
	}
	if err := s.clean(); err != nil {
		return err
	}
	return s.put(record, []byte(lines.String()))
}

// clean removes earlier pages that no longer exist, if nobody has changed them.
func (s *folder) clean() error {
	for name, hash := range s.old {
		if _, stays := s.fresh[name]; stays {
			continue
		}
		if is, err := s.hash(name); err != nil || is != hash {
			continue // the file is gone, or somebody has changed it
		}
		if err := s.root.Remove(name); err != nil {
			return err
		}
		if folder := path.Dir(name); folder != "." {
			_ = s.root.Remove(folder) // fails if the folder isn't empty
		}
	}
	return nil
}

// put writes a file so that it is never seen half written: it writes it under a new
// name and then renames it. Since nothing else has that name, only the new file is
// removed after a failure.
func (s *folder) put(name string, content []byte) error {
	if err := s.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	temporary := record + "-" + rand.Text()
	f, err := s.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = s.root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, s.root.Remove(temporary))
	}
	return nil
}

func (s *folder) hash(name string) (string, error) {
	content, err := regular.ReadIn(s.root, name)
	return hashOf(content), err
}

func hashOf(content []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(content))
}
