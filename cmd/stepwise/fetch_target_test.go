package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/faulty"
)

// TestFetchInto: -o. FILE is written as a whole, or it is as it was.
func TestFetchInto(t *testing.T) {
	server, page := pages(t)
	cut := faulty.HTTP("HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
	defer cut.Close()
	refused := faulty.Refused()
	defer refused.Close()
	const unwritten = "stepwise: -o page: not written, because not all was fetched\n"
	older := func(t *testing.T) { require.NoError(t, os.WriteFile("page", []byte("older"), 0o640)) }
	nothing := func(*testing.T) {}
	for _, test := range []struct {
		name   string
		before func(t *testing.T)
		args   []string
		status int
		want   string // in page; "" if there is none
		says   string
	}{
		{"a new file", nothing, []string{"-o", "page", server.URL}, ok, page, ""},
		{"in the long form", nothing, []string{"--output=page", server.URL}, ok, page, ""},
		{"an older file", older, []string{"-o", "page", server.URL}, ok, page, ""},
		{"a large one", older, []string{"-o", "page", server.URL + "/big"}, ok, strings.Repeat("x", 32<<20), ""},
		{"two URLs", older, []string{"-o", "page", server.URL + "/missing", server.URL}, ok, "404 page not found\n" + page, "404"},
		{"a head", older, []string{"-o", "page", "-I", cut.URL()}, ok, "HTTP/1.0 200 OK\nContent-Length: 10\n\n", ""},
		{"a body that is empty", older, []string{"-o", "page", "-X", "HEAD", server.URL}, ok, "empty", ""},
		{"an answer that was cut off", older, []string{"-o", "page", cut.URL()}, failed, "older", unwritten},
		{"an answer that was cut off, into a new file", nothing, []string{"-o", "page", cut.URL()}, failed, "", unwritten},
		{"nobody there", older, []string{"-o", "page", refused.URL()}, failed, "older", unwritten},
		{"one of two fails", older, []string{"-o", "page", server.URL, cut.URL()}, failed, "older", unwritten},
		{"too long", older, []string{"-o", "page", "--max-bytes", "10", server.URL}, failed, "older", unwritten},
		{"a body that can't be read", older, []string{"-o", "page", "-d", "@/no/such", server.URL}, usage, "older", "-d @/no/such"},
		{"a wrong call", older, []string{"-o", "page", "ftp://x/"}, usage, "older", "want http://"},
		{"JSON, of which a line is a failure", older, []string{"-o", "page", "--json", cut.URL()}, failed, `"error":"fetch`, ""},
		{"a write-protected file", func(t *testing.T) { older(t); require.NoError(t, os.Chmod("page", 0o444)) }, []string{"-o", "page", server.URL}, usage, "older", "-o page: the file is write-protected"},
		{"a folder", nothing, []string{"-o", ".", server.URL}, usage, "", "-o .: this is a folder; name a file"},
		{"no folder", nothing, []string{"-o", "no/page", server.URL}, usage, "", "-o no/page: there is no folder no"},
		{"a name that is too long", nothing, []string{"-o", strings.Repeat("n", 256), server.URL}, failed, "", "file name too long"},
		{"no name", nothing, []string{server.URL, "-o"}, usage, "", "--output needs a value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			test.before(t)
			status, out, complaint := call(t, append([]string{"fetch"}, test.args...)...)
			assert.Equal(t, test.status, status, complaint)
			assert.Empty(t, out)
			if assert.Contains(t, complaint, test.says); test.says == "" {
				assert.Empty(t, complaint)
			}
			there := 0
			if test.want != "" {
				there = 1
				content := read(t, "page")
				switch {
				case test.want == "empty":
					assert.Empty(t, content)
				case strings.Contains(test.name, "JSON"):
					assert.Contains(t, content, test.want)
				default:
					assert.True(t, test.want == content, "got %d bytes, want %d", len(content), len(test.want))
				}
			}
			left, err := os.ReadDir(".")
			require.NoError(t, err)
			assert.Len(t, left, there, "nothing is left beside it")
		})
	}
	t.Run("standard output", func(t *testing.T) {
		t.Chdir(t.TempDir())
		status, out, complaint := call(t, "fetch", "-o", "-", server.URL)
		assert.Equal(t, ok, status, complaint)
		assert.True(t, page == out)
		assert.NoFileExists(t, "-")
	})
	for name, mode := range map[string]fs.FileMode{"a new file has the umask's mode": 0, "an older file keeps its mode": 0o666} {
		t.Run(name, func(t *testing.T) {
			defer unix.Umask(unix.Umask(0o027))
			t.Chdir(t.TempDir())
			want := fs.FileMode(0o640)
			if mode != 0 {
				older(t)
				require.NoError(t, os.Chmod("page", mode))
				want = mode
			}
			status, _, complaint := call(t, "fetch", "-o", "page", server.URL)
			require.Equal(t, ok, status, complaint)
			info, err := os.Stat("page")
			require.NoError(t, err)
			assert.Equal(t, want, info.Mode())
		})
	}
}

