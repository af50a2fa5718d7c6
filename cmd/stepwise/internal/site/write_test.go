package site

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/cmd/stepwise/internal/regular"
)

func pagesOf(contents map[string]string) (pages []Page) {
	for _, name := range []string{"index.html", "09-send.html", "ru/index.html"} {
		if content, ok := contents[name]; ok {
			pages = append(pages, Page{Name: name, Content: []byte(content)})
		}
	}
	return pages
}

// files returns the files in dir, except the record, with their contents.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == record {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		content, err := regular.ReadFile(path, regular.NoLimit)
		if errors.Is(err, regular.ErrNotRegular) {
			content, err = []byte(d.Type().String()), nil
		}
		found[filepath.ToSlash(name)] = string(content)
		return err
	}))
	return found
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
}

// TestWriteAgain writes a site again, after something has happened to it.
func TestWriteAgain(t *testing.T) {
	before := map[string]string{"index.html": "one", "09-send.html": "two", "ru/index.html": "drei"}
	after := map[string]string{"index.html": "one", "09-send.html": "new"}
	cases := []struct {
		name     string
		happened func(t *testing.T, dir string)
		changed  []string          // in the error
		want     map[string]string // the files afterwards
	}{
		{"nothing", func(*testing.T, string) {}, nil, after},
		{"a page was changed that stays as it was", func(t *testing.T, dir string) { put(t, dir, "index.html", "mine") }, []string{"index.html"}, nil},
		{"a page was changed that is new", func(t *testing.T, dir string) { put(t, dir, "09-send.html", "mine") }, []string{"09-send.html"}, nil},
		{"a page that no longer exists was changed", func(t *testing.T, dir string) { put(t, dir, "ru/index.html", "mine") }, nil,
			map[string]string{"index.html": "one", "09-send.html": "new", "ru/index.html": "mine"}},
		{"a page was deleted", func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "index.html"))) }, nil, after},
		{"a file was added", func(t *testing.T, dir string) { put(t, dir, "notes.txt", "mine") }, nil,
			map[string]string{"index.html": "one", "09-send.html": "new", "notes.txt": "mine"}},
		{"a file was added beside a page that no longer exists", func(t *testing.T, dir string) { put(t, dir, "ru/notes.txt", "mine") }, nil,
			map[string]string{"index.html": "one", "09-send.html": "new", "ru/notes.txt": "mine"}},
		{"a run was cut short after a page", func(t *testing.T, dir string) { put(t, dir, "09-send.html", "new") }, nil, after},
		{"a pipe is in the place of a page", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "index.html")))
			require.NoError(t, unix.Mkfifo(filepath.Join(dir, "index.html"), 0o644))
		}, []string{"index.html"}, nil},
		{"a file has the name that was that of unfinished pages", func(t *testing.T, dir string) { put(t, dir, record+".new", "mine") }, nil,
			map[string]string{"index.html": "one", "09-send.html": "new", record + ".new": "mine"}},
		{"a link has a name that begins as that of the record", func(t *testing.T, dir string) {
			put(t, dir, "notes.txt", "mine")
			require.NoError(t, os.Symlink("notes.txt", filepath.Join(dir, record+".new")))
		}, nil, map[string]string{"index.html": "one", "09-send.html": "new", "notes.txt": "mine", record + ".new": "mine"}},
		{"a page has become a folder", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "index.html")))
			require.NoError(t, os.Mkdir(filepath.Join(dir, "index.html"), 0o755))
		}, []string{"index.html"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "site")
			require.NoError(t, Write(dir, pagesOf(before)))
			require.Equal(t, before, files(t, dir))
			c.happened(t, dir)
			there := files(t, dir)
			err := Write(dir, pagesOf(after))
			if c.changed != nil {
				var changed *ChangedError
				require.ErrorAs(t, err, &changed)
				assert.Equal(t, c.changed, changed.Names)
				assert.ErrorContains(t, err, c.changed[0])
				assert.Equal(t, there, files(t, dir), "something was written all the same")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, files(t, dir))
			require.NoError(t, Write(dir, pagesOf(after)), "and again")
			assert.Equal(t, c.want, files(t, dir))
		})
	}
}

func TestWriteIntoAFolder(t *testing.T) {
	pages := pagesOf(map[string]string{"index.html": "one"})
	cases := []struct{ name, file, content string }{
		{"empty", "", ""},
		{"with a repository", ".git", "x"},
		{"with a file", "notes.txt", "x"},
		{"with a page of another's", "index.html", "x"},
		{"with a page that happens to be the same", "index.html", "one"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.file != "" {
				put(t, dir, c.file, c.content)
			}
			err := Write(dir, pages)
			if c.file == "" || c.file[0] == '.' {
				require.NoError(t, err)
				assert.Equal(t, "one", files(t, dir)["index.html"])
				return
			}
			assert.ErrorIs(t, err, ErrOccupied)
			assert.ErrorContains(t, err, dir)
			assert.Equal(t, map[string]string{c.file: c.content}, files(t, dir))
			assert.NoFileExists(t, filepath.Join(dir, record))
		})
	}
}

// TestWriteCutShort fails the first run after a page; the next run completes the site.
func TestWriteCutShort(t *testing.T) {
	dir := t.TempDir()
	pages := pagesOf(map[string]string{"index.html": "one", "09-send.html": "two"})
	impossible := Page{Name: "index.html/below.html"}
	require.Error(t, Write(dir, []Page{pages[0], impossible, pages[1]}))
	require.Equal(t, map[string]string{"index.html": "one"}, files(t, dir), "a failed write leaves nothing of its own")
	require.Error(t, Write(dir, append(pages, Page{Name: "a/b.html"}, Page{Name: "a"})), "a page in a folder's place")
	require.Equal(t, map[string]string{"index.html": "one", "09-send.html": "two", "a/b.html": ""}, files(t, dir), "a failed write leaves nothing of its own")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "a")))
	require.NoError(t, Write(dir, pages))
	assert.Equal(t, map[string]string{"index.html": "one", "09-send.html": "two"}, files(t, dir))
}

// TestWriteStaysInside checks that neither a link in the folder nor the record can lead
// out of it.
func TestWriteStaysInside(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	put(t, outside, "index.html", "theirs")
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "ru")))
	put(t, dir, record, hashOf([]byte("theirs"))+"  ../"+filepath.Base(outside)+"/index.html\n")
	err := Write(dir, pagesOf(map[string]string{"ru/index.html": "x"}))
	assert.Error(t, err)
	assert.Equal(t, map[string]string{"index.html": "theirs"}, files(t, outside))
}

func TestWriteFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, filepath.Dir(file), "file", "x")
	err := Write(file, nil)
	assert.ErrorContains(t, err, "making the folder of the site")
	var path *fs.PathError
	assert.True(t, errors.As(err, &path))
}
