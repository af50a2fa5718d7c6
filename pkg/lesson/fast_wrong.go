package lesson

// WRONG ON PURPOSE, each in one way, or slow; echoBySocket is right, and so is the echo of
// fast_wrong_echo.go without any fault.

// everyFast are all cases.
var everyFast = []string{"F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F11", "F12", "F13", "F14"}

var wrongEchoes = []Wrong{
	{"makes all the calls of the given one", echoFaults{asksRoom: true, asksError: true, pauses: true, small: true, smallSend: true, fresh: true}.impl(), []string{"F02", "F03", "F04"}},
	{"waits for room before each send", echoFaults{asksRoom: true}.impl(), []string{"F02"}},
	{"asks for the connection's error before each read", echoFaults{asksError: true}.impl(), []string{"F02"}},
	{"gives up its turn before each answer", echoFaults{pauses: true}.impl(), []string{"F02"}},
	{"looks whether something has arrived before each read", echoFaults{peeks: true}.impl(), []string{"F02"}},
	{"tries each read before it waits", echoFaults{triesFirst: true}.impl(), []string{"F02", "F09"}},
	{"reads once more before it sends", echoFaults{fills: true}.impl(), []string{"F02"}},
	{"reads small pieces", echoFaults{small: true}.impl(), []string{"F03"}},
	{"sends small pieces", echoFaults{smallSend: true}.impl(), []string{"F03"}},
	{"makes a new buffer for each read", echoFaults{fresh: true}.impl(), []string{"F04"}},
	{"copies each message before it sends it", echoFaults{copies: true}.impl(), []string{"F04"}},
	{"asks at each turn instead of waiting", echoFaults{polls: true}.impl(), everyFast},
	{"asks every millisecond instead of waiting", echoFaults{looksOften: true}.impl(), everyFast},
	{"tries to send again and again while there is no room", echoFaults{pollsRoom: true}.impl(), []string{"F07", "F08", "F11", "F14"}},
	{"leaves its reader registered while it waits to send", echoFaults{keepsReader: true}.impl(), []string{"F07", "F08", "F11", "F14"}},
	{"leaves its reader registered at the end", echoFaults{keepsReader: true, unwatchesToSend: true, neverUnwatches: true}.impl(), []string{"F01", "F05", "F07", "F11", "F12", "F13"}},
	{"reads until nothing is left, and sends then", echoFaults{hoards: true}.impl(), []string{"F02", "F04", "F07", "F08", "F09", "F11"}},
	{"reads on while its buffer was filled", echoFaults{readsOn: true}.impl(), []string{"F09"}},
	{"keeps what a client doesn't take, and reads on", echoFaults{keeps: true}.impl(), []string{"F04", "F06", "F07", "F08", "F11", "F14"}},
	{"reads a megabyte at once", echoFaults{large: true}.impl(), []string{"F07", "F08", "F11"}},
	{"shares one buffer among all connections", echoFaults{shares: true}.impl(), []string{"F08"}},
	{"forgets what the kernel didn't take", echoFaults{forgets: true}.impl(), []string{"F05", "F06", "F07", "F08", "F11"}},
	{"sends a part twice", echoFaults{repeats: true}.impl(), []string{"F05"}},
	{"drops the rest when there is no room", echoFaults{dropsFull: true}.impl(), []string{"F06", "F07", "F08", "F11", "F14"}},
	{"lets EAGAIN of a read escape", echoFaults{againEscapes: true}.impl(), []string{"F06"}},
	{"takes EAGAIN of a read for the end", echoFaults{againIsEnd: true}.impl(), []string{"F06"}},
	{"lets EAGAIN of a send escape", echoFaults{fullEscapes: true}.impl(), []string{"F06", "F07", "F08", "F11", "F14"}},
	{"takes a signal for a failure", echoFaults{signalEscapes: true}.impl(), []string{"F06"}},
	{"takes a read that doesn't fill its buffer for the last", echoFaults{shortIsEnd: true}.impl(), []string{"F02", "F04", "F06", "F08", "F12", "F13"}},
	{"goes on after the end", echoFaults{noEnd: true}.impl(), []string{"F01", "F05", "F07", "F11"}},
	{"returns io.EOF at the end", echoFaults{endIsError: true}.impl(), []string{"F01", "F05", "F07", "F11"}},
	{"drops the rest when the client has ended its side", echoFaults{dropsLate: true}.impl(), []string{"F11"}},
	{"never closes its socket", echoFaults{neverCloses: true}.impl(), []string{"F01", "F05", "F07", "F11", "F12", "F13", "F14"}},
	{"closes its socket only if all went well", echoFaults{closesIfWell: true}.impl(), []string{"F12", "F13", "F14"}},
	{"hides why the connection broke", echoFaults{mute: true}.impl(), []string{"F12"}},
	{"goes on although it was canceled", echoFaults{deaf: true}.impl(), []string{"F13", "F14"}},
	{"takes a cancellation for the end", echoFaults{cancelIsEnd: true}.impl(), []string{"F13", "F14"}},
	{"reads and writes past the loop's calls", echoFaults{past: true}.impl(), []string{"F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F11", "F12", "F13"}},
	{"puts its own calls in the loop's table", echoFaults{swaps: true}.impl(), []string{"F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F11", "F12", "F13"}},
}

type echoFaults struct {
	asksRoom, asksError, pauses, peeks, triesFirst, small, smallSend, fresh, copies, large bool
	polls, looksOften, pollsRoom, keepsReader, unwatchesToSend, neverUnwatches             bool
	hoards, fills, readsOn, keeps, shares, forgets, repeats, dropsFull, dropsLate          bool
	againEscapes, againIsEnd, fullEscapes, signalEscapes, shortIsEnd, noEnd, endIsError    bool
	neverCloses, closesIfWell, mute, deaf, cancelIsEnd, past, swaps                        bool
}

func (f echoFaults) impl() Impl { return Impl{Echo: f.echo} }
