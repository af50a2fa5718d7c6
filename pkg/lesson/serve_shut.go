package lesson

// What lesson 16 asks of a server that is told to end. Read serve.go and serve_rig.go first.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/future"
	"stepwise/pkg/trial"
)

func shutIdle(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		h.stops()
		h.ended("shut down without clients", future.ErrCanceled)
	})
	serving(impl, 10, nil, func(h *house) {
		ann := h.visitor("a")
		h.hears("answer a client", ann, "A")
		bob := h.visitor("")
		h.hears("look at a client that hasn't asked", bob, "")
		h.stops()
		h.hears("shut down, and look at an idle client", ann, "A.")
		h.hears("shut down, and look at a client that has never asked", bob, ".")
		h.ended("shut down with two idle clients", future.ErrCanceled)
	})
}

func shutBusy(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		early := h.visitor("")
		early.leaves()
		h.hears("serve a client that leaves", early, ".") // so there was a moment without any
		h.visitors = nil
		ann, bob, cid := h.visitor("s"), h.visitor("sb"), h.visitor("")
		h.hears("look at a client whose answer takes long", ann, "")
		cid.asks("s") // its task waits by now
		h.hears("look at a client that has asked some time after it had connected", cid, "")
		h.stops()
		h.lives("shut down in the middle of three answers")
		h.shut("shut down in the middle of three answers")
		if _, err := h.knock(); err == nil {
			fail("connect after that", "a connection", "a refusal", nil)
		}
		h.visitors = h.visitors[:3]
		h.hears("look at a client whose answer goes on", ann, "")
		h.release()
		h.hears("let the answer go on", ann, "S.")
		h.hears("let the answer go on to a client that had asked twice", bob, "SB.")
		h.hears("let the answer go on to a client that had asked some time after it had connected", cid, "S.")
		h.ended("shut down, and let three answers go on", future.ErrCanceled)
	})
}

func shutAsked(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		ann, bob, cid := h.visitor("a"), h.visitor(""), h.visitor("")
		h.hears("answer a client", ann, "A")
		ann.asks("b")
		bob.asks("c")
		cid.leaves()
		h.stops() // in the same round
		h.hears("shut down at the moment when a question comes", ann, "AB.")
		h.hears("shut down at the moment when a client asks for the first time", bob, "C.")
		h.ended("shut down at the moment when two questions come", future.ErrCanceled)
	})
}

func shutQueued(impl Impl) {
	serving(impl, 3, nil, func(h *house) {
		ann, bob, cid, dan := h.visitor("a"), h.visitor(""), h.visitor("s"), h.visitor("d")
		h.stops() // in the same round
		h.lives("shut down when clients wait to be accepted, and answer them")
		h.shut("shut down when clients wait to be accepted")
		h.hears("shut down when a client has connected and asked", ann, "A.")
		h.hears("shut down when a client has connected", bob, ".")
		h.let("shut down when four clients wait for three places", 3)
		h.hears("look at the fourth", dan, ".")
		h.release()
		h.hears("let the third one's answer go on", cid, "S.")
		h.ended("shut down when clients wait to be accepted", future.ErrCanceled)
	})
	serving(impl, 3, nil, func(h *house) {
		ann, bob := h.visitor("a"), h.visitor("b")
		h.failing(unix.ECONNABORTED, 1)
		h.stops()
		h.hears("shut down when the first of those that wait is aborted", ann, "A.")
		h.hears("shut down when the first of those that wait is aborted", bob, "B.")
		h.ended("shut down when the first of those that wait is aborted", future.ErrCanceled)
	})
}

func shutFull(impl Impl) {
	serving(impl, 1, nil, func(h *house) {
		ann, bob := h.visitor("s"), h.visitor("b")
		h.hears("look at a client whose answer takes long", ann, "")
		h.stops()
		h.shut("shut down while all places are taken")
		h.hears("shut down, and look at a client for whom there was no place", bob, ".")
		h.release()
		h.hears("let the answer go on", ann, "S.")
		h.let("shut down while all places are taken", 1)
		h.ended("shut down while all places are taken", future.ErrCanceled)
	})
}

func shutExhausted(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		h.failing(unix.EMFILE, 1<<30)
		h.visitor("a")
		rounds(h.yield, 5) // not until it is quiet: it tries again and again
		trial.Must(h.wrong)
		h.stops()
		h.ended("shut down while accept finds no descriptor", future.ErrCanceled)
	})
}

func shutTwice(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		h.visitor("s")
		h.visitor("s")
		h.settle()
		h.stops()
		h.lives("shut down in the middle of two answers")
		h.stops()
		h.ended("shut down a second time, in the middle of two answers", future.ErrCanceled)
		if len(h.at) > 0 {
			fail("shut down a second time", "answers that are still at work", "canceled ones", nil)
		}
	})
	serving(impl, 10, nil, func(h *house) {
		h.visitor("l")
		h.settle()
		tried := "shut down in the middle of an answer"
		for _, then := range []string{"", ", and a second time", ", and a third time while the answer cleans up"} {
			h.server.CancelCause(errTooLong)
			rounds(h.yield, 5)
			tried += then
			h.lives(tried)
		}
		h.ended(tried, future.ErrCanceled)
	})
}
