package lesson

// The rest of lesson 03's cases: hang-ups, time, signals, and the end. Read
// selector.go first.

import (
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func pollNoReader(p *poll) error {
	in, out, err := p.pipe()
	if err != nil {
		return err
	}
	for err == nil { // until it is full, and so not writable
		_, err = unix.Write(out, make([]byte, 4096))
	}
	if err := p.register(out, selector.Write, "Ann"); err != nil {
		return err
	}
	if err := p.expect("select on a full pipe for write", aLittle); err != nil {
		return err
	}
	p.closeNow(in)
	return p.expect("select on a full pipe for write, when its reader is gone", atOnce, selector.Ready{FD: out, Events: selector.Write, Data: "Ann"})
}

func pollNoWriter(p *poll) error {
	in, out, err := p.pipe()
	if err != nil {
		return err
	}
	if err := p.register(in, selector.Read, "Ann"); err != nil {
		return err
	}
	p.closeNow(out)
	return p.expect("select on an empty pipe for read, when its writer is gone", atOnce, selector.Ready{FD: in, Events: selector.Read, Data: "Ann"})
}

// pollNoTime lets the peer write after a while, so that a select that sleeps
// returns, and is found out.
func pollNoTime(p *poll) error {
	_, peer, err := p.registered(selector.Read, "Ann")
	if err != nil {
		return err
	}
	rescue := time.AfterFunc(limit/10, func() { _, _ = unix.Write(peer, []byte("x")) })
	defer rescue.Stop()
	ready, err := p.Select(0)
	if err != nil || len(ready) > 0 {
		return trial.Fail("select with a time of 0 and nothing to read", trial.Said(err)+", and a sleep until the peer wrote", "nothing, at once", err)
	}
	return nil
}

// pollShortTime tries often, since on a busy machine a select may return late
// although it did not sleep.
func pollShortTime(p *poll) error {
	const often, timeout = 20, 400 * time.Microsecond
	early := 0
	for range often {
		start := time.Now()
		if err := p.expect("select with nothing registered", timeout); err != nil {
			return err
		}
		if time.Since(start) < timeout {
			early++
		}
	}
	// Time that is rounded down is too short each time. A signal of Go's own runtime may
	// cut one select short, and that is S23's business.
	if early > often/2 {
		return trial.Fail(fmt.Sprintf("select for %v, %d times", timeout, often), "some that returned earlier", "none that does", nil)
	}
	return nil
}

// pollSignals tries twice: on a busy machine the signals may come so late that a
// select that starts over has slept enough.
func pollSignals(p *poll) error {
	for range 2 {
		if err := pollStorm(p); err != nil {
			return err
		}
	}
	return nil
}

// pollStorm sends a signal each millisecond while select sleeps: a select that
// starts over with the whole time sleeps for as long as they come.
func pollStorm(p *poll) error {
	const most, timeout = 1000, 50 * time.Millisecond
	runtime.LockOSThread() // a signal is sent to a thread
	defer runtime.UnlockOSThread()
	awake, sent := make(chan struct{}), make(chan int)
	go storm(thread(), most, awake, sent)
	start := time.Now()
	ready, err := p.Select(timeout)
	took := time.Since(start)
	close(awake)
	signals := <-sent
	tried := fmt.Sprintf("select for %v while a signal comes each millisecond", timeout)
	switch {
	case err != nil || len(ready) > 0:
		return trial.Fail(tried, trial.Said(err), "it to sleep on", err)
	case took < timeout/2: // S21 judges how it rounds
		return trial.Fail(tried, "nothing, before the time was over", "it to sleep on", nil)
	case signals == most:
		return trial.Fail(tried, fmt.Sprintf("a sleep through %d signals", signals), "it to return when the time is over", nil)
	}
	return nil
}

// storm interrupts thread each millisecond until awake is closed, or most times,
// and sends how often it did.
func storm(thread, most int, awake <-chan struct{}, sent chan<- int) {
	signals := 0
	for tick := time.Tick(time.Millisecond); signals < most; signals++ {
		select {
		case <-awake:
			sent <- signals
			return
		case <-tick:
			interrupt(thread)
		}
	}
	<-awake
	sent <- signals
}

func pollHalf(p *poll) error {
	fd, peer, err := p.registered(selector.Read, "Ann")
	if err != nil {
		return err
	}
	_, _ = unix.Write(peer, []byte("xyz"))
	for left := 3; left > 0; left-- {
		tried := fmt.Sprintf("select with %d bytes to read, and read one", left)
		if err := p.expect(tried, atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "Ann"}); err != nil {
			return err
		}
		_, _ = unix.Read(fd, make([]byte, 1))
	}
	return p.expect("select when everything is read", aLittle)
}

func pollClose(impl Impl) error {
	number := lowestFree()
	p, err := impl.NewSelector()
	if err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return trial.Fail("close a selector", trial.Said(err), "no error", err)
	}
	if lowestFree() != number {
		return trial.Fail("close a selector", "a descriptor that is still open", "nothing left open", nil)
	}
	stranger, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	_ = p.Close()
	if unix.Close(stranger) != nil {
		return trial.Fail("close a selector again, when its number belongs to somebody else", "somebody else's descriptor closed", "nothing to happen", nil)
	}
	if err := refused("select on a closed selector", second(p.Select(0)), nil); err != nil {
		return err
	}
	return refused("register with a closed selector", p.Register(0, selector.Read, nil), nil)
}

func second(_ []selector.Ready, err error) error { return err }
