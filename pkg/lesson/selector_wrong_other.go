//go:build !linux

package lesson

import "errors"

// The wrong selectors use epoll, as learners' do.
func (f pollerFaults) open() (Poller, error) { return nil, errors.ErrUnsupported }
