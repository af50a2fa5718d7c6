package lesson

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/wait"
)

// Semaphore is half of what lesson 13 builds: it lets a limited number of tasks in at a
// time.
//
// Acquire waits for a place, and takes it. Release gives one back, to the task that has
// waited longest if there is one. It never waits.
type Semaphore interface {
	Acquire(yield coro.Yield) error
	Release()
}

// semaphore is the library's as a Semaphore: its Release returns nothing.
type semaphore struct{ *wait.Semaphore }

func (s semaphore) Release() { _ = s.Semaphore.Release() }

func newSemaphore(n int) Semaphore { return semaphore{wait.NewSemaphore(n)} }

// Together judges lesson 13: gather, and a semaphore. Nothing in its cases takes time: a
// round of the loop is all that they wait for.
var Together = Lesson{
	Number: 13, Name: "together", Code: "wait",
	Question: "who waits for whom when 200 pages come at once?",
	Able:     "wait for many things at once, and limit how many",
	Noun:     "code", Judges: "Gather, NewSemaphore", Wrong: wrongTogether, Hints: togetherHints,
	Needs: map[string][]string{
		"T39": {"T17"}, "T40": {"T17"}, "T43": {"T17"}, "T42": {"T18"}, "T44": {"T18"}, "T45": {"T18", "T19"},
		"P02": {"P01"}, "P03": {"P01"}, "P04": {"P01"}, "P05": {"P01"}, "P06": {"P01"}, "P07": {"P01"}, "P08": {"P01"}, "P09": {"P01"}, "P10": {"P05"},
	},
	Cases: []Case{
		{"T17", "three end in another order than that of the arguments", "the caller knows a result by its place", onEngine(gatherOrder)},
		{"T38", "nothing to wait for", "a page without links is a list without tasks: its crawler would wait forever", onEngine(gatherNone)},
		{"T39", "all have ended already", "a wait for what is over already would never end", onEngine(gatherDone)},
		{"T40", "the same Task twice", "a list has as many results as arguments", onEngine(gatherTwice)},
		{"T18", "one fails while the others wait", "the caller hears of it at once, and the others go on, since other code may wait for them", onEngine(gatherFails)},
		{"T42", "two fail, the last one first", "what fails later is often only a consequence", onEngine(gatherTwoFail)},
		{"T44", "one is canceled", "a canceled argument counts as a failed one; the others have done nothing wrong", onEngine(gatherChildCanceled)},
		{"T19", "the caller is canceled", "what nobody waits for any more goes on, and holds its sockets", onEngine(gatherCanceled)},
		{"T45", "the caller is canceled after the end, and before it runs", "a caller that never hears that it was told to stop goes on", onEngine(gatherCanceledLate)},
		{"T43", "two gathers at once", "what two gathers share, the second one takes away from the first", onEngine(gatherTwo)},
		{"T41", "a nil among the arguments", "the caller's mistake should have a name; it must not panic, or wait for the others", onEngine(gatherNil)},
		{"P01", "as many as there are places, and one more", "a limit that is sometimes exceeded is none", onEngine(placesLimit)},
		{"P02", "eleven wait for one place", "first come, first served: otherwise the first may wait forever", onEngine(placesOrder)},
		{"P03", "a newcomer comes before the woken one runs", "a task that comes back at once would take every place, and the others would never get one", onEngine(placesNewcomer)},
		{"P04", "one that waits is canceled", "a place that is given to a task that is gone is lost; one that it never had is one too many", onEngine(placesCanceled)},
		{"P07", "released before the canceled one has run", "the turn goes to a task that will never take it, and all behind it wait forever", onEngine(placesCanceledFirst)},
		{"P05", "canceled when its turn has come", "the turn is lost with the task: with each such cancellation fewer may come in", onEngine(placesTurnLost)},
		{"P10", "canceled when its turn has come, and the next one too", "the place goes from one that is gone to another that is gone, and all behind them wait forever", onEngine(placesTurnGone)},
		{"P06", "canceled when its turn has come, and nobody is behind it", "the place stays taken by nobody, forever", onEngine(placesTurnFree)},
		{"P08", "released more often than acquired", "a semaphore that begins with no place lets in as many as are released", onEngine(placesMore)},
		{"P09", "two semaphores at once", "what two semaphores share, the second one takes away from the first", onEngine(placesTwo)},
	},
}
