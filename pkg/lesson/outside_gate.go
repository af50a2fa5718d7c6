package lesson

// A gate in the loop's pipe, by which lesson 17's cases stop a loop, or a call from outside,
// at a system call. Read outside_rig.go first.

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"stepwise/pkg/trial"
)

// gate is another pipe in the place of one end of the loop's. A system call on that waits
// until the gate opens: a read, since the other pipe is empty, or a write, since it is full.
// So a case can do something between two steps of the code that it judges.
//
// A nil gate stops nothing: it is that of a loop that has no pipe.
type gate struct {
	fd   int  // the number, by which the other pipe is known now
	real int  // the loop's own end
	far  int  // the other pipe's other end
	read bool // a read on fd waits
}

// shut puts a gate in the place of fd, if that is a descriptor.
func shut(fd int, read bool) *gate {
	if fd < 0 {
		return nil
	}
	var ends [2]int
	trial.Must(unix.Pipe(ends[:]))
	near, far := ends[0], ends[1]
	if !read {
		near, far = far, near
		trial.Must(unix.SetNonblock(near, true))
		for _, size := range []int{4096, 1} {
			for n := size; n == size; {
				n, _ = unix.Write(near, make([]byte, size))
			}
		}
		trial.Must(unix.SetNonblock(near, false))
	}
	real, err := unix.Dup(fd)
	trial.Must(err)
	trial.Must(unix.Dup2(near, fd))
	trial.Must(unix.Close(near))
	return &gate{fd: fd, real: real, far: far, read: read}
}

// swallow takes out of the loop's pipe what the read that waits would have taken, had it
// begun a moment later.
func (g *gate) swallow() { drain(g.real) }

// open lets the call go on that waits, and all later ones. Opening it twice does no harm.
func (g *gate) open() {
	switch {
	case g == nil:
	case g.read:
		trial.Must(unix.SetNonblock(g.fd, true))
		_, _ = unix.Write(g.far, []byte{0})
	default:
		trial.Must(unix.SetNonblock(g.far, true))
		drain(g.far)
	}
}

// restore puts the loop's own end back. Nothing may wait at the gate.
func (g *gate) restore() {
	if g != nil {
		trial.Must(unix.Dup2(g.real, g.fd))
		g.leave()
	}
}

// leave closes what is left of a gate whose number the loop has closed.
func (g *gate) leave() {
	_ = unix.Close(g.real)
	_ = unix.Close(g.far)
}

// drain reads all that is there.
func drain(fd int) {
	for n := 1; n > 0; {
		n, _ = unix.Read(fd, make([]byte, 4096))
	}
}

// reads is the end of a pipe that the loop watches, or -1: some wake-ups are no pipe.
func (d *doorway) reads() (fd int, read bool) {
	if len(d.watched) != 1 || !strings.HasPrefix(d.links[0], "pipe:") {
		return -1, true
	}
	return d.watched[0], true
}

// writes is the other end of that pipe, or -1.
func (d *doorway) writes() (fd int, read bool) {
	if fd, _ := d.reads(); fd < 0 {
		return -1, false
	}
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		link, _ := os.Readlink("/proc/self/fd/" + e.Name())
		fd, err := strconv.Atoi(e.Name())
		if err == nil && link == d.links[0] && fd != d.watched[0] {
			return fd, false
		}
	}
	return -1, false
}

// link is what a descriptor really is, or "".
func link(fd int) string {
	text, _ := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	return text
}
