// apply.go: how a plan is carried out. Read update.go first.
//
// At every moment each file of the copy is whole, the old one or the new one,
// and what the learner wrote stands somewhere: his version is written to its
// dated name before the newer takes its place, by a rename. An update that was
// cut off is finished by the next. The copy is entered through an os.Root, so
// that a link in it can't lead the writing elsewhere.

package update

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Seed gives the copy at to, a folder that is there, every file of the course
// that it lacks, and touches no other. A copy that was given the course before
// is left alone: the plan says what an update would do. added counts the files.
func Seed(from, to string) (plan *Plan, added int, err error) {
	if err := exists(to); err != nil {
		return nil, 0, fmt.Errorf("the folder for your work: %w", err)
	}
	plan, err = Compare(from, to)
	if err != nil || plan.given != nil {
		return plan, 0, err
	}
	var news []Change
	for _, change := range plan.Changes {
		if change.Kind == New {
			news = append(news, change)
		}
	}
	plan.Changes = news
	return plan, len(news), plan.Apply(time.Time{})
}

// Apply carries the plan out. now is the date in the names under which his
// versions are kept; they stand in Changes afterwards. The error names the file
// that it stopped at.
func (p *Plan) Apply(now time.Time) error {
	root, err := os.OpenRoot(p.to)
	if err != nil {
		return fmt.Errorf("updating your copy: %w", err)
	}
	defer root.Close()
	if p.given == nil {
		p.given = make(map[string]sum)
	}
	for i := range p.Changes {
		if err := p.apply(root, &p.Changes[i], now); err != nil {
			// What was done is noted all the same: it is not his doing.
			return errors.Join(fmt.Errorf("updating %s: %w", p.Changes[i].Path, err), p.note(root))
		}
	}
	return p.note(root)
}

func (p *Plan) apply(root *os.Root, c *Change, now time.Time) error {
	switch c.Kind {
	case Yours:
		delete(p.given, c.Path)
		return nil
	case Gone:
		delete(p.given, c.Path)
		return root.Remove(c.Path)
	case Both:
		var err error
		if c.Kept, err = keep(root, c.Path, now); err != nil {
			return fmt.Errorf("keeping your version: %w", err)
		}
	}
	source := filepath.Join(p.from, filepath.FromSlash(c.Path))
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if err := place(root, c.Path, content, 0o644|info.Mode().Perm()&0o111); err != nil {
		return err
	}
	p.given[c.Path] = p.course[c.Path]
	return nil
}

// note writes down what the copy has been given. A file that was equal all
// along counts too: otherwise the next change of the course would look like his.
func (p *Plan) note(root *os.Root) error {
	for path, newest := range p.course {
		if _, known := p.given[path]; known {
			continue
		}
		his, err := sumOf(filepath.Join(p.to, filepath.FromSlash(path)))
		if err == nil && his == newest {
			p.given[path] = newest
		}
	}
	if err := writeRecord(root, p.given); err != nil {
		return fmt.Errorf("noting what your copy was given: %w", err)
	}
	return nil
}

// keep saves his version under a dated name and returns it. What is not a file
// is moved there whole.
func keep(root *os.Root, name string, now time.Time) (string, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return "", err
	}
	var content []byte
	if info.Mode().IsRegular() {
		if content, err = root.ReadFile(name); err != nil {
			return "", err
		}
	}
	for n := 1; ; n++ {
		kept := dated(name, now, n)
		if _, err := root.Lstat(kept); err == nil {
			old, err := root.ReadFile(kept)
			if err == nil && content != nil && bytes.Equal(old, content) {
				return kept, nil // an update that was cut off did it
			}
			continue
		}
		if content == nil {
			return kept, root.Rename(name, kept)
		}
		return kept, place(root, kept, content, info.Mode().Perm())
	}
}

// dated is the name for his version of a file. A notebook keeps its ending, so
// that Jupyter opens it; anything else loses it, so that Go compiles no two
// versions of one file.
func dated(name string, now time.Time, n int) string {
	mark := ".yours-" + now.Format(time.DateOnly)
	if n > 1 {
		mark += fmt.Sprintf("-%d", n)
	}
	if stem, ok := strings.CutSuffix(name, ".ipynb"); ok {
		return stem + mark + ".ipynb"
	}
	return name + mark
}

// place writes a file under a temporary name and then renames it.
func place(root *os.Root, name string, content []byte, mode fs.FileMode) error {
	if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	temporary := path.Join(path.Dir(name), "."+path.Base(name)+".new")
	err := root.WriteFile(temporary, content, mode)
	if err == nil {
		err = root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, removed(root, temporary))
	}
	return nil
}

// removed takes away what a failed write has left.
func removed(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !isNotThere(err) {
		return err
	}
	return nil
}
