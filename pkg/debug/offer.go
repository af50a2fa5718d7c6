package debug

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/probe"
)

// ErrNotOffered says that a process doesn't offer its tasks.
var ErrNotOffered = errors.New("it doesn't offer its tasks: start it with STEPWISEDEBUG=1, if its main calls debug.ByEnvironment, or let it call debug.Offer")

// errNotPrivate says that another user could put a socket there.
var errNotPrivate = errors.New("it must be a folder of yours that nobody else can enter: remove it")

// answersWithin is how long a look at a process may take.
const answersWithin = 5 * time.Second

// Offer lets other programs of this user look at the tasks of this one, by Look: every loop
// that is made from now on says which tasks live on it and what each waits for. It answers
// even while a callback keeps the loop from running. The way is a unix socket in a folder of
// /tmp that only this user, and root, can enter. Nothing can be changed through it.
//
// While it is on, each callback and each step of a task costs about a microsecond more. stop
// ends it. An error says why nobody can be let in. Any goroutine may call Offer and stop.
func Offer() (stop func(), err error) {
	path, err := socketOf(os.Getpid())
	if err != nil {
		return nil, fmt.Errorf("debug: offer: %w", err)
	}
	_ = os.Remove(path) // of an earlier process with our number
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("debug: offer: %w", err)
	}
	o := &offered{}
	unwatch := probe.Everywhere(o)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		o.answer(listener)
	}()
	return sync.OnceFunc(func() {
		unwatch()
		_ = listener.Close() // it removes the file
		<-ended
	}), nil
}

// answer tells everybody who connects what the process does at that moment.
func (o *offered) answer(listener net.Listener) {
	for {
		c, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // no descriptor is left: whoever asks has to ask again
			time.Sleep(100 * time.Millisecond)
			continue
		}
		_ = c.SetDeadline(time.Now().Add(answersWithin))
		_ = json.NewEncoder(c).Encode(o.present())
		_ = c.Close()
	}
}

// Look asks the process with number pid what its tasks do. The error is ErrNotOffered if
// it doesn't offer them to this user (Offer), or has ended.
func Look(pid int) (Process, error) {
	p, err := look(pid)
	if err != nil {
		return Process{}, fmt.Errorf("debug: look at process %d: %w", pid, err)
	}
	return p, nil
}

func look(pid int) (p Process, err error) {
	path, err := socketOf(pid)
	if err != nil {
		return p, err
	}
	c, err := net.Dial("unix", path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, ErrNotOffered
	case errors.Is(err, unix.ECONNREFUSED): // it begins just now, or was killed and left its socket behind
		if unix.Kill(pid, 0) == unix.ESRCH {
			_ = os.Remove(path)
		}
		return p, ErrNotOffered
	case err != nil:
		return p, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(answersWithin)); err != nil {
		return p, err
	}
	return p, json.NewDecoder(c).Decode(&p)
}

// Offering lists the processes that offer their tasks to this user, in order.
func Offering() (pids []int, err error) {
	dir, err := ownFolder()
	if err != nil {
		return nil, fmt.Errorf("debug: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("debug: %w", err)
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ".sock")); err == nil && answers(pid) {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids, nil
}

func answers(pid int) bool {
	_, err := look(pid)
	return err == nil
}

// socketOf is where the process with number pid answers.
func socketOf(pid int) (string, error) {
	dir, err := ownFolder()
	return filepath.Join(dir, strconv.Itoa(pid)+".sock"), err
}

// ownFolder is the folder of this user's sockets. It doesn't depend on the environment,
// which may differ between the two programs.
func ownFolder() (string, error) {
	uid := os.Getuid()
	return private("/tmp/stepwise-"+strconv.Itoa(uid), uid)
}

// private makes the folder dir, unless it is there, and checks that it is user uid's alone:
// anybody can make one of that name in /tmp.
func private(dir string, uid int) (string, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	var s unix.Stat_t
	if err := unix.Lstat(dir, &s); err != nil {
		return "", fmt.Errorf("%s: %w", dir, err)
	}
	if s.Mode&unix.S_IFMT != unix.S_IFDIR || int(s.Uid) != uid || s.Mode&0o077 != 0 {
		return "", fmt.Errorf("%s: %w", dir, errNotPrivate)
	}
	return dir, nil
}
