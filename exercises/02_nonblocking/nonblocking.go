// Package nonblocking is the exercise of lesson 02: EAGAIN is an answer.
package nonblocking

import (
	"stepwise/pkg/lesson"
	"stepwise/pkg/stages"
)

// Poll makes one attempt to read from each talk, and waits for none.
//
//  1. A talk that is Over is left alone: its descriptor may be closed.
//  2. unix.Read(t.FD, …) asks; the descriptor is non-blocking already. Add a
//     copy of what came to t.Data.
//  3. EAGAIN is "nothing yet": the talk stays as it is.
//  4. 0 bytes and no error is the end: t.Over.
//  5. Every other error goes into t.Err, and the talk is over. The other talks
//     still get their turn.
//
// The list stays as it is, in its order too. The descriptors stay open: their owner
// closes them.
func Poll(talks []*stages.Talk) {
	talks[0].Err = lesson.ErrTODO // take this away: it says that nothing is written yet
}
