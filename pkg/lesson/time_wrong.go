package lesson

import (
	"time"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// WRONG ON PURPOSE, each in one way; loop.Loop is right.
var wrongTimes = []Wrong{
	{"runs the newest of equal times first", timeFaults{newestFirst: true}.impl(), []string{"L30", "L07", "L10", "L29"}},
	{"loses the order of equal times in its heap", timeFaults{noSequence: true}.impl(), []string{"L30", "L07", "L10", "L29"}},
	{"numbers its timers by how many there are", timeFaults{numbersByCount: true}.impl(), []string{"L30"}},
	{"collects what is called soon in the list that it is running", timeFaults{oneList: true}.impl(), []string{"L02"}},
	{"waits for a year at most", timeFaults{yearAtMost: true}.impl(), []string{"L28"}},
	{"takes the timers in the order of their calls", timeFaults{unsorted: true}.impl(), []string{"L06", "L13", "L30", "L28", "L09", "L11", "L29", "T38", "U14", "U07"}},
	{"keeps one timer for each time", timeFaults{oneEach: true}.impl(), []string{"L30", "L07", "L10", "L29", "R11"}},
	{"sleeps although there are callbacks to run", timeFaults{sleeps: true}.impl(), []string{"L13", "L02", "L10", "T38", "T23", "R11", "T24", "U14", "U07"}},
	{"never sleeps", timeFaults{spins: true}.impl(), []string{"L06", "L13", "L30", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "U14", "U07"}},
	{"polls every 10ms", timeFaults{polls: true}.impl(), []string{"L13", "L28", "L11", "T23"}},
	{"asks again and again in one round until a timer is due", timeFaults{asks: true}.impl(), []string{"L06", "L13", "L30", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "U14", "U07"}},
	{"sleeps without a limit, although there is a timer", timeFaults{noLimit: true}.impl(), []string{"L06", "L13", "L30", "L07", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "T24", "U14", "U07"}},
	{"sleeps until the last timer", timeFaults{untilLast: true}.impl(), []string{"L06", "L13", "L30", "L28", "L09", "L11", "T38", "U14", "U07"}},
	{"rounds the sleep down to milliseconds", timeFaults{roundsDown: true}.impl(), []string{"L13"}},
	{"measures time by time.Now", timeFaults{wallClock: true}.impl(), []string{"L06", "L13", "L30", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "U14", "U07"}},
	{"takes d for a time of the clock", timeFaults{absolute: true}.impl(), []string{"L06", "L13", "L30", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "U14", "U07"}},
	{"runs a timer only when its time is past, not when it has come", timeFaults{strict: true}.impl(), []string{"L06", "L13", "L30", "L07", "L28", "L08", "L12", "L09", "L10", "L11", "L29", "T38", "T23", "R11", "T24", "U14", "U07"}},
	{"looks for timers that are due before it selects, not after it", timeFaults{dueFirst: true}.impl(), []string{"L06", "L13", "L30", "L28", "L08", "L12", "L09", "L11"}},
	{"overlooks the error of select", timeFaults{deaf: true}.impl(), []string{"L13"}},
	{"takes a negative d for one that is too long", timeFaults{negativeIsHuge: true}.impl(), []string{"L07", "T24"}},
	{"lets a negative d come before 0", timeFaults{negative: true}.impl(), []string{"L07"}},
	{"calls at once what has a time of 0", timeFaults{inline: true}.impl(), []string{"L07", "L12", "L09", "L10"}},
	{"calls soon what has a time of 0, ahead of timers that are late", timeFaults{soon: true}.impl(), []string{"L12", "L09"}},
	{"lets a long time overflow", timeFaults{overflows: true}.impl(), []string{"L28"}},
	{"runs the first timer whenever select returns", timeFaults{trusts: true}.impl(), []string{"L08"}},
	{"runs one timer a round", timeFaults{oneARound: true}.impl(), []string{"L30", "L07", "L09", "R11", "T24", "U07"}},
	{"runs a timer as it takes it off the heap, not from the queue", timeFaults{runsDue: true}.impl(), []string{"L12"}},
	{"goes on in one round until no timer is due", timeFaults{greedy: true}.impl(), []string{"L02", "L12", "L09"}},
	{"runs timers before what was called soon", timeFaults{timersFirst: true}.impl(), []string{"L12"}},
	{"sleeps without a limit when a timer is late", timeFaults{negativeSleep: true}.impl(), []string{"L09"}},
	{"drops the timers that are late", timeFaults{dropsLate: true}.impl(), []string{"L09"}},
	{"cancels nothing", timeFaults{cancelsNothing: true}.impl(), []string{"L10", "L11", "L29", "T38", "U14", "U07"}},
	{"can't cancel a timer in the round in which it is due", timeFaults{cancelsEarly: true}.impl(), []string{"L10"}},
	{"says that it has canceled what has run", timeFaults{alwaysTrue: true}.impl(), []string{"L10", "L11", "L29"}},
	{"cancels a timer that is running", timeFaults{cancelsRunning: true}.impl(), []string{"L10"}},
	{"cancels all timers of the same time", timeFaults{cancelsAll: true}.impl(), []string{"L29"}},
	{"wakes for canceled timers", timeFaults{wakes: true}.impl(), []string{"L11", "T38", "U14", "U07"}},
	{"looks past one canceled timer, and no further", timeFaults{skipsOne: true}.impl(), []string{"L11"}},
	{"puts its heap out of order when it takes one out of the middle", timeFaults{breaksHeap: true}.impl(), []string{"L29"}},
	{"leaves the limit's timer behind", timeFaults{keepsTimer: true}.impl(), []string{"T38", "U14", "U07"}},
	{"takes the Future's error for a result", timeFaults{dropsError: true}.impl(), []string{"T38"}},
	{"hands on the Future's error as a value", timeFaults{errorIsValue: true}.impl(), []string{"T38"}},
	{"doesn't notice that the Future is canceled", timeFaults{deafToCancel: true}.impl(), []string{"T38"}},
	{"waits for a result of nil until the time is over", timeFaults{nilIsPending: true}.impl(), []string{"T38", "R11", "T24"}},
	{"loses the reason for which the Future is canceled", timeFaults{noReason: true}.impl(), []string{"T38"}},
	{"asks every millisecond whether the Future is done", timeFaults{asksAgain: true}.impl(), []string{"T23"}},
	{"sets the limit's timer a round later", timeFaults{lateStart: true}.impl(), []string{"T23"}},
	{"leaves its callback on the Future", timeFaults{keepsCallback: true}.impl(), []string{"T23", "T24", "U14", "U07"}},
	{"cancels the Future when the time is over", timeFaults{cancelsFuture: true}.impl(), []string{"T23", "T24", "U14", "U07"}},
	{"ends the Future itself when the time is over", timeFaults{endsFuture: true}.impl(), []string{"T23", "T24", "U14", "U07"}},
	{"returns the Future that it was given", timeFaults{returnsSame: true}.impl(), []string{"T23", "T24", "U14", "U07"}},
	{"reports no error when the time is over", timeFaults{noError: true}.impl(), []string{"T23", "T24", "U14"}},
	{"cancels the Future that it returned when the time is over", timeFaults{cancelsOut: true}.impl(), []string{"T23", "T24", "U14"}},
	{"times out although the result is there", timeFaults{blind: true}.impl(), []string{"R11", "T24", "U07"}},
	{"times out before the round is over", timeFaults{hasty: true}.impl(), []string{"R11", "T24", "U07"}},
	{"times out at once without looking for a result", timeFaults{zeroIsOver: true}.impl(), []string{"T24"}},
	{"times out at once on a limit of 0, though the next round may bring a result", timeFaults{zeroAtOnce: true}.impl(), []string{"T24"}},
	{"decides on a limit of 0 too early in the next round", timeFaults{zeroSoon: true}.impl(), []string{"T24"}},
	{"keeps one limit's timer for all", timeFaults{oneLimit: true}.impl(), []string{"U14"}},
	{"panics if its Future has ended before the time is over", timeFaults{panicsLate: true}.impl(), []string{"U07"}},
	{"waits without a limit if there is no time at all", timeFaults{zeroIsForever: true}.impl(), []string{"T24"}},
	{"goes on when nobody wants its Future any more", timeFaults{keepsWhenCanceled: true}.impl(), []string{"T23", "T24", "U14", "U07"}},
}

type timeFaults struct {
	newestFirst, noSequence, unsorted, oneEach                             bool
	sleeps, spins, polls, asks, noLimit, untilLast, roundsDown, deaf       bool
	wallClock, absolute, negative, negativeIsHuge, inline, soon, overflows bool
	trusts, strict, dueFirst, oneARound, greedy, runsDue, timersFirst      bool
	negativeSleep, dropsLate                                               bool
	cancelsNothing, cancelsEarly, cancelsRunning, cancelsAll, alwaysTrue   bool
	wakes, skipsOne, breaksHeap                                            bool
	keepsTimer, keepsCallback, keepsWhenCanceled                           bool
	dropsError, errorIsValue, deafToCancel, nilIsPending                   bool
	cancelsFuture, endsFuture, returnsSame, noError, cancelsOut            bool
	blind, hasty, zeroIsOver, zeroIsForever                                bool
	numbersByCount, oneList, yearAtMost                                    bool
	noReason, asksAgain, lateStart, zeroAtOnce, zeroSoon, oneLimit         bool
	panicsLate                                                             bool
}

func (f timeFaults) impl() Impl {
	return Impl{NewTimedLoop: func(s selector.Selector, clock loop.Clock) TimedLoop {
		return &wrongTimed{timeFaults: f, selector: s, clock: clock, began: time.Now()}
	}}
}
