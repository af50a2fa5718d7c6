package lesson

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// Poller is what lesson 03 builds: a list of descriptors that the kernel keeps,
// and a sleep until some of them are ready. It is selector.Selector without
// Wake; see there for what each method does.
type Poller interface {
	Register(fd int, interest selector.Events, data any) error
	Modify(fd int, interest selector.Events, data any) error
	Unregister(fd int) error
	Select(timeout time.Duration) ([]selector.Ready, error)
	Close() error
}

func newPoller() (Poller, error) { return selector.New() }

// Selector judges lesson 03: which descriptors are ready?
var Selector = Lesson{
	Number: 3, Name: "selector", Code: "selector",
	Question: "which descriptors are ready?",
	Able:     "sleep until one of a thousand sockets is ready",
	Judges:   "NewSelector", Wrong: wrongSelectors, Hints: selectorHints, Needs: map[string][]string{"L13": {"S01"}, "S24": {"S01"}, "S32": {"S01"}, "S23": {"S20"}},
	Cases: []Case{
		{"S01", "the peer writes, now or later", "code that waits must be woken, and told which of its descriptors is ready", onPoller(pollWrite)},
		{"S32", "two selectors at once", "what two selectors share, the second one takes away from the first", pollTwo},
		{"S02", "readable and writable at once", "with two reports, the second is served when the first has changed everything", onPoller(pollBoth)},
		{"S03", "registered twice", "the first owner is never called again, and nobody tells it", onPoller(pollTwice)},
		{"S04", "a registration that makes no sense", "a wait for nothing never ends", onPoller(pollNonsense)},
		{"S05", "a file, which the kernel refuses", "a table with more in it than the kernel knows waits for what never comes", onPoller(pollFile)},
		{"S06", "unregistered, and unregistered again", "what stays registered wakes you for somebody who has left", onPoller(pollUnregister)},
		{"S08", "another interest", "a socket is nearly always writable: code that can't take that interest back spins", onPoller(pollModify)},
		{"S11", "closed before it is unregistered", "its number goes to the next socket, which then gets the events of the old one", func(impl Impl) {
			onPoller(pollClosedFirst)(impl)
			onPoller(pollTakenOver)(impl)
			onPoller(pollTakenByFile)(impl)
		}},
		{"S16", "the reader of a full pipe is gone", "nobody will ever make room, so a writer that isn't woken waits forever", onPoller(pollNoReader)},
		{"S17", "the writer of an empty pipe is gone", "the kernel reports only a hang-up: a reader that it doesn't wake never hears of the end", onPoller(pollNoWriter)},
		{"S18", "a datagram is refused", "the kernel reports only an error: a reader that it doesn't wake never hears of it", onPoller(pollRefused)},
		{"S19", "the writer's socket is shut down, and full", "the kernel reports only a hang-up: a writer that it doesn't wake never hears of it", onPoller(pollShutDown)},
		{"S20", "a time of zero", "a loop that only wants to look must not fall asleep", onPoller(pollNoTime)},
		{"S21", "a part of a millisecond", "rounded down, it is too short, and the loop spins until it is over", onPoller(pollShortTime)},
		{"L13", "nothing is ready, for a while", "code that asks again and again keeps a core busy, and the battery warm", onPoller(pollSleeps)},
		{"S23", "signals come while it sleeps", "a signal says nothing about descriptors or time", onPollerUnderSignals(pollSignals)},
		{"S29", "half of the data is read", "the other half is there, and nobody is told", onPoller(pollHalf)},
		{"S24", "a hundred are ready at once", "one that is never reported is never served", onPoller(pollMany)},
		{"S33", "what a program would inherit", "a program that yours starts keeps the epoll open, and all that it watches", pollInherits},
		{"S28", "closed, and closed again", "by the second close, the number may belong to somebody else", pollClose},
	},
}

