package sock

import (
	"net"
	"os"
	"time"
)

// SetDeadline is SetReadDeadline and SetWriteDeadline at once.
func (s *Socket) SetDeadline(t time.Time) error {
	if err := s.SetReadDeadline(t); err != nil {
		return err
	}
	return s.SetWriteDeadline(t)
}

// SetReadDeadline makes Read, ReadInto, ReadAll and Accept fail with
// os.ErrDeadlineExceeded from t on, even those that are waiting, until another deadline
// is set; the zero Time means none. Data that was not read stays in the kernel for a
// later read. It works as net.Conn's does. t is by the loop's Time, which is time.Now on
// the system's clock; in a World, a t made from time.Now is impossible, and the deadline
// stays as it was. The error is net.ErrClosed once s is closed. Only the loop's goroutine
// may call it.
func (s *Socket) SetReadDeadline(t time.Time) error { return s.setDeadline(&s.read, t) }

// SetWriteDeadline is SetReadDeadline for Send, whose error then says how much was sent.
func (s *Socket) SetWriteDeadline(t time.Time) error { return s.setDeadline(&s.write, t) }

// setDeadline turns t, a moment of the wall clock, into one of the loop's clock.
func (s *Socket) setDeadline(d *side, t time.Time) error {
	if s.fd < 0 {
		return s.opError("set deadline", net.ErrClosed)
	}
	left, err := s.loop.Until(t)
	if err != nil {
		return s.opError("set deadline", err)
	}
	d.stopTimer()
	d.expired = false
	if t.IsZero() {
		return nil
	}
	if left > 0 {
		d.timer = s.loop.CallLater(left, d.expire)
	} else {
		d.expire()
	}
	return nil
}

func (d *side) expire() {
	d.expired = true
	d.endWait(os.ErrDeadlineExceeded)
}

func (d *side) stopTimer() {
	if d.timer != nil {
		d.timer.Cancel()
		d.timer = nil
	}
}
