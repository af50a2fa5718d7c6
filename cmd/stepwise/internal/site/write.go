// write.go: putting the pages into a folder, where others' files may lie.
// A file of the site, .stepwise-site, holds what was written there, and how it
// then was: only what still is so is written again, or taken away. Read site.go
// first.

package site

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
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

// ErrOccupied says that a folder holds files and is no site.
var ErrOccupied = errors.New("the folder holds files that are not a site's: name an empty one, or one that isn't there")

// ChangedError says that somebody has changed files of the site, or put files
// where pages would be. Nothing was written.
type ChangedError struct {
	Dir   string
	Names []string
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("in %s these were changed since the site was made, or are no pages of it: %s; "+
		"nothing was written: move them away, or name another folder", e.Dir, strings.Join(e.Names, ", "))
}

// record holds a line a page: its hash, two blanks, its name.
const record = ".stepwise-site"

// Write puts the pages into dir, which is made if it isn't there. It may be
// empty (what begins with a dot doesn't count), or hold a site of before: that
// one's pages are renewed, those that are no more are taken away, and whatever
// else lies there stays. A run that was cut short is made good by the next.
func Write(dir string, pages []Page) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of the site: %w: name another", err)
	}
	root, err := os.OpenRoot(dir) // no name leads out of it
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

// folder is where a site is written.
type folder struct {
	root  *os.Root
	fresh map[string][]byte // by name
	old   map[string]string // by name: the hash of what was written
}

// look finds out what is there, and whether it may be replaced.
func (s *folder) look(dir string) error {
	text, err := regular.ReadIn(s.root, record)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := s.empty(); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	case err != nil:
		return fmt.Errorf("reading what the site was: %w", err)
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

// empty is an error if the folder holds what anybody sees.
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

// write makes the folder what it is to be. The record comes first where there is
// none, so that a run that is cut short leaves a site and not an occupied folder.
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

// clean takes away the pages of before that are no more, and are as they were.
func (s *folder) clean() error {
	for name, hash := range s.old {
		if _, stays := s.fresh[name]; stays {
			continue
		}
		if is, err := s.hash(name); err != nil || is != hash {
			continue // it is gone, or somebody else's by now
		}
		if err := s.root.Remove(name); err != nil {
			return err
		}
		if folder := path.Dir(name); folder != "." {
			_ = s.root.Remove(folder) // fails while something is in it
		}
	}
	return nil
}

// put writes a file so that it is never seen half written: it becomes a page once
// it is whole, and until then has a name that nothing else has, so that what is
// removed after a failure is what was made here.
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
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
