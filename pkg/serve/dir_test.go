package serve

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sys"
)

var modified = time.Date(2024, 2, 29, 12, 30, 15, 500e6, time.UTC)

// folder is what is served, with a neighbour that must not be.
func folder(t *testing.T) string {
	outer := t.TempDir()
	dir := filepath.Join(outer, "dir")
	for name, text := range map[string]string{
		"../secret": "secret", "a.txt": "0123456789", "empty": "", "sub/index.html": "<p>index", "list/a&b.txt": "x", "list/sub/x": "x",
		"big": string(faulty.Pattern(3 << 20)), "no-ending": "%PDF-1.4", "ä ü.css": "p{}", "a..b/c..": "dots", ".env": "dotted", ".git/config": "dotted", "sub/.git/config": "dotted", "list/.env": "dotted", "locked": "x",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	require.NoError(t, os.Chtimes(filepath.Join(dir, "a.txt"), time.Time{}, modified))
	for name, to := range map[string]string{"inside": "a.txt", "outside": "../secret", "absolute": filepath.Join(outer, "secret"), "up": "..", "sub/root": "/", "loop": "loop", "device": "/dev/zero"} {
		require.NoError(t, os.Symlink(to, filepath.Join(dir, name)))
	}
	// Who may not make a device has none in the folder, and gets the 404 of what isn't there.
	_ = exec.Command("mknod", filepath.Join(dir, "zero"), "c", "1", "5").Run()
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "fifo"), 0o644))
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.Bind(fd, &unix.SockaddrUnix{Name: filepath.Join(dir, "socket")}))
	require.NoError(t, unix.Close(fd))
	return dir
}

func files(t *testing.T, dir string, change ...func(*sys.Calls)) *site {
	return filesWith(t, dir, DirOptions{}, change...)
}

func filesWith(t *testing.T, dir string, o DirOptions, change ...func(*sys.Calls)) *site {
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return servingOn(t, &Server{Handle: HTTP(Dir(root, o), Limits{})}, new(stopped).tells, calling(change...)) // files stay open for a second
}

func TestDir(t *testing.T) {
	s := files(t, folder(t))
	const date = "Thu, 29 Feb 2024 12:30:15 GMT"
	cases := []struct {
		name, path string
		status     int
		body       string // "*": any
		want       string // a header of the answer, in part
	}{
		{"a file", "/a.txt", 200, "0123456789", "Content-Type: text/plain; charset=utf-8"},
		{"its date", "/a.txt", 200, "*", "Last-Modified: " + date},
		{"its length", "/a.txt", 200, "*", "Content-Length: 10"},
		{"an empty one", "/empty", 200, "", "Content-Length: 0"},
		{"a query is not part of the name", "/a.txt?b=c", 200, "0123456789", ""},
		{"a name in percents", "/%C3%A4%20%C3%BC.css", 200, "p{}", "Content-Type: text/css"},
		{"a type by its beginning", "/no-ending", 200, "*", "Content-Type: application/pdf"},
		{"dots that lead nowhere", "/a..b/c..", 200, "dots", ""},
		{"up and down again", "/sub/../a.txt", 200, "0123456789", ""},
		{"a link inside", "/inside", 200, "0123456789", ""},
		{"an index", "/sub/", 200, "<p>index", "Content-Type: text/html"},
		{"a folder without its slash", "/sub?q", 301, "*", "Location: /sub/?q"},
		{"a folder without its slash, as a host", "//sub", 301, "*", "Location: /sub/"},
		{"a file with a slash", "/a.txt/", 404, "*", ""},
		{"below a file", "/a.txt/b", 404, "*", ""},
		{"not there", "/nothing", 404, "*", ""},
		{"a name too long", "/" + strings.Repeat("a", 5000), 404, "*", ""},

		{"V09 dots", "/../secret", 404, "*", ""},
		{"V09 dots at the end", "/sub/../..", 200, "*", "text/html"},
		{"V09 dots in percents", "/%2e%2e/secret", 404, "*", ""},
		{"V09 slashes in percents", "/..%2fsecret", 404, "*", ""},
		{"V09 twice in percents", "/%252e%252e/secret", 404, "*", ""},
		{"V09 backslashes", "/..%5csecret", 404, "*", ""},
		{"V09 overlong UTF-8", "/%c0%ae%c0%ae/secret", 404, "*", ""},
		{"V09 absolute form", "http://h/../secret", 404, "*", ""},
		{"V09 absolute form of a file", "file:///../secret", 400, "*", ""},
		{"V09 two slashes", "//../secret", 404, "*", ""},
		{"V09 a NUL", "/a.txt%00", 400, "*", ""},
		{"V09 a link outside", "/outside", 404, "*", ""},
		{"V09 an absolute link", "/absolute", 404, "*", ""},
		{"V09 a link to a folder outside", "/up/secret", 404, "*", ""},
		{"V09 a link to the root", "/sub/root/etc/passwd", 404, "*", ""},
		{"V09 a link in a circle", "/loop", 404, "*", ""},
		{"V10 a FIFO", "/fifo", 403, "*", ""},
		{"V10 a socket", "/socket", 403, "*", ""},
		{"V10 a link to a device", "/device", 404, "*", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, body := s.one("GET " + c.path + " HTTP/1.1\r\nHost: h\r\n\r\n")
			assert.Equal(t, c.status, a.StatusCode)
			assert.True(t, c.body == "*" || c.body == body, "got %d bytes: %.40q", len(body), body)
			assert.NotContains(t, body, "secret")
			var header strings.Builder
			require.NoError(t, a.Header.Write(&header))
			fmt.Fprintf(&header, "Content-Length: %d\n", a.ContentLength)
			assert.Contains(t, header.String(), c.want)
		})
	}
	t.Run("V10 a device in the folder", func(t *testing.T) {
		a, _ := s.one("GET /zero HTTP/1.1\r\nHost: h\r\n\r\n")
		assert.Contains(t, []int{403, 404}, a.StatusCode)
	})
	t.Run("HEAD says what GET would, and ignores ranges", func(t *testing.T) {
		for _, path := range []string{"/a.txt", "/big", "/sub/", "/nothing", "/list/", "/fifo"} {
			a, body := s.one("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
			b, none := s.one("HEAD " + path + " HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n")
			assert.Empty(t, none)
			assert.Equal(t, a.StatusCode, b.StatusCode)
			assert.EqualValues(t, len(body), b.ContentLength)
			a.Header.Del("Date")
			b.Header.Del("Date")
			assert.Equal(t, a.Header, b.Header)
		}
	})
	t.Run("a list is escaped", func(t *testing.T) {
		_, body := s.one("GET /list/ HTTP/1.1\r\nHost: h\r\n\r\n")
		assert.Contains(t, body, `<li><a href="./a&amp;b.txt">a&amp;b.txt</a>`)
		assert.Contains(t, body, `<li><a href="./sub/">sub/</a>`)
	})
	t.Run("other methods", func(t *testing.T) {
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			a, _ := s.one(method + " /a.txt HTTP/1.1\r\nHost: h\r\n\r\n")
			assert.Equal(t, 405, a.StatusCode)
			assert.Equal(t, "GET, HEAD", a.Header.Get("Allow"))
		}
	})
}

