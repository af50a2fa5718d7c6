package lesson

import (
	"fmt"
	"slices"
	"stepwise/pkg/trial"

	"golang.org/x/sys/unix"
)

// Serve judges lesson 16: what if the client is slower than you?
var Serve = Lesson{
	Number: 16, Name: "serve", Code: "serve",
	Question: "what if the client is slower than you?",
	Able:     "serve many clients, and lose no question at the end",
	Noun:     "server",
	Judges:   "Serve", Wrong: wrongServes, Hints: serveHints,
	Needs: map[string][]string{"V02": {"V01"}, "V06": {"V01"}, "V07": {"V01"}, "V17": {"V06", "V07"}, "A08": {"V07"}, "A03": {"V01"}, "A04": {"V01"},
		"V14": {"V08"}, "V15": {"V08"}, "V16": {"V07"}, "V18": {"V13"}},
	Fits: map[string]string{"waits for idle clients at the shutdown": "V08", "never closes the listener": "V13", "leaves its connections open": "V17",
		"closes a connection only if its client has left in order": "V17", "returns no error": "V08"},
	Cases: []Case{
		{"V01", "two clients, who ask two questions each", "a client that is silent must not keep the others waiting", serveTwo},
		{"V02", "many clients wait, and the first is silent", "the kernel wakes you once for all that wait", serveMany},
		{"V06", "an answer fails, or panics", "one client must not end what all the others need", serveFailing},
		{"V07", "more clients than there are places", "each client costs memory and a descriptor, and neither is without end", serveFull},
		{"V17", "a place for each client, however the one before has ended", "a server that loses a place with each error serves nobody in the end", servePlaces},
		{"A08", "a client that is gone before it is accepted", "clients give up, and the kernel hands their connections to you all the same", serveGone},
		{"A04", "accept passes on the error of one connection", "it says nothing about the next connection", serveAborted},
		{"A03", "no descriptor is left", "the client still waits, so the selector reports it again at once, and the loop spins", serveExhausted},
		{"A05", "accept fails for good", "a server that can't accept must end, and say why", serveBroken},
		{"V08", "shut down while all clients are idle", "a client that never asks again would hold up the end forever", shutIdle},
		{"V13", "shut down in the middle of an answer", "half an answer is lost work, and a client that connects meanwhile must not wait in vain", shutBusy},
		{"V14", "shut down when a question has come, and wasn't read yet", "the client has asked in time, and waits for its answer", shutAsked},
		{"V15", "shut down when clients are connected, and not accepted yet", "they don't know that: they have asked, and wait for their answers", shutQueued},
		{"V16", "shut down while all places are taken", "an end that waits for a place may never come", shutFull},
		{"V19", "shut down while no descriptor is left", "the pause must not hold up the end", shutExhausted},
		{"V18", "shut down a second time", "an answer that never ends would hold up the end forever", shutTwice},
	},
}

func serveTwo(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		ann, bob := h.visitor("a"), h.visitor("")
		h.hears("answer a client that asks, while another is silent", ann, "A")
		bob.asks("b")
		h.hears("answer the other one", bob, "B")
		ann.asks("c")
		h.hears("answer the first one again", ann, "AC")
		bob.asks("d")
		bob.leaves()
		h.hears("answer the other one again, who has ended its side behind the question", bob, "BD.")
		h.hears("look at the first one meanwhile", ann, "AC")
		h.lives("serve two clients")
	})
}

func serveMany(impl Impl) {
	const many = 20
	visit := func(h *house) {
		for i := range many {
			h.visitor("a"[:min(i, 1)])
		}
	}
	serving(impl, 2*many, visit, func(h *house) {
		for i, v := range h.visitors {
			h.hears(fmt.Sprintf("answer %d clients, of whom the first is silent", many), v, "A"[:min(i, 1)])
		}
	})
}

