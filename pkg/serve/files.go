package serve

// The files that a Server keeps open for the next request: looking at a file takes one call,
// where opening it anew takes four. Read dir.go first.

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"

	"stepwise/pkg/loop"
)

// openFiles are open files that no request uses.
//
// A file is used again only if its name still leads to it, and it looks as it did. Nothing
// else can be served by that: as long as a file is open, no other one has its number. What is
// read comes from the file itself, not from memory.
//
// A file that was deleted takes room on its disk until it is closed. So one that nobody asks
// for is closed after keptFor, or at the latest twice that.
type openFiles struct {
	kept   map[place]*file
	timer  *loop.Timer // will call sweep; nil if nothing is kept
	closed bool        // nothing is kept any more
}

// place is where a file was found.
type place struct {
	root *os.Root
	name string
}

// file is an open file or folder.
type file struct {
	*os.File
	info fs.FileInfo
	kind string // its media type; "" if nobody has asked yet
	version
	used bool // since the last sweep
}

const (
	keptMost = 64
	keptFor  = time.Second
)

// open opens what is at p, unless it is kept. It looks before it opens: opening a FIFO waits
// for a writer, and opening a device may do anything.
func (k *openFiles) open(p place) (*file, error) {
	info, err := p.root.Stat(p.name)
	if err == nil && !plain(info) {
		err = errSpecial
	}
	if err != nil {
		return nil, err
	}
	if f := k.kept[p]; f != nil {
		delete(k.kept, p)
		if f.is(info) {
			return f, nil
		}
		f.Close()
	}
	f, err := p.open()
	if (errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)) && len(k.kept) > 0 {
		k.drop()
		f, err = p.open()
	}
	return f, err
}

// open opens p. O_NONBLOCK is for a FIFO that takes the file's place after the look.
func (p place) open() (*file, error) {
	f, err := p.root.OpenFile(p.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !plain(info) {
		err = errSpecial
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &file{File: f, info: info, version: versionOf(info)}, nil
}

func plain(info fs.FileInfo) bool { return info.Mode().IsRegular() || info.IsDir() }

// is reports whether f looks like info.
func (f *file) is(info fs.FileInfo) bool {
	return os.SameFile(f.info, info) && f.info.Size() == info.Size() &&
		f.info.ModTime().Equal(info.ModTime()) && f.info.Mode() == info.Mode()
}

// keep keeps f, which was found at p, for l's next request, or closes it.
func (k *openFiles) keep(l *loop.Loop, p place, f *file) {
	if k.closed || !f.info.Mode().IsRegular() || k.kept[p] != nil || len(k.kept) == keptMost || l.Closed() {
		f.Close()
		return
	}
	if k.kept == nil {
		k.kept = map[place]*file{}
	}
	f.used = true
	k.kept[p] = f
	if k.timer == nil {
		k.arm(l)
	}
}

func (k *openFiles) arm(l *loop.Loop) {
	k.timer = l.CallLater(keptFor, func() { k.sweep(l) })
	k.timer.Background()
}

// sweep closes the files that were not used since the last sweep.
func (k *openFiles) sweep(l *loop.Loop) {
	for p, f := range k.kept {
		if !f.used {
			f.Close()
			delete(k.kept, p)
		}
		f.used = false
	}
	k.timer = nil
	if len(k.kept) > 0 {
		k.arm(l)
	}
}

func (k *openFiles) drop() {
	for _, f := range k.kept {
		f.Close()
	}
	clear(k.kept)
}

// close closes all files; those that are in use now, when they are given back.
func (k *openFiles) close() {
	k.closed = true
	k.drop()
	if k.timer != nil {
		k.timer.Cancel()
		k.timer = nil
	}
}
