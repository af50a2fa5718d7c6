package lesson

import "stepwise/pkg/selector"

// WRONG ON PURPOSE, each in one way; loop.Loop is right.
var wrongLoops = []Wrong{
	{"calls at once what it should call soon", loopFaults{inline: true}.impl(), []string{"L01", "L02", "L03", "R08", "S07", "L20", "L21", "L04", "L26", "L22"}},
	{"calls the newest first", loopFaults{newestFirst: true}.impl(), []string{"L01", "L03", "L26"}},
	{"goes on in one round until nothing is left to call", loopFaults{greedy: true}.impl(), []string{"L01", "L02", "L03", "L20", "L21"}},
	{"sleeps with callbacks to run", loopFaults{sleeps: true}.impl(), []string{"L14", "L01", "L03", "R08", "S07", "L20", "L21", "L04", "L26"}},
	{"never sleeps", loopFaults{spins: true}.impl(), []string{"L14"}},
	{"replaces a reader", loopFaults{replaces: true}.impl(), []string{"R08"}},
	{"calls a reader once", loopFaults{once: true}.impl(), []string{"S01", "L02", "S14", "S12", "L04"}},
	{"forgets to unregister", loopFaults{keeps: true}.impl(), []string{"L01", "S07", "S15", "S12", "L04"}},
	{"calls what has just been removed", loopFaults{stale: true}.impl(), []string{"S14", "S12"}},
	{"watches for writing, too", loopFaults{both: true}.impl(), []string{"R08"}},
	{"keeps a reader whose descriptor the selector has lost", loopFaults{insists: true}.impl(), []string{"S07"}},
	{"forgets a reader that has panicked", loopFaults{dropsReader: true}.impl(), []string{"L04"}},
	{"doesn't sleep with two readers", loopFaults{restless: true}.impl(), []string{"L14"}},
	{"lets a panic through", loopFaults{panics: true}.impl(), []string{"L04"}},
	{"drops the callbacks behind a panic", loopFaults{drops: true}.impl(), []string{"L04"}},
	{"forgets that it was stopped", loopFaults{forgetsStop: true}.impl(), []string{"L20", "L21"}},
	{"stays stopped", loopFaults{staysStopped: true}.impl(), []string{"L20"}},
	{"insists on work to do although it was stopped", loopFaults{needsWork: true}.impl(), []string{"L20"}},
	{"throws away what is left when it stops", loopFaults{throwsAway: true}.impl(), []string{"L20"}},
	{"runs a round inside a round", loopFaults{nests: true}.impl(), []string{"L21"}},
	{"waits for nothing", loopFaults{idles: true}.impl(), []string{"L23", "S05"}},
	{"counts readers that are gone", loopFaults{counts: true}.impl(), []string{"L23"}},
	{"says that it is closed when a callback closes it, and leaves its selector open", loopFaults{closesOutside: true}.impl(), []string{"L22"}},
	{"leaves its selector open", loopFaults{noClose: true}.impl(), []string{"L22"}},
	{"closes its selector twice", loopFaults{closesTwice: true}.impl(), []string{"L22"}},
	{"goes round although it is closed", loopFaults{goesOn: true}.impl(), []string{"L22"}},
	{"sleeps for a second at a time", loopFaults{naps: true}.impl(), []string{"L14"}},
	{"looks for a reader of the same number instead of this one", loopFaults{byNumber: true}.impl(), []string{"S12"}},
	{"remembers which number was removed, not which reader", loopFaults{forEver: true}.impl(), []string{"L01", "S15", "S12", "L04"}},
	{"ends the round where Stop is called", loopFaults{breaksOff: true}.impl(), []string{"L20"}},
	{"returns an error when it is stopped", loopFaults{saysStopped: true}.impl(), []string{"L20", "L21", "L04"}},
	{"does nothing in a round inside a round, and says nothing", loopFaults{quiet: true}.impl(), []string{"L21"}},
	{"says nothing when there is nothing to wait for", loopFaults{silent: true}.impl(), []string{"L23", "S05"}},
	{"runs the readers before what was called soon", loopFaults{readersFirst: true}.impl(), []string{"L01"}},
	{"serves one descriptor a round", loopFaults{oneAtATime: true}.impl(), []string{"L01"}},
	{"selects only when it has nothing else to do", loopFaults{looksLast: true}.impl(), []string{"L01", "L02", "L04", "L25", "L26"}},
	{"overlooks the error of select", loopFaults{deaf: true}.impl(), []string{"L25", "L26"}},
	{"notes a reader before the selector has accepted it", loopFaults{tableFirst: true}.impl(), []string{"S05"}},
	{"overlooks the error of a registration", loopFaults{noError: true}.impl(), []string{"R08", "S05", "L22"}},
	{"says that it has removed what wasn't there", loopFaults{alwaysTrue: true}.impl(), []string{"S07", "S05"}},
	{"writes over the batch that it is running", loopFaults{reuses: true}.impl(), []string{"L03"}},
	{"takes a round whose select failed for one that still runs", loopFaults{staysFailed: true}.impl(), []string{"L25", "L26"}},
	{"drops its queue when select fails", loopFaults{dropsQueue: true}.impl(), []string{"L26"}},
	{"throws away what is left when Run ends with an error", loopFaults{runDrops: true}.impl(), []string{"L26"}},
	{"takes a new reader although it is closed", loopFaults{addsClosed: true}.impl(), []string{"L22"}},
	{"says that a closed loop has nothing left to wait for", loopFaults{closedIsIdle: true}.impl(), []string{"L22"}},
	{"finds the reader by its number when it runs, and so calls the new one", loopFaults{looksUp: true}.impl(), []string{"S12"}},
	{"runs one callback a round", loopFaults{single: true}.impl(), []string{"L01", "L02", "L03", "S12", "L20", "L04", "L26"}},
	{"removes a reader before its first call", loopFaults{oneShot: true}.impl(), []string{"S01", "L02", "S14", "S12", "L04"}},
	{"only marks a reader as removed", loopFaults{flagOnly: true}.impl(), []string{"L01", "S07", "S15", "S12", "L04", "L23"}},
	{"sleeps although it was stopped", loopFaults{stopSleeps: true}.impl(), []string{"L20"}},
	{"forgets a Stop when Run is refused in a callback", loopFaults{refusalStarts: true}.impl(), []string{"L21"}},
	{"takes itself for closed when it has refused to close", loopFaults{closesFirst: true}.impl(), []string{"L22"}},
	{"ends Run when a callback panics", loopFaults{panicEnds: true}.impl(), []string{"L04"}},
	{"closes the descriptors of its readers", loopFaults{closesReaders: true}.impl(), []string{"L22"}},
	{"runs each callback in a goroutine of its own, and waits for it", loopFaults{goes: true}.impl(), []string{"L01"}},
	{"takes a round that panicked for one that still runs", loopFaults{staysRunning: true}.impl(), []string{"L04"}},
}

type loopFaults struct {
	inline, newestFirst, greedy, sleeps, spins, naps, replaces, once, keeps, stale, byNumber, forEver, panics, drops    bool
	forgetsStop, needsWork, staysStopped, throwsAway, breaksOff, saysStopped, nests, quiet, idles, silent, noClose      bool
	counts, closesOutside, both, insists, dropsReader, restless                                                         bool
	refusalStarts, closesFirst, panicEnds, closesReaders, goes                                                          bool
	closesTwice, goesOn, readersFirst, oneAtATime, looksLast, deaf, tableFirst, noError, alwaysTrue, staysRunning       bool
	reuses, staysFailed, dropsQueue, addsClosed, closedIsIdle, looksUp, single, oneShot, flagOnly, stopSleeps, runDrops bool
}

func (f loopFaults) impl() Impl {
	return Impl{NewLoop: func(s selector.Selector) EventLoop {
		return &wrongLoop{loopFaults: f, selector: s, readers: map[int]*wrongReader{}, gone: map[int]bool{}}
	}}
}
