package lesson

// WRONG ON PURPOSE, each in one way; serve.Server is right.
var wrongServes = []Wrong{
	{"serves one client after the other", serveFaults{inTurn: true}.impl(), []string{"V01", "V02", "V06", "V07", "A03", "A05"}},
	{"accepts a single client", serveFaults{acceptsOne: true}.impl(), []string{"V01", "V02", "V06", "V07", "V17", "A08", "A03", "A05"}},
	{"closes each connection after one answer", serveFaults{once: true}.impl(), []string{"V01", "V02", "V06", "V07", "V17", "A08", "A04", "A03", "V08", "V13", "V14"}},
	{"lets everybody in", serveFaults{unbounded: true}.impl(), []string{"V07", "V17", "A08", "V15", "V16"}},
	{"accepts first, and looks for a place afterwards", serveFaults{acceptsFirst: true}.impl(), []string{"V07", "V17", "A08", "V16"}},
	{"keeps the place of a connection that ends with an error", serveFaults{placeIfWell: true}.impl(), []string{"V17", "A08"}},
	{"keeps the place of an answer that panics", serveFaults{placeInBody: true}.impl(), []string{"V07", "V17", "A08"}},
	{"gives the place back before the connection is closed", serveFaults{placeEarly: true}.impl(), []string{"V07", "A08"}},
	{"gives a place back twice after an error", serveFaults{placeTwice: true}.impl(), []string{"V17"}},
	{"ends when an answer fails", serveFaults{endsByAnswer: true}.impl(), []string{"V06", "V17", "A08"}},
	{"asks a client again whose answer has failed", serveFaults{ignoresAnswer: true}.impl(), []string{"V06"}},
	{"closes a connection only if its client has left in order", serveFaults{closeIfWell: true}.impl(), []string{"V06", "V17", "A08", "A05", "V08", "V18"}},
	{"leaves its connections open", serveFaults{neverCloses: true}.impl(), []string{"V01", "V06", "V07", "V17", "A08", "A05", "V08", "V13", "V14", "V15", "V16", "V18"}},
	{"ends at a connection that is aborted", serveFaults{endsAborted: true}.impl(), []string{"A04"}},
	{"pauses at a connection that is aborted", serveFaults{pausesAborted: true}.impl(), []string{"A04"}},
	{"ends when there is no descriptor", serveFaults{endsExhausted: true}.impl(), []string{"A03", "V19"}},
	{"tries again at once when there is no descriptor", serveFaults{spinsExhausted: true}.impl(), []string{"A03"}},
	{"stops the whole loop when there is no descriptor", serveFaults{blocksExhausted: true}.impl(), []string{"A03"}},
	{"never accepts again when there was no descriptor", serveFaults{givesUpExhausted: true}.impl(), []string{"A03"}},
	{"takes every error of accept for an empty queue", serveFaults{anyIsEmpty: true}.impl(), []string{"A03", "A05"}},
	{"asks accept at each turn instead of sleeping", serveFaults{polls: true}.impl(), []string{"V01", "V02", "V06", "V07", "V17", "A08", "A04", "A03", "A05", "V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"lets EAGAIN escape", serveFaults{againEscapes: true}.impl(), []string{"V01", "V02", "V06", "V07", "V17", "A08", "A04", "A03", "A05", "V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"takes the queue although accept has failed for good", serveFaults{restAlways: true}.impl(), []string{"A05"}},
	{"returns no error", serveFaults{mute: true}.impl(), []string{"A05", "V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"forgets why it was canceled", serveFaults{noReason: true}.impl(), []string{"V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"goes on accepting although it was canceled", serveFaults{deaf: true}.impl(), []string{"V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"cuts its connections at the shutdown", serveFaults{cuts: true}.impl(), []string{"V13", "V14", "V15", "V16", "V18"}},
	{"returns before its connections have ended", serveFaults{leaves: true}.impl(), []string{"A05", "V08", "V13", "V14", "V15", "V16", "V18"}},
	{"waits for idle clients at the shutdown", serveFaults{keepsIdle: true}.impl(), []string{"A05", "V08"}},
	{"closes a client that has asked at the last moment", serveFaults{idleBlindly: true}.impl(), []string{"V14"}},
	{"closes the listener only at the very end", serveFaults{listensOn: true}.impl(), []string{"V13", "V15", "V16"}},
	{"never closes the listener", serveFaults{neverShuts: true}.impl(), []string{"A05", "V08", "V13", "V14", "V15", "V16", "V19", "V18"}},
	{"forgets those that wait in the queue at the shutdown", serveFaults{dropsQueue: true}.impl(), []string{"V15"}},
	{"lets all of the queue in at the shutdown", serveFaults{queueUnbounded: true}.impl(), []string{"V15", "V16"}},
	{"tries the queue at the shutdown until it is empty, whatever accept says", serveFaults{queueToEnd: true}.impl(), []string{"V19"}},
	{"gives up the queue at a connection that is aborted", serveFaults{queueAborted: true}.impl(), []string{"V15"}},
	{"serves the whole queue before it shuts down", serveFaults{queueFirst: true}.impl(), []string{"V15", "V16"}},
	{"cancels tasks that have not begun, and leaves their sockets open", serveFaults{idleUnbegun: true, closeInBody: true}.impl(), []string{"V15"}},
	{"waits for the next question of a client during the shutdown", serveFaults{goesOn: true}.impl(), []string{"V13", "V14", "V15", "V16"}},
	{"gives one answer during the shutdown to a client that has asked twice", serveFaults{lastAnswer: true}.impl(), []string{"V13"}},
	{"takes a client for idle whose question it answers", serveFaults{idleWhileBusy: true}.impl(), []string{"V13"}},
	{"returns when it is canceled a third time", serveFaults{waitsOnceAgain: true}.impl(), []string{"V18"}},
	{"doesn't hear that it is canceled again", serveFaults{deafAgain: true}.impl(), []string{"V18"}},
	{"leaves its connections alone when it is canceled again", serveFaults{leavesAgain: true}.impl(), []string{"V18"}},
	{"cancels its connections, and returns before they have ended", serveFaults{returnsAgain: true}.impl(), []string{"V18"}},
	{"doesn't sleep while it waits for its connections to end", serveFaults{spinsAtEnd: true}.impl(), []string{"V13"}},
	{"lets one more in than there are places", serveFaults{oneMore: true}.impl(), []string{"V07", "V17", "A08", "V15", "V16"}},
	{"leaves a place empty", serveFaults{oneLess: true}.impl(), []string{"V07", "V17", "V15", "V16"}},
}

type serveFaults struct {
	inTurn, acceptsOne, once, unbounded, acceptsFirst, oneLess, oneMore             bool
	placeIfWell, placeInBody, endsByAnswer, ignoresAnswer, closeIfWell, neverCloses bool
	endsAborted, endsExhausted, spinsExhausted, blocksExhausted, givesUpExhausted   bool
	anyIsEmpty, polls, againEscapes, mute, deaf                                     bool
	cuts, leaves, keepsIdle, idleBlindly, listensOn, neverShuts                     bool
	dropsQueue, queueUnbounded, queueAborted, queueFirst, idleUnbegun, closeInBody  bool
	placeTwice, restAlways                                                          bool
	placeEarly, pausesAborted, noReason, queueToEnd, idleWhileBusy, waitsOnceAgain  bool
	goesOn, lastAnswer, deafAgain, leavesAgain, returnsAgain, spinsAtEnd            bool
}

func (f serveFaults) impl() Impl { return Impl{Serve: f.serve} }
