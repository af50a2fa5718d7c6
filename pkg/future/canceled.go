package future

// How a cancellation is told from the errors that come with it: a clean-up that fails,
// a task that failed in the same round.

import (
	"errors"

	"stepwise/pkg/site"
)

// canceled is a cancellation with its reason, which is not a failure of its own.
type canceled struct{ cause error }

func (c *canceled) Error() string        { return ErrCanceled.Error() + ": " + c.cause.Error() }
func (c *canceled) Is(target error) bool { return target == ErrCanceled }
func (c *canceled) Unwrap() error        { return c.cause }

// CanceledBy is the error of a cancellation for the reason cause: both ErrCanceled and
// cause. For nil it is ErrCanceled; a cause that is a cancellation already stays itself.
func CanceledBy(cause error) error {
	switch {
	case cause == nil:
		return ErrCanceled
	case errors.Is(cause, ErrCanceled):
		return cause
	}
	return &canceled{cause}
}

// WithoutCancel is what err says besides that something was canceled; nil if it says
// nothing else. errors.Is and errors.As find in it what they find in err, but never
// ErrCanceled. A panic stays, even if it was a panic with ErrCanceled. An err without a
// cancellation stays itself; of one that is nothing else, its reason (CanceledBy) included,
// nothing is left.
func WithoutCancel(err error) error {
	if !errors.Is(err, ErrCanceled) {
		return err
	}
	switch e := err.(type) {
	case site.Panic:
		return &besides{whole: err}
	case interface{ Is(error) bool }:
		if e.Is(ErrCanceled) {
			return nil
		}
	}
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		return withoutCancels(e.Unwrap())
	case interface{ Unwrap() error }:
		if rest := WithoutCancel(e.Unwrap()); rest != nil {
			return &besides{err, rest}
		}
	}
	return nil
}

// withoutCancels is the rest of errors that were joined; a single one stays itself.
func withoutCancels(all []error) error {
	var rest []error
	for _, err := range all {
		if err = WithoutCancel(err); err != nil {
			rest = append(rest, err)
		}
	}
	if len(rest) == 1 {
		return rest[0]
	}
	return errors.Join(rest...)
}

// besides is an error in which nobody finds ErrCanceled.
type besides struct {
	whole error
	rest  error // of what it wraps, without cancellations; nil if nothing is left
}

func (b *besides) Error() string        { return b.whole.Error() }
func (b *besides) Is(target error) bool { return target != ErrCanceled && errors.Is(b.whole, target) }
func (b *besides) As(target any) bool   { return errors.As(b.whole, target) }
func (b *besides) Unwrap() error        { return b.rest }
