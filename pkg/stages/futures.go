package stages

// Read callbacks.go before it. Each step now returns a Future, and then puts steps in a
// row: an error passes over those that are left, and reaches the holder of the last
// Future. What it lacks: the order of the steps is data, not code. The for statement
// that read until the end has become a function that calls itself. coroutines.go is the
// next step.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// Futures begins every conversation, and runs the loop until all are done.
func Futures(addresses []string) []Answer {
	l, err := openLoop()
	if err != nil {
		return failed(addresses, err)
	}
	defer l.Close()
	pages := make([]*future.Future, len(addresses))
	pending := len(addresses)
	for i, address := range addresses {
		pages[i] = FetchFuture(l, address)
		pages[i].AddDoneCallback(func() {
			if pending--; pending == 0 {
				l.Stop()
			}
		})
	}
	if pending > 0 {
		_ = l.Run()
	}
	answers := make([]Answer, len(addresses))
	for i, f := range pages {
		body, err := f.Result()
		answers[i].Body, _ = body.([]byte)
		answers[i].Err = err
	}
	return answers
}

// FetchFuture begins a fetch on l. The Future's result is the body, a []byte, or the
// error of the step that failed.
func FetchFuture(l *loop.Loop, address string) *future.Future {
	p := &promiser{loop: l, fd: -1}
	raw := then(l, p.connect(address), func() *future.Future {
		return then(l, p.send(Request(address)), p.readToEnd)
	})
	page := future.New(l)
	raw.AddDoneCallback(func() {
		p.close()
		if _, err := raw.Result(); err != nil {
			_ = page.SetError(err)
		} else if body, err := Page(p.raw); err != nil {
			_ = page.SetError(err)
		} else {
			_ = page.SetResult(body)
		}
	})
	return page
}

// then returns the Future of two steps: first, and the one that next begins once first is
// done. If first fails, its error is the result, and next is never called.
func then(l *loop.Loop, first *future.Future, next func() *future.Future) *future.Future {
	whole := future.New(l)
	first.AddDoneCallback(func() {
		if _, err := first.Result(); err != nil {
			_ = whole.SetError(err)
			return
		}
		second := next()
		second.AddDoneCallback(func() {
			v, err := second.Result()
			if err != nil {
				_ = whole.SetError(err)
				return
			}
			_ = whole.SetResult(v)
		})
	})
	return whole
}

// promiser is one conversation whose steps return Futures.
type promiser struct {
	loop *loop.Loop
	fd   int
	raw  []byte
}

func (p *promiser) connect(address string) *future.Future {
	f := future.New(p.loop)
	family, sa, err := target(address)
	if err == nil {
		p.fd, err = p.loop.Calls().Socket(family)
	}
	if err == nil {
		err = p.loop.Calls().Connect(p.fd, sa)
	}
	if err != nil && err != unix.EINPROGRESS {
		_ = f.SetError(err)
		return f
	}
	return p.when(p.loop.AddWriter, p.loop.RemoveWriter, func() error {
		if _, err := p.loop.Calls().PeerName(p.fd); err != unix.ENOTCONN {
			return err
		}
		if err := p.loop.Calls().SocketError(p.fd); err != nil {
			return err
		}
		return unix.EAGAIN
	})
}

func (p *promiser) send(request []byte) *future.Future {
	return p.when(p.loop.AddWriter, p.loop.RemoveWriter, func() error {
		n, err := p.loop.Calls().Send(p.fd, request)
		if request = request[n:]; err == nil && len(request) > 0 {
			return unix.EAGAIN
		}
		return err
	})
}

func (p *promiser) readToEnd() *future.Future {
	before := len(p.raw)
	piece := p.when(p.loop.AddReader, p.loop.RemoveReader, func() error {
		buffer := make([]byte, 4096)
		n, err := p.loop.Calls().Recv(p.fd, buffer)
		p.raw = append(p.raw, buffer[:n]...)
		return err
	})
	return then(p.loop, piece, func() *future.Future {
		if len(p.raw) > before {
			return p.readToEnd()
		}
		return piece // nothing came: it is the end
	})
}

// when makes the attempt each time that the loop calls, until it returns something other
// than EAGAIN, and ends its Future with that.
func (p *promiser) when(add func(int, func()) error, remove func(int) bool, attempt func() error) *future.Future {
	f := future.New(p.loop)
	err := add(p.fd, func() {
		switch err := attempt(); err {
		case unix.EAGAIN:
		case nil:
			remove(p.fd)
			_ = f.SetResult(nil)
		default:
			remove(p.fd)
			_ = f.SetError(err)
		}
	})
	if err != nil {
		_ = f.SetError(err)
	}
	return f
}

func (p *promiser) close() {
	if p.fd >= 0 {
		_ = p.loop.Calls().Close(p.fd)
		p.fd = -1
	}
}
