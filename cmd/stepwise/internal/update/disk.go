// disk.go: the only place where this package changes a disk. Each change is one call
// of a method here. The tests can make a call fail, or make it the last that a process
// makes. Read update.go first.

package update

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"
)

// ErrBusy says that another process is updating the same copy.
var ErrBusy = errors.New("another stepwise command is updating this copy: wait until it is done, then try again")

// disk is a copy of the course, opened as an os.Root so that no link in it can lead a
// change elsewhere.
type disk struct {
	root   *os.Root
	lock   *os.File
	before func(what, name string) error // called before each change, unless it is nil
}

// open opens the copy at dir and keeps other processes from updating it until close.
// It makes the folder .stepwise and locks the folder itself, so a kill leaves no lock
// file behind.
func (d disk) open(dir string) (disk, error) {
	var err error
	if d.root, err = os.OpenRoot(dir); err != nil {
		return d, err
	}
	if err = d.folder(private); err == nil {
		d.lock, err = d.root.Open(private)
	}
	if err == nil {
		err = unix.Flock(int(d.lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EWOULDBLOCK):
			err = ErrBusy
		case err != nil:
			err = nil // a filesystem without locks
		}
	}
	if err != nil {
		d.close()
	}
	return d, err
}

func (d disk) close() {
	if d.lock != nil {
		_ = d.lock.Close()
	}
	_ = d.root.Close()
}

func (d disk) ask(what, name string) error {
	if d.before == nil {
		return nil
	}
	return d.before(what, name)
}

// folder makes one folder, if it doesn't exist.
func (d disk) folder(name string) error {
	if info, err := d.root.Stat(name); err == nil && info.IsDir() {
		return nil
	}
	if err := d.ask("mkdir", name); err != nil {
		return err
	}
	return d.root.Mkdir(name, 0o777)
}

// write makes a new file.
func (d disk) write(name string, content []byte, mode fs.FileMode) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if err := d.ask("write", name); err != nil {
		_, _ = f.Write(content[:len(content)/2]) // as a full disk does
		return errors.Join(err, f.Close())
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// rename moves from to a name that is free.
func (d disk) rename(from, to string) error {
	if err := d.ask("rename", from); err != nil {
		return err
	}
	return d.root.Rename(from, to)
}

// remove removes a file or an empty folder. It is no error if there is none.
func (d disk) remove(name string) error {
	if err := d.ask("remove", name); err != nil {
		return err
	}
	if err := d.root.Remove(name); err != nil && !isNotThere(err) {
		return err
	}
	return nil
}

// sync writes everything so far to the disk.
func (d disk) sync() error {
	if err := d.ask("sync", "."); err != nil {
		return err
	}
	return syncAll(d.lock)
}

// there reports whether name exists.
func (d disk) there(name string) (bool, error) {
	_, err := d.root.Lstat(name)
	if err != nil && isNotThere(err) {
		return false, nil
	}
	return err == nil, err
}

// missing lists the folders above name that don't exist, outermost first. It is an
// error if a file is in the place of one.
func (d disk) missing(name string) ([]string, error) {
	var folders []string
	for at := path.Dir(name); at != "."; at = path.Dir(at) {
		info, err := d.root.Stat(at)
		switch {
		case err == nil && info.IsDir():
			return folders, nil
		case err == nil:
			return nil, &fs.PathError{Op: "mkdir", Path: at, Err: syscall.ENOTDIR}
		case !isNotThere(err):
			return nil, err
		}
		if _, err := d.root.Lstat(at); err == nil {
			return nil, &fs.PathError{Op: "mkdir", Path: at, Err: fs.ErrExist} // a link to nowhere
		}
		folders = append([]string{at}, folders...)
	}
	return folders, nil
}
