package stages

// What lessons 01 and 02 have you write, as functions that the lessons' tables can judge.
// They run the code of the first two stages. Read blocking.go and busy.go first.

// Ask connects to address, such as "127.0.0.1:80", sends all of question, and returns all
// that comes until the peer ends its side. It waits for each of these as long as it
// takes, which may be forever. The descriptor is closed before it returns. The error is
// the first that a system call reports, as a bare errno, or sock.ErrAddress; with it
// comes what was read before. Any goroutine may call it; the call blocks a thread.
func Ask(address string, question []byte) ([]byte, error) {
	return block(blocking, address, question)
}

// Talk is one conversation of which the question is sent, and the answer is
// still to come.
//
// Invariant: Err ≠ nil ⇒ Over; what is Over doesn't change any more.
type Talk struct {
	FD   int    // a connected socket, non-blocking; its owner closes it, not Poll
	Data []byte // what has come so far
	Over bool   // the peer has ended its side, or Err
	Err  error  // the error that ended it; nil if the peer ended in order
}

// Poll makes one attempt to read from each talk that isn't over. What has come is
// added to Data. It waits for nothing: where nothing has come, the talk stays as
// it is. A talk that is over is not touched: its descriptor may be closed, and its
// number a stranger's. Called again and again it is the inside of a busy loop.
func Poll(talks []*Talk) {
	buffer := make([]byte, 64<<10)
	for _, t := range talks {
		if t.Over {
			continue
		}
		inner := talk{calls: kernel, fd: t.FD, raw: t.Data}
		inner.try(buffer)
		t.Data, t.Over, t.Err = inner.raw, inner.over, inner.err
	}
}
