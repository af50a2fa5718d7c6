//go:build !linux

package lesson

import "errors"

// The wrong selectors are on epoll, as those of learners are.
func (f pollerFaults) open() (Poller, error) { return nil, errors.ErrUnsupported }
