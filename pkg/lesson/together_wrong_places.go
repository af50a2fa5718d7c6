package lesson

// The semaphores of lesson 13 that are WRONG ON PURPOSE. Read together_wrong.go first.

import (
	"slices"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

type placeFaults struct {
	noLimit, oneMore, alwaysOne, wakesNobody, wakesAll, lastFirst, announces, givesTwice, countsToo, forgetsFree     bool
	losesTurn, givesToGone, givesNone, mute, wrongOne, freesOnly, bounded, shared, polls, byTimer, skipsOne, channel bool
	givesOnBlindly, noReason, oldNumber, losesIfAllGone                                                              bool
}

func (f placeFaults) impl() Impl { return Impl{NewSemaphore: f.new} }

type wrongPlaces struct {
	placeFaults
	free, most int
	line       *[]*future.Future
	full       chan bool
}

// sharedLine is where those wait that come to a semaphore, if all semaphores share that.
var sharedLine []*future.Future

func (f placeFaults) new(n int) Semaphore {
	s := &wrongPlaces{placeFaults: f, free: n, most: n, line: new([]*future.Future), full: make(chan bool, n)}
	switch {
	case f.oneMore:
		s.free++
	case f.alwaysOne:
		s.free = 1
	case f.shared:
		sharedLine = nil
		s.line = &sharedLine
	}
	return s
}

func (s *wrongPlaces) Acquire(yield coro.Yield) error {
	if s.channel {
		s.full <- true
		return nil
	}
	for {
		if s.free > 0 || s.noLimit {
			s.free--
			return nil
		}
		if s.polls || s.byTimer {
			if err := (gatherFaults{byTimer: s.byTimer}).nap(yield); err != nil {
				return err
			}
			continue
		}
		err := s.wait(yield)
		if err != nil || !s.announces {
			return err
		}
	}
}

// wait waits for a turn.
func (s *wrongPlaces) wait(yield coro.Yield) error {
	l, err := task.LoopOf(yield)
	if err != nil {
		return err
	}
	turn := future.New(l)
	at := len(*s.line)
	*s.line = append(*s.line, turn)
	_, err = task.Await(yield, turn)
	_, none := turn.Result()
	switch {
	case err == nil && s.givesTwice:
		s.free = max(0, s.free-1)
	case err == nil:
	case s.wrongOne && len(*s.line) > 0:
		*s.line = (*s.line)[1:]
	case none != nil && s.oldNumber && at < len(*s.line):
		*s.line = slices.Delete(*s.line, at, at+1)
	case none == nil && s.givesOnBlindly && len(*s.line) > 0:
		_ = (*s.line)[0].SetResult(nil)
		*s.line = (*s.line)[1:]
	case none == nil && s.freesOnly:
		s.free++
	case none == nil && !s.losesTurn, s.givesNone:
		s.Release()
	}
	switch {
	case s.mute:
		return nil
	case s.noReason && err != nil:
		return future.ErrCanceled
	}
	return err
}

func (s *wrongPlaces) Release() {
	if s.bounded && s.free == s.most {
		return
	}
	if s.channel {
		<-s.full
		return
	}
	gave, tried := false, 0
	for len(*s.line) > 0 && !s.wakesNobody && (!gave || s.wakesAll) && (!s.skipsOne || tried < 2) {
		tried++
		at := 0
		if s.lastFirst {
			at = len(*s.line) - 1
		}
		turn := (*s.line)[at]
		*s.line = slices.Delete(*s.line, at, at+1)
		gave = turn.SetResult(nil) == nil || s.givesToGone || gave
	}
	if !gave && !s.forgetsFree && !(s.losesIfAllGone && tried > 0) || s.announces || s.givesTwice || s.countsToo {
		s.free++
	}
}
