package future

import (
	"errors"
	"fmt"
)

// CheckInvariants is the invariants of Future as code; tests run it after
// every step.
func (f *Future) CheckInvariants() error {
	switch {
	case f.state == Pending && (f.value != nil || f.err != nil):
		return fmt.Errorf("pending, with the result %v, %v", f.value, f.err)
	case (f.state == Canceled) != errors.Is(f.err, ErrCanceled):
		return fmt.Errorf("%s, with the error %v", f.state, f.err)
	case f.err != nil && f.value != nil:
		return fmt.Errorf("value %v and error %v", f.value, f.err)
	case f.state != Pending && len(f.callbacks) > 0:
		return fmt.Errorf("%s, with %d callbacks", f.state, len(f.callbacks))
	}
	for i := 1; i < len(f.callbacks); i++ {
		if f.callbacks[i-1].number >= f.callbacks[i].number {
			return errors.New("callbacks are out of order")
		}
	}
	return nil
}
