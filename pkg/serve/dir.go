package serve

// The files of a folder, over HTTP. Read http.go first; range.go decides which part of a
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

// DirOptions is how a folder is served. The zero value is the careful one.
type DirOptions struct {
	// Dotfiles serves, and lists, files and folders whose names begin with a dot, such
	// as .git and .env. Otherwise they, and what is in them, don't exist.
	Dotfiles bool
}

// Dir answers GET and HEAD with the files of root, and of nothing else: neither .. in any
// spelling nor a symbolic link leads out of it. It sends types, dates and tags, obeys
// conditions (304 for what the client has, 412 for a file that has changed), and sends a
// single range if one is asked for. For a folder it sends its index.html, or else a list
// of what is in it. Anything else, such as a FIFO or a device, is 403, and isn't opened.
//
// Opening a file makes the whole loop wait for the disk, as reading it does. The Server
// keeps up to 64 files open, each for at most two seconds after the last request for it.
// Each request checks that the name still leads to that file and that the file hasn't
// changed.
func Dir(root *os.Root, o DirOptions) Handler {
	return func(_ coro.Yield, w *ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		folder := strings.HasSuffix(r.URL.Path, "/")
		if strings.ContainsRune(name, 0) {
			refuse(w, http.StatusBadRequest)
			return
		}
		d := &dir{root, o, w, r}
		if err := d.send(name, folder); err != nil {
			refuse(w, statusOf(err))
		}
	}
}

func refuse(w *ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// errSpecial: it is neither a file nor a folder.
var errSpecial = errors.New("no regular file")

// statusOf tells no more than a client should know: what is outside the folder doesn't
// exist.
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
	DirOptions
	w *ResponseWriter
	r *http.Request
}

// send answers with name, or returns an error and has written nothing. folder says
// that the path ended with a slash.
func (d *dir) send(name string, folder bool) error {
	switch {
	case d.hidden("/" + name):
		return fs.ErrNotExist
	case name == "":
		name, folder = ".", true
	}
	at := place{d.root, name}
	f, err := d.files().open(at)
	if err != nil {
		return err
	}
	defer d.keep(at, f)
	switch {
	case !f.info.IsDir() && folder:
		return fs.ErrNotExist
	case !f.info.IsDir():
		d.file(f)
	case !folder: // relative links in it would lead to its neighbors
		d.redirect("/" + name + "/")
	default:
		return d.folder(f, name)
	}
	return nil
}

// hidden reports whether a name in path begins with a dot, and dots aren't served.
func (d *dir) hidden(path string) bool { return !d.Dotfiles && strings.Contains(path, "/.") }

func (d *dir) files() *openFiles { return &d.w.visit.server.files }

// keep gives back f, which was found at p.
func (d *dir) keep(p place, f *file) { d.files().keep(d.w.visit.Loop(), p, f) }

func (d *dir) redirect(to string) {
	u := url.URL{Path: to, RawQuery: d.r.URL.RawQuery}
	d.w.Header().Set("Location", u.String())
	refuse(d.w, http.StatusMovedPermanently)
}

func (d *dir) file(f *file) {
	v, size := f.version, f.info.Size()
	d.w.setHeader(d.w.header, "Last-Modified", v.date)
	d.w.setHeader(d.w.header, "Etag", v.tag)
	switch status := v.condition(d.r); status {
	case 0:
	case http.StatusNotModified:
		d.w.WriteHeader(status)
		return
	default:
		refuse(d.w, status)
		return
	}
	d.w.setHeader(d.w.header, "Accept-Ranges", "bytes")
	part, err := v.part(d.r, size)
	if err != nil {
		d.w.setHeader(d.w.header, "Content-Range", fmt.Sprintf("bytes */%d", size))
		refuse(d.w, http.StatusRequestedRangeNotSatisfiable)
		return
	}
	d.w.setHeader(d.w.header, "Content-Type", f.mediaType())
	d.w.setHeader(d.w.header, "Content-Length", strconv.FormatInt(part.length, 10))
	if part.partial {
		d.w.setHeader(d.w.header, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.start, part.start+part.length-1, size))
		d.w.WriteHeader(http.StatusPartialContent)
	}
	_ = d.w.SendFile(f.File, part.start, part.length) // d.w keeps the error, and ends the connection
}

// mediaType goes by the name or, if that says nothing, by how the file begins.
func (f *file) mediaType() string {
	if f.kind == "" {
		f.kind = mime.TypeByExtension(path.Ext(f.info.Name()))
	}
	if f.kind == "" {
		begin := make([]byte, 512)
		n, _ := f.ReadAt(begin, 0)
		f.kind = http.DetectContentType(begin[:n])
	}
	return f.kind
}

// folder sends its index.html, or a list of what is in it.
func (d *dir) folder(f *file, name string) error {
	at := place{d.root, path.Join(name, "index.html")}
	index, err := d.files().open(at)
	if err == nil {
		defer d.keep(at, index)
		if !index.info.IsDir() {
			d.file(index)
			return nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := f.ReadDir(listMost + 1)
	if err != nil && err != io.EOF {
		return err
	}
	if tags := joined(d.r, "If-Match"); tags != "" && strings.TrimSpace(tags) != "*" {
		refuse(d.w, http.StatusPreconditionFailed) // a list has no tag that could be among them
		return nil
	}
	d.list(entries)
	return nil
}

// listMost is the maximum length of a list, which is made in memory.
const listMost = 10_000

func (d *dir) list(entries []fs.DirEntry) {
	d.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	title := html.EscapeString(d.r.URL.Path)
	fmt.Fprintf(d.w, "<!doctype html>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<h1>%s</h1>\n<ul>\n", title, title)
	shown := entries[:min(len(entries), listMost)]
	slices.SortFunc(shown, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range shown {
		if !d.hidden("/" + e.Name()) {
			d.item(e)
		}
	}
	fmt.Fprint(d.w, "</ul>\n")
	if len(shown) < len(entries) {
		fmt.Fprintf(d.w, "<p>This list is not complete: the folder holds more than %d names. Ask for a file by its name.\n", listMost)
	}
}

func (d *dir) item(e fs.DirEntry) {
	name := e.Name()
	if e.IsDir() {
		name += "/"
	}
	to := url.URL{Path: "./" + name} // the dot keeps "a:b" from being taken for a scheme
	fmt.Fprintf(d.w, "<li><a href=\"%s\">%s</a>\n", html.EscapeString(to.String()), html.EscapeString(name))
}
