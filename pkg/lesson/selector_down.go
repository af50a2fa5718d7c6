package lesson

// More of lesson 03's cases: hang-ups and errors, of which the kernel reports no more than
// that, and what a selector leaves to others. Read selector.go first.

import (
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func pollNoReader(p *poll) {
	in, out := p.pipe()
	for full := error(nil); full == nil; { // and then it isn't writable
		_, full = unix.Write(out, make([]byte, 4096))
	}
	p.register(out, selector.Write, "Ann")
	p.expect("select on a full pipe for write", aLittle)
	p.closeNow(in)
	p.expect("select on a full pipe for write, when its reader is gone", atOnce, selector.Ready{FD: out, Events: selector.Write, Data: "Ann"})
}

func pollNoWriter(p *poll) {
	in, out := p.pipe()
	p.register(in, selector.Read, "Ann")
	p.closeNow(out)
	for _, tried := range []string{"select on an empty pipe for read, when its writer is gone", "and select again"} {
		p.expect(tried, atOnce, selector.Ready{FD: in, Events: selector.Read, Data: "Ann"})
	}
	noError("unregister it", p.Unregister(in))
}

// pollRefused sends a datagram to a socket that takes none but its own. The system
// refuses it, and nothing else comes of it: there is nothing to read.
func pollRefused(p *poll) {
	fd, peer := p.datagrams(), p.datagrams()
	for _, from := range []int{peer, fd} {
		name, err := unix.Getsockname(peer)
		trial.Must(err)
		trial.Must(unix.Connect(from, name))
	}
	p.register(fd, selector.Read, "Ann")
	_, err := unix.Write(fd, []byte("x"))
	trial.Must(err)
	p.expect("send a datagram that is refused, and select for read", limit/10, selector.Ready{FD: fd, Events: selector.Read, Data: "Ann"})
}

// datagrams makes a socket for them, with an address.
func (p *poll) datagrams() int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	trial.Must(err)
	p.keep(fd)
	trial.Must(unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	return fd
}

func pollShutDown(p *poll) {
	fd, _ := p.pair()
	for full := error(nil); full == nil; { // and then it isn't writable
		_, full = unix.Write(fd, make([]byte, 4096))
	}
	p.register(fd, selector.Write, "Ann")
	p.expect("select on a full socket for write", aLittle)
	trial.Must(unix.Shutdown(fd, unix.SHUT_RDWR))
	p.expect("shut a full socket down, and select for write", atOnce, selector.Ready{FD: fd, Events: selector.Write, Data: "Ann"})
	const both = selector.Read | selector.Write
	noError("modify it to both", p.Modify(fd, both, "Ann"))
	p.expect("and select for both, when the kernel says that it is readable, and a hang-up", atOnce, selector.Ready{FD: fd, Events: both, Data: "Ann"})
}

// pollInherits looks for a descriptor that has no FD_CLOEXEC, and is new.
func pollInherits(impl Impl) {
	before := inherited()
	p, err := impl.NewSelector()
	trial.Must(err)
	defer p.Close()
	if more := newIn(before, inherited()); len(more) > 0 {
		fail("make a selector, and look for descriptors that a program would inherit", fmt.Sprint(len(more)), "none: FD_CLOEXEC is set", nil)
	}
}

// inherited are the descriptors that a program would get which this process starts.
func inherited() (fds []int) {
	for _, fd := range descriptors() {
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			fds = append(fds, fd)
		}
	}
	return fds
}
