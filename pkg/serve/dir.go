package serve

// Files of a folder, over HTTP. Read http.go first; range.go says which part of a
// file is asked for.

import (
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"stepwise/pkg/coro"
)

// Dir answers GET and HEAD with the files of root, and of nothing else: neither .. in
// any spelling nor a symbolic link leads out of it. It has types, dates and tags, says
// 304 for what the client has, and sends a single range where one is asked for. A
// folder is its index.html, or else a list of what is in it. What is neither file nor
// folder, a FIFO or a device, is 403, and isn't opened.
//
// Opening a file makes the whole loop wait for the disk, as reading it does.
func Dir(root *os.Root) Handler {
	return func(_ coro.Yield, w *ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		folder := strings.HasSuffix(r.URL.Path, "/")
		if strings.ContainsRune(name, 0) {
			fail(w, http.StatusBadRequest)
			return
		}
		d := &dir{root, w, r}
		if err := d.send(name, folder); err != nil {
			fail(w, statusOf(err))
		}
	}
}

func fail(w *ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// errSpecial: neither file nor folder.
var errSpecial = errors.New("no regular file")

// statusOf tells no more than a client should know: what lies outside of the folder
// does not exist.
func statusOf(err error) int {
	switch {
	case errors.Is(err, errSpecial), errors.Is(err, fs.ErrPermission):
		return http.StatusForbidden
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return http.StatusServiceUnavailable
	}
	return http.StatusNotFound
}

// dir is one request for a file.
type dir struct {
	root *os.Root
	w    *ResponseWriter
	r    *http.Request
}

// send answers with name, or returns an error and has written nothing. folder says
// that the path ended with a slash.
func (d *dir) send(name string, folder bool) error {
	if name == "" {
		name, folder = ".", true
	}
	f, info, err := d.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	switch {
	case !info.IsDir() && folder:
		return fs.ErrNotExist
	case !info.IsDir():
		d.file(f, info)
	case !folder: // relative links in it would be taken for its neighbours
		d.redirect("/" + name + "/")
	default:
		return d.folder(f, name)
	}
	return nil
}

// open looks before it opens: to open a FIFO waits for who writes to it, and to open a
// device may do anything. O_NONBLOCK is for the one that takes the file's place between
// the two.
func (d *dir) open(name string) (*os.File, fs.FileInfo, error) {
	info, err := d.root.Stat(name)
	if err == nil && !plain(info) {
		err = errSpecial
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err == nil && !plain(info) {
		err = errSpecial
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

func plain(info fs.FileInfo) bool { return info.Mode().IsRegular() || info.IsDir() }

func (d *dir) redirect(to string) {
	u := url.URL{Path: to, RawQuery: d.r.URL.RawQuery}
	d.w.Header().Set("Location", u.String())
	fail(d.w, http.StatusMovedPermanently)
}

func (d *dir) file(f *os.File, info fs.FileInfo) {
	h := d.w.Header()
	modified := info.ModTime().UTC()
	tag := fmt.Sprintf(`"%x-%x"`, modified.UnixNano(), info.Size())
	h.Set("Last-Modified", modified.Format(http.TimeFormat))
	h.Set("ETag", tag)
	if unchanged(d.r, tag, modified) {
		d.w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Accept-Ranges", "bytes")
	part, err := chosen(d.r, info.Size(), tag, modified)
	if err != nil {
		h.Set("Content-Range", fmt.Sprintf("bytes */%d", info.Size()))
		fail(d.w, http.StatusRequestedRangeNotSatisfiable)
		return
	}
	h.Set("Content-Type", typeOf(f, info.Name()))
	h.Set("Content-Length", strconv.FormatInt(part.length, 10))
	if part.partial {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.start, part.start+part.length-1, info.Size()))
		d.w.WriteHeader(http.StatusPartialContent)
	}
	_ = d.w.SendFile(f, part.start, part.length) // d.w keeps the error, and ends the connection
}

// typeOf goes by the name, and where that says nothing by how the file begins.
func typeOf(f *os.File, name string) string {
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	begin := make([]byte, 512)
	n, _ := f.ReadAt(begin, 0)
	return http.DetectContentType(begin[:n])
}

// folder sends its index.html, or a list of what is in it.
func (d *dir) folder(f *os.File, name string) error {
	index, info, err := d.open(path.Join(name, "index.html"))
	if err == nil {
		defer index.Close()
		if !info.IsDir() {
			d.file(index, info)
			return nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	const most = 10_000 // the list is made in memory
	entries, err := f.ReadDir(most)
	if err != nil && err != io.EOF {
		return err
	}
	d.list(entries)
	return nil
}

func (d *dir) list(entries []fs.DirEntry) {
	d.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	title := html.EscapeString(d.r.URL.Path)
	fmt.Fprintf(d.w, "<!doctype html>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<h1>%s</h1>\n<ul>\n", title, title)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		to := url.URL{Path: "./" + name} // the dot keeps "a:b" from being taken for a scheme
		fmt.Fprintf(d.w, "<li><a href=\"%s\">%s</a>\n", html.EscapeString(to.String()), html.EscapeString(name))
	}
	fmt.Fprint(d.w, "</ul>\n")
}
