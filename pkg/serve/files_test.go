package serve

// The files that a Server keeps open: nobody may notice, except by what a request costs.

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
)

// asks gets name on c, over and over on one connection.
type asks struct {
	*site
	send func(text string)
	from *bufio.Reader
}

func asker(s *site) asks {
	c := s.dial()
	return asks{s, func(text string) { s.send(c, text) }, bufio.NewReader(c)}
}

// get returns the status, the tag and the body of name.
func (a asks) get(name string) (status int, tag, body string) {
	a.send("GET /" + name + " HTTP/1.1\r\nHost: h\r\n\r\n")
	answer, body := a.answer(a.from, "GET")
	return answer.StatusCode, answer.Header.Get("Etag"), body
}

func (a asks) kept() (n int) {
	a.on(func() { n = len(a.server.files.kept) })
	return n
}

// TestKeptFilesAreLookedAt: what has become of a name since the last request.
func TestKeptFilesAreLookedAt(t *testing.T) {
	write := func(t *testing.T, path, text string) {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, path string)
		status int
		body   string
		sameAs bool // it is the same version: with the same tag
	}{
		"nothing":             {func(*testing.T, string) {}, 200, "before", true},
		"it_was_written_anew": {func(t *testing.T, path string) { write(t, path, "longer than before") }, 200, "longer than before", false},
		"it_was_written_anew_with_the_same_length": {func(t *testing.T, path string) {
			write(t, path, "behind")
			require.NoError(t, os.Chtimes(path, time.Time{}, time.Unix(1, 0))) // the disk's clock may be slow
		}, 200, "behind", false},
		"it_grew_and_has_its_old_date": {func(t *testing.T, path string) {
			old, err := os.Stat(path)
			require.NoError(t, err)
			write(t, path, "before and after")
			require.NoError(t, os.Chtimes(path, time.Time{}, old.ModTime()))
		}, 200, "before and after", false},
		"another_took_its_place": {func(t *testing.T, path string) {
			old, err := os.Stat(path)
			require.NoError(t, err)
			write(t, path+".new", "behind")
			require.NoError(t, os.Chtimes(path+".new", time.Time{}, old.ModTime())) // only its number tells it apart
			require.NoError(t, os.Rename(path+".new", path))
		}, 200, "behind", true},
		"its_bytes_changed_and_nothing_else": {func(t *testing.T, path string) {
			old, err := os.Stat(path)
			require.NoError(t, err)
			write(t, path, "behind")
			require.NoError(t, os.Chtimes(path, time.Time{}, old.ModTime()))
		}, 200, "behind", true},
		"it_was_removed": {func(t *testing.T, path string) { require.NoError(t, os.Remove(path)) }, 404, "Not Found\n", false},
		"it_became_a_folder": {func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o700))
		}, 301, "Moved Permanently\n", false},
		"it_became_a_FIFO": {func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, unix.Mkfifo(path, 0o600))
		}, 403, "Forbidden\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "file")
			write(t, path, "before")
			a := asker(files(t, dir))
			_, tag, body := a.get("file")
			require.Equal(t, "before", body)
			require.Equal(t, 1, a.kept())
			c.change(t, path)
			status, next, body := a.get("file")
			require.Equal(t, c.status, status)
			require.Equal(t, c.body, body)
			require.Equal(t, c.sameAs, tag == next)
		})
	}
}

// TestKeptFileIsOpenedOnce: a request for it makes no call but a look and the reading.
func TestKeptFileIsOpenedOnce(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600))
	a := asker(files(t, dir))
	opened := map[*file]bool{}
	for range 5 {
		a.get("file")
		a.on(func() {
			for _, f := range a.server.files.kept {
				opened[f] = true
			}
		})
	}
	require.Len(t, opened, 1)
}

// TestKeptFilesOfAnotherMode: what may be read is decided when a file is opened.
func TestKeptFilesOfAnotherMode(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	a := asker(files(t, dir))
	a.get("file")
	var old *os.File
	a.on(func() {
		for _, f := range a.server.files.kept {
			old = f.File
		}
	})
	require.NoError(t, os.Chmod(path, 0o400))
	a.get("file")
	require.EqualValues(t, ^uintptr(0), old.Fd(), "it was closed, and opened anew")
}

// TestKeptFilesAreFew: how many are kept, and for how long.
func TestKeptFilesAreFew(t *testing.T) {
	dir := t.TempDir()
	const many = keptMost + 5
	for i := range many {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte("x"), 0o600))
	}
	a := asker(files(t, dir))
	for i := range many {
		status, _, _ := a.get(fmt.Sprint(i))
		require.Equal(t, 200, status)
	}
	require.Equal(t, keptMost, a.kept())
	sweep := func() { // now, in place of its timer
		a.on(func() { a.server.files.timer.Cancel(); a.server.files.sweep(a.Loop) })
	}
	a.on(a.server.files.close)
	a.on(func() { a.server.files = openFiles{} })
	a.get("0")
	a.get("1")
	sweep()
	require.Equal(t, 2, a.kept(), "both were used")
	a.get("1")
	sweep()
	require.Equal(t, 1, a.kept(), "nobody has asked for the other")
	sweep()
	require.Zero(t, a.kept())
}

// TestKeptFilesGiveWay: they may not cost a request the last descriptor.
func TestKeptFilesGiveWay(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600))
	}
	a := asker(files(t, dir))
	a.get("a")
	require.Equal(t, 1, a.kept())
	var before unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &before))
	defer func() { require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &before)) }()
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 256, Max: before.Max}))
	for {
		null, err := os.Open(os.DevNull)
		if err != nil {
			require.ErrorIs(t, err, unix.EMFILE)
			break
		}
		defer null.Close()
	}
	status, _, body := a.get("b")
	require.Equal(t, 200, status)
	require.Equal(t, "b", body)
}

// TestKeptFilesInUse: a file is kept or in use. Two requests have two of it, of which one is
// kept, and none when the server has ended.
func TestKeptFilesInUse(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600))
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	var k openFiles
	p := place{root, "file"}
	open := func() *file {
		f, err := k.open(p)
		require.NoError(t, err)
		return f
	}
	isClosed := func(f *file) bool { return f.Fd() == ^uintptr(0) }
	first, second := open(), open()
	require.NotSame(t, first, second)
	k.keep(l, p, first)
	k.keep(l, p, second)
	require.Equal(t, []bool{false, true}, []bool{isClosed(first), isClosed(second)})
	require.Same(t, first, open())
	k.close()
	k.keep(l, p, first)
	require.True(t, isClosed(first))
	require.Empty(t, k.kept)
}
