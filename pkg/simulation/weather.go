package simulation

import "time"

// Weather is what happens at random. Chances are from 0 (never) to 1 (always), and each
// stands alone. On the zero value's network, packets take time, and nothing else happens.
type Weather struct {
	Delay     time.Duration // the longest that a packet travels; 0 means a millisecond
	Buffer    int           // the most bytes on their way in one direction; 0 means 64 KiB
	Partial   float64       // chance that a recv or send takes only a part
	Interrupt float64       // chance that a system call is interrupted: EINTR; never two in a row
	Spurious  float64       // chance, per descriptor and select, of a false wake-up; never two selects in a row
	Late      float64       // chance, per event, that select reports it a round later
	Reset     float64       // chance that a connection is reset at some time
	Exhausted float64       // chance that accept finds no descriptor left: EMFILE; sock.Accept tries again
	NoSocket  float64       // chance that Listen and Connect find no descriptor left: EMFILE
}

// Rough is weather in which everything happens that a correct program doesn't notice.
var Rough = Weather{Buffer: 4 << 10, Partial: 0.5, Interrupt: 0.05, Spurious: 0.05, Late: 0.2, Exhausted: 0.02}

// Stormy is Rough with connections that are reset: a program has to try again.
var Stormy = Weather{Buffer: 4 << 10, Partial: 0.5, Interrupt: 0.05, Spurious: 0.05, Late: 0.2, Exhausted: 0.02, Reset: 0.3}