func serveFailing(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		other := h.visitor("")
		h.hears("have a fail, and a panic", h.visitor("e"), ".")
		h.lives("have an answer that fails")
		h.hears("have an answer that panics", h.visitor("p"), ".")
		h.lives("have an answer that panics")
		other.asks("a")
		h.hears("answer another client after that", other, "A")
		h.hears("answer a new client after that", h.visitor("b"), "B")
	})
}

// let expects the server to have let so many in so far.
func (h *house) let(tried string, want int) {
	settles(h.yield, h.loop)
	got := fmt.Sprintf("%d connections accepted", h.accepted)
	if h.accepted == len(h.visitors) {
		got = "all of them accepted"
	}
	if h.accepted != want {
		fail(tried, got, fmt.Sprint(want), nil)
	}
	trial.Must(h.wrong)
}

func serveFull(impl Impl) {
	serving(impl, 2, nil, func(h *house) {
		h.let("accept while there is no client", 0)
		ann, bob, cid, dan := h.visitor("a"), h.visitor("b"), h.visitor("c"), h.visitor("d")
		h.let("accept four clients, with two places", 2)
		h.hears("answer the first of them", ann, "A")
		h.hears("answer the second", bob, "B")
		h.hears("leave the third in the queue", cid, "")
		ann.leaves()
		h.hears("answer the third, when the first has left", cid, "C")
		h.let("accept the third, when the first has left", 3)
		h.hears("leave the fourth in the queue", dan, "")
		bob.leaves()
		h.hears("answer the fourth, when the second has left", dan, "D")
	})
}

func servePlaces(impl Impl) {
	serving(impl, 1, nil, func(h *house) {
		for _, how := range []string{"e", "p", "", "e", "p", ""} {
			v := h.visitor(how)
			v.leaves()
			h.hears("serve one client after the other in one place: "+map[string]string{
				"e": "an answer fails", "p": "an answer panics", "": "a client leaves"}[how], v, ".")
		}
		h.hears("serve the next client", h.visitor("a"), "A")
		h.hears("look at one more client, for whom there is no place", h.visitor("b"), "")
	})
}

func serveGone(impl Impl) {
	visit := func(h *house) {
		for range 3 {
			v := h.visitor("a")
			_ = unix.Close(v.fd)
			h.visitors = nil
		}
	}
	serving(impl, 2, visit, func(h *house) {
		h.hears("answer a client behind three that are gone", h.visitor("a"), "A")
		h.lives("accept clients that are gone")
	})
}

func serveAborted(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		h.failing(unix.ECONNABORTED, 2)
		began := h.now
		v := h.visitor("a")
		h.settle()
		h.lives("accept a connection that is aborted")
		if h.now > began {
			fail("accept a connection that is aborted", "a pause before the next try", "the next try at once", nil)
		}
		h.hears("answer the client behind it", v, "A")
	})
}

func serveExhausted(impl Impl) {
	for _, none := range []error{unix.EMFILE, unix.ENFILE} {
		serving(impl, 10, nil, func(h *house) {
			tried := fmt.Sprintf("accept while there is no descriptor (%v)", none)
			early := h.visitor("a")
			h.hears("answer a client", early, "A")
			h.failing(none, 3)
			v := h.visitor("b")
			early.asks("c")
			h.settle()
			h.lives(tried)
			tries := h.tries[:min(4, len(h.tries))] // the three that fail, and the next
			if len(slices.Compact(slices.Clone(tries))) < len(tries) {
				fail(tried, "calls of accept without a pause between them", "a pause after each that fails: task.Sleep", nil)
			}
			h.hears("answer those that are there, while there is no descriptor", early, "AC")
			h.hears("answer the client that waited for a descriptor, when there is one again", v, "B")
		})
	}
}

func serveBroken(impl Impl) {
	serving(impl, 10, nil, func(h *house) {
		h.visitor("")
		h.settle()
		h.failing(unix.EINVAL, 1)
		v := h.visitor("a")
		h.hears("accept, which fails with EINVAL, and look at the client in the queue", v, ".")
		h.ended("accept, which fails with EINVAL", unix.EINVAL)
	})
}