func pollWrite(p *poll) {
	ann, peer := p.registered(selector.Read, "Ann")
	p.registered(selector.Read, "Bob")
	p.expect("register two descriptors for read, and select while there is nothing to read", aLittle)
	for _, timeout := range []time.Duration{withoutEnd, -400 * time.Microsecond} {
		beside(func(here int, over func() bool) {
			for tries := 0; tries < 50 && !over() && !asleep(here); tries++ {
				time.Sleep(time.Millisecond)
			}
			_, _ = unix.Write(peer, []byte("x"))
		}, func() {
			tried := fmt.Sprintf("select for %v, which is no limit, until the peer writes", timeout)
			p.expect(tried, timeout, selector.Ready{FD: ann, Events: selector.Read, Data: "Ann"})
		})
		_, _ = unix.Read(ann, make([]byte, 1))
	}
	nobody, peer := p.registered(selector.Read, nil)
	_, _ = unix.Write(peer, []byte("x"))
	p.expect("register a descriptor with nil as its data, and select with something to read", atOnce, selector.Ready{FD: nobody, Events: selector.Read})
}

func pollBoth(p *poll) {
	fd, peer := p.registered(selector.Read|selector.Write, "Ann")
	pollLeavesMode(p)
	_, _ = unix.Write(peer, []byte("x"))
	p.expect("select with data to read and room to write", atOnce, selector.Ready{FD: fd, Events: selector.Read | selector.Write, Data: "Ann"})
}

// pollLeavesMode registers a descriptor that blocks.
func pollLeavesMode(p *poll) {
	fd, _ := p.pair()
	trial.Must(unix.SetNonblock(fd, false))
	p.register(fd, selector.Read, "Bob")
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK != 0 {
		fail("register a descriptor that blocks, and look at it", "one that doesn't block", "no change: others use it too", err)
	}
	noError("unregister it", p.Unregister(fd))
}

func pollTwice(p *poll) {
	fd, peer := p.registered(selector.Read, "Ann")
	refused("register a descriptor that is registered already", p.Register(fd, selector.Write, "Bob"), selector.ErrRegistered)
	_, _ = unix.Write(peer, []byte("x"))
	p.expect("select after that, with data to read", atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "Ann"})
}

func pollNonsense(p *poll) {
	fd, _ := p.pair()
	for _, interest := range []selector.Events{0, 1 << 5, selector.Read | 1<<5} {
		refused(fmt.Sprintf("register a descriptor for %v", interest), p.Register(fd, interest, nil), selector.ErrInterest)
	}
	refused("register the descriptor -1", p.Register(-1, selector.Read, nil), syscall.EBADF)
	p.register(fd, selector.Write, "Ann")
	refused("modify a descriptor to wait for nothing", p.Modify(fd, 0, nil), selector.ErrInterest)
	p.expect("select after these refusals", atOnce, selector.Ready{FD: fd, Events: selector.Write, Data: "Ann"})
}

func pollFile(p *poll) {
	file := openFile()
	defer file.Close()
	fd := int(file.Fd())
	refused("register a file", p.Register(fd, selector.Read, nil), nil)
	refused("unregister the file that was refused", p.Unregister(fd), selector.ErrNotRegistered)
}

func openFile() *os.File {
	name, err := os.Executable() // a file that certainly exists
	trial.Must(err)
	file, err := os.Open(name)
	trial.Must(err)
	return file
}

func pollUnregister(p *poll) {
	fd, peer := p.registered(selector.Read, "Ann")
	_, _ = unix.Write(peer, []byte("x"))
	noError("unregister a descriptor", p.Unregister(fd))
	p.expect("select when it is unregistered, and readable", aLittle)
	refused("unregister it again", p.Unregister(fd), selector.ErrNotRegistered)
	p.comesBack(fd)
	refused("modify what isn't registered", p.Modify(fd, selector.Read, nil), selector.ErrNotRegistered)
}

