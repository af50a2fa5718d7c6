// course.go: the course as one list: its floors from the ground up, the lessons
// on each, and what a learner can do after it. Every map of the course is made of
// it; a test at the root of the clone holds it against doc.go, the notebooks and
// the tables of cases. Read lesson.go first.

package lesson

import (
	"fmt"
	"strings"

	"stepwise/pkg/draw"
)

// Story is a floor of the course: a package in pkg/, and the lessons that build it.
type Story struct {
	Package  string
	Does     string    // in a few words
	Chapters []Chapter // none: its lesson comes later
	Beside   bool      // it serves the house and carries no floor
}

// Chapter is a lesson's place in the course.
type Chapter struct {
	Number   int
	Name     string // as that of its Lesson: "read_all"
	Question string // the one that it answers
	Able     string // what you can do after it, to follow "you can"
}

// Label is the chapter's number and name, as the lessons are called: "11 read_all".
func (c Chapter) Label() string { return fmt.Sprintf("%02d %s", c.Number, c.Name) }

// Stories is the house, from the ground up, in the order of doc.go. The caller
// owns the list.
func Stories() []Story {
	return []Story{
		{Package: "probe", Does: "what can be watched of a run", Beside: true},
		{Package: "sys", Does: "the system calls that sockets make", Chapters: []Chapter{
			{1, "blocking", "what does one slow peer do to the others?", "say where a program waits, and who waits with it"},
			{2, "nonblocking", "what does a read answer when nothing is there?", "ask a socket without waiting for it"},
		}},
		{Package: "selector", Does: "which descriptors are ready?", Chapters: []Chapter{
			{3, "selector", "which descriptors are ready?", "sleep until one of a thousand sockets is ready"},
		}},
		{Package: "loop", Does: "run callbacks when they are", Chapters: []Chapter{
			{4, "callbacks", "what does it cost to turn code inside out?", "serve many connections from one loop"},
		}},
		{Package: "future", Does: "a result that isn't there yet", Chapters: []Chapter{
			{5, "future", "where is a result that isn't there yet?", "hand out a result before it is there"},
		}},
		{Package: "coro", Does: "a function that can pause", Chapters: []Chapter{
			{6, "coroutine", "how does a function pause?", "stop a function in its middle, and go on from there"},
		}},
		{Package: "task", Does: "who resumes the coroutine?", Chapters: []Chapter{
			{7, "task", "who resumes the coroutine?", "say who wakes your function, and with what"},
		}},
		{Package: "wait", Does: "tasks that wait for each other"},
		{Package: "sock", Does: "connect, send, read, read_all, accept", Chapters: []Chapter{
			{8, "connect", "is a writable socket a connected one?", "open a connection, and know when it has failed"},
			{9, "send", "how much went out?", "send all of it to a peer who reads slowly"},
			{10, "read", "how much is there?", "take what is there, and tell the end from an error"},
			{11, "read_all", "how can a loop that waits read like blocking code?", "follow a wait from the loop to the yield and back"},
		}},
		{Package: "outside", Does: "signals, names and blocking work, off the loop"},
		{Package: "fetch", Does: "a page over HTTP", Chapters: []Chapter{
			{12, "fetch", "where does an answer end?", "fetch a page, and know that it is whole"},
		}},
		{Package: "serve", Does: "echo and HTTP servers"},
		{Package: "stages", Does: "the same fetch seven times, from blocking calls to framing", Beside: true},
		{Package: "trace", Does: "a recording of what really ran", Beside: true},
		{Package: "debug", Does: "who keeps the others waiting, and what was forgotten", Beside: true},
		{Package: "draw", Does: "pictures of a recording, and this one", Beside: true},
		{Package: "simulation", Does: "a network and a clock that a seed decides", Beside: true},
		{Package: "faulty", Does: "local servers that misbehave on purpose", Beside: true},
		{Package: "lesson", Does: "the cases that judge what you write", Beside: true},
	}
}

// Coming are the lessons that are not written yet, in their order. One that gets
// written moves to its floor in Stories. The caller owns the list.
func Coming() []Chapter {
	return []Chapter{
		{Number: 13, Name: "together", Question: "how do you wait for many things at once?"},
		{Number: 14, Name: "time", Question: "how does a loop know when?"},
		{Number: 15, Name: "cancel", Question: "how do you stop somebody who sleeps?"},
		{Number: 16, Name: "serve", Question: "how do you answer many, and shut down?"},
		{Number: 17, Name: "outside", Question: "how does another thread wake the loop?"},
		{Number: 18, Name: "fast", Question: "where does the time go?"},
	}
}

// Map is the course as a house: its floors, the lessons on each and what you can
// do after them, and the lessons that come later as its roof.
func Map() *draw.Picture {
	b := draw.Building{Title: "The course is a house: begin on the ground, each floor stands on those below", Ground: "the system's kernel: sockets, epoll"}
	for _, s := range Stories() {
		if s.Beside {
			b.Beside = append(b.Beside, draw.Room{Name: s.Package, Asks: s.Does})
		} else {
			b.Floors = append(b.Floors, s.floor())
		}
	}
	var later []string
	for _, c := range Coming() {
		later = append(later, c.Label())
	}
	half := (len(later) + 1) / 2
	b.Roof = []string{"later: " + strings.Join(later[:half], ", "), strings.Join(later[half:], ", ")}
	return draw.House(b)
}

func (s Story) floor() draw.Floor {
	f := draw.Floor{Name: s.Package}
	for _, c := range s.Chapters {
		f.Rooms = append(f.Rooms, draw.Room{Name: c.Label(), Asks: c.Question, Able: "then you can " + c.Able})
	}
	if len(s.Chapters) == 0 {
		f.Rooms = []draw.Room{{Name: "later", Asks: s.Does}}
	}
	return f
}