func TestDirStreams(t *testing.T) {
	const size, get = 32 << 20, "GET /huge HTTP/1.1\r\nHost: h\r\n\r\n"
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "huge"), faulty.Pattern(size), 0o644))
	full := make(chan struct{}, 1)
	for name, refuse := range map[string]bool{"by the kernel": false, "from memory": true} {
		t.Run("V12 a slow client, "+name, func(t *testing.T) {
			s := files(t, dir, func(c *sys.Calls) {
				notice := func(n int, err error) (int, error) {
					if err == unix.EAGAIN {
						select {
						case full <- struct{}{}:
						default:
						}
					}
					return n, err
				}
				c.Send = func(fd int, p []byte) (int, error) { return notice(sys.Kernel.Send(fd, p)) }
				c.SendFile = func(fd, from int, offset int64, n int) (int, error) {
					if refuse {
						return 0, unix.EINVAL
					}
					return notice(sys.Kernel.SendFile(fd, from, offset, n))
				}
			})
			c := s.dial()
			s.send(c, get)
			<-full
			a, _ := s.one("HEAD /huge HTTP/1.1\r\nHost: h\r\n\r\n")
			require.EqualValues(t, size, a.ContentLength, "others are served")
			r := bufio.NewReader(c)
			_, body := s.answer(r, "GET")
			require.NoError(t, faulty.CheckPattern([]byte(body), 0))
			require.Len(t, body, size)
		})
	}
	t.Run("V05 clients that leave in mid download", func(t *testing.T) {
		s := files(t, dir)
		for range 20 {
			c := s.dial()
			s.send(c, get)
			_, err := c.Read(make([]byte, 1000))
			require.NoError(t, err)
			require.NoError(t, c.Close())
		}
		s.conns(0)
	})
	t.Run("a file that becomes shorter ends the connection", func(t *testing.T) {
		s := files(t, dir)
		c := s.dial()
		s.send(c, get)
		a, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(filepath.Join(dir, "huge"), 1<<20)) // most of it hasn't been sent: nobody reads it
		n := 0
		for buffer := make([]byte, 64<<10); err == nil; {
			var k int
			k, err = a.Body.Read(buffer)
			n += k
		}
		require.ErrorContains(t, err, "unexpected EOF")
		require.Less(t, n, size)
	})
	f, err := os.Open(filepath.Join(folder(t), "a.txt"))
	require.NoError(t, err)
	defer f.Close()
	for name, n := range map[string]int64{"kept back": 20, "in chunks": 2 * firstMost} {
		t.Run("less of a file than a handler sends, "+name, func(t *testing.T) {
			said := make(chan error, 1)
			s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) { said <- w.SendFile(f, 0, n) }, Limits{})})
			raw := s.ask(get)
			require.ErrorIs(t, <-said, io.ErrUnexpectedEOF)
			a, err := http.ReadResponse(bufio.NewReader(strings.NewReader(raw)), nil)
			if err == nil {
				_, err = io.ReadAll(a.Body)
			}
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "the client must see that it is cut")
		})
	}
}
