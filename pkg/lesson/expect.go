package lesson

// How a case ends when something isn't as it should be: at once, by trial.Must.

import (
	"errors"
	"fmt"

	"stepwise/pkg/trial"
)

// fail ends the case; see trial.Fail.
func fail(tried, got, want string, err error) { trial.Must(trial.Fail(tried, got, want, err)) }

// noError expects what was tried to have worked.
func noError(tried string, err error) {
	if err != nil {
		fail(tried, trial.Said(err), "no error", err)
	}
}

// refused expects err to be reason, or any error if reason is nil.
func refused(tried string, err, reason error) {
	switch {
	case err == nil:
		fail(tried, trial.Said(err), "a refusal", nil)
	case reason != nil:
		wantError(tried, err, reason)
	}
}

// wantError expects err to be want.
func wantError(tried string, err, want error) {
	if !errors.Is(err, want) {
		fail(tried, said(err, want), trial.Said(want), err)
	}
}

// said puts err into words, where want is expected. Another error may have the same ones.
func said(err, want error) string {
	switch {
	case errors.Is(err, want):
		return "the right error"
	case err != nil && err.Error() == want.Error():
		return "another error with the same words"
	}
	return trial.Said(err)
}

// wantHeard expects these notes, in this order.
func wantHeard(tried string, got, want []string) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		fail(tried, fmt.Sprintf("%q", got), fmt.Sprintf("%q", want), nil)
	}
}

// same expects this answer, and no error.
func same(tried string, got []byte, err error, want string) {
	if err == nil && string(got) == want {
		return
	}
	said, wanted := trial.Both(got, err), trial.Both([]byte(want), nil)
	if len(want) > 40 {
		wanted = fmt.Sprintf("the %d bytes that the server sent, and no error", len(want))
		if err == nil && len(got) == len(want) {
			said = "as many bytes, but different ones, and no error"
		}
	}
	fail(tried, said, wanted, err)
}