// comesBack registers what was unregistered: a kernel that still has it refuses.
func (p *poll) comesBack(fd int) {
	noError("register a descriptor that was unregistered", p.Register(fd, selector.Read, "Ann again"))
	tried := "select when it is registered again, and readable"
	p.expect(tried, atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "Ann again"})
	noError("unregister it once more", p.Unregister(fd))
}

func pollModify(p *poll) {
	fd, peer := p.registered(selector.Read, "first")
	_, _ = unix.Write(peer, []byte("x"))
	for _, interest := range []selector.Events{selector.Write, selector.Read | selector.Write, selector.Read} {
		noError(fmt.Sprintf("modify a descriptor to %v", interest), p.Modify(fd, interest, "second"))
		tried := fmt.Sprintf("modify a descriptor that can do both to %v, and select", interest)
		p.expect(tried, atOnce, selector.Ready{FD: fd, Events: interest, Data: "second"})
	}
	noError("modify it to no data", p.Modify(fd, selector.Read, nil))
	p.expect("modify a descriptor to no data, and select", atOnce, selector.Ready{FD: fd, Events: selector.Read})
	noError("modify a descriptor to the interest that it has", p.Modify(fd, selector.Read, "third"))
	p.expect("modify only the data of a descriptor, and select", atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "third"})
	noError("unregister it", p.Unregister(fd))
	pollModifyRefused(p)
}

// pollModifyRefused modifies a number that is closed. The kernel still reports it, since a
// twin keeps the connection open. A selector may keep the old registration or forget it.
func pollModifyRefused(p *poll) {
	fd, peer := p.registered(selector.Read, "first")
	twin, err := unix.Dup(fd)
	trial.Must(err)
	p.keep(twin)
	p.closeNow(fd)
	refused("modify a descriptor that is closed, which the kernel refuses", p.Modify(fd, selector.Read|selector.Write, "second"), nil)
	_, _ = unix.Write(peer, []byte("x"))
	ready, err := p.Select(0)
	noError("select after a modify that was refused", err)
	if slices.ContainsFunc(ready, func(r selector.Ready) bool { return r.Data == "second" }) {
		fail("select after a modify that was refused", readyText(ready), "nothing of what was refused", nil)
	}
}

func pollClosedFirst(p *poll) {
	old, _ := p.registered(selector.Read, "the old one")
	p.closeNow(old)
	if err := p.Unregister(old); err != nil {
		fail("unregister a descriptor that is closed already", trial.Said(err), "no error: it is forgotten, as it should be", err)
	}
	fd, peer := p.registered(selector.Read, "the new one") // gets the number of the old one
	_, _ = unix.Write(peer, []byte("x"))
	p.expect("register the next one, and select", atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "the new one"})
}

// pollTakenOver closes a descriptor and gives its number to another in one step, so that
// nobody else can get it. The kernel knows the number, but not as registered.
func pollTakenOver(p *poll) {
	old, _ := p.registered(selector.Read, "the old one")
	other, peer := p.pair()
	trial.Must(unix.Dup2(other, old))
	if err := p.Unregister(old); err != nil {
		fail("unregister a descriptor that is closed, and whose number another one has by now", trial.Said(err), "no error: it is forgotten, as it should be", err)
	}
	p.register(old, selector.Read, "the other one")
	_, _ = unix.Write(peer, []byte("x"))
	p.expect("register the other one, and select", atOnce, selector.Ready{FD: old, Events: selector.Read, Data: "the other one"})
}

// pollTakenByFile has a file take the number. The kernel gives another reason for that.
func pollTakenByFile(p *poll) {
	old, _ := p.registered(selector.Read, "the old one")
	file := openFile()
	defer file.Close()
	trial.Must(unix.Dup2(int(file.Fd()), old))
	if err := p.Unregister(old); err != nil {
		fail("unregister a descriptor that is closed, and whose number a file has by now", trial.Said(err), "no error: it is forgotten, as it should be", err)
	}
}