// TestFetchIntoOddFiles: what isn't a file of its own stays what it is.
func TestFetchIntoOddFiles(t *testing.T) {
	server, page := pages(t)
	for _, test := range []struct {
		name, to string
		before   func() error
		mode     fs.FileMode
		status   int
		says     string
	}{
		{"a link", "link", func() error { return os.Symlink("../file", "dir/link") }, fs.ModeSymlink, ok, ""},
		{"a link that leads nowhere", "link", func() error { return os.Symlink("nowhere", "dir/link") }, fs.ModeSymlink, usage, "this link leads nowhere"},
		{"a pipe", "pipe", func() error { return unix.Mkfifo("dir/pipe", 0o644) }, fs.ModeNamedPipe, usage, "this is no file: leave -o out, and let the shell write there"},
		{"a device", "null", func() error { return os.Symlink("/dev/null", "dir/null") }, fs.ModeSymlink, ok, ""},
		{"a device that is full", "full", func() error { return os.Symlink("/dev/full", "dir/full") }, fs.ModeSymlink, failed, "print what was fetched: write dir/full: no space left on device"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir("dir", 0o755))
			require.NoError(t, os.WriteFile("file", []byte("older"), 0o644))
			require.NoError(t, test.before())
			status, _, complaint := call(t, "fetch", "-o", "dir/"+test.to, server.URL)
			assert.Equal(t, test.status, status, complaint)
			assert.Contains(t, complaint, test.says)
			info, err := os.Lstat("dir/" + test.to)
			require.NoError(t, err)
			assert.Equal(t, test.mode, info.Mode().Type())
			content := read(t, "file")
			assert.Equal(t, test.name == "a link", content == page)
			left, err := os.ReadDir("dir")
			require.NoError(t, err)
			assert.Len(t, left, 1)
		})
	}
	t.Run("a device, and a page that can't be had", func(t *testing.T) {
		status, _, complaint := call(t, "fetch", "-o", "/dev/null", "http://127.0.0.1:1/")
		assert.Equal(t, failed, status)
		assert.NotContains(t, complaint, "not written")
	})
	for _, device := range []string{"/dev/null", "/dev/full"} {
		info, err := os.Stat(device)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&fs.ModeCharDevice)
	}
}

// TestFetchIntoNames: an error names the file that was typed.
func TestFetchIntoNames(t *testing.T) {
	t.Chdir(t.TempDir())
	to, err := createTarget("page")
	require.NoError(t, err)
	require.NoError(t, to.(replacement).file.Close())
	_, err = to.Write([]byte("x"))
	require.EqualError(t, err, "-o page: file already closed")
	to.Drop()

	to, err = createTarget("page")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir("page", 0o755))
	require.EqualError(t, to.Keep(), "-o page: file exists")
	left, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

// TestFetchInterrupted: a signal in the middle of a body leaves nothing behind.
func TestFetchInterrupted(t *testing.T) {
	stalled := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer stalled.Close()
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(fmt.Sprint(sig), func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "page")
			require.NoError(t, os.WriteFile(name, []byte("older"), 0o644))
			program := exec.Command(os.Args[0], "fetch", "-o", name, stalled.URL)
			program.Env = append(os.Environ(), "STEPWISE_IS_THE_PROGRAM=1")
			var complaint bytes.Buffer
			program.Stderr = &complaint
			require.NoError(t, program.Start())
			leaktest.Until(t, "a part has come", func() bool {
				beside, _ := filepath.Glob(filepath.Join(dir, ".page-*"))
				if len(beside) == 0 {
					return false
				}
				info, err := os.Stat(beside[0])
				return err == nil && info.Size() == 4
			})
			require.NoError(t, program.Process.Signal(sig))
			_ = program.Wait()
			assert.Equal(t, failed, program.ProcessState.ExitCode())
			assert.Equal(t, "stepwise: stopped\n", complaint.String())
			assert.Equal(t, "older", read(t, name))
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, left, 1)
		})
	}
}
