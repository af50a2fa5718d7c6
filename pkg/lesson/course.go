// course.go: the course as one list: its floors from the ground up, the lessons
// on each, and what a learner can do after it. The map below, the tables of
// lessons in README.md and notebooks/00-start-here.ipynb, and the list of floors
// in doc.go are made from it:
//
//	go test -run Syllabus -update .
//
// Read lesson.go first.

package lesson

import (
	"slices"

	"stepwise/pkg/draw"
)

// Story is a floor of the course: a package in pkg/, and the lessons that build it.
type Story struct {
	Package string
	Does    string // in a few words
	Lessons []Lesson
	Beside  bool // it serves the house and carries no floor
}

// Stories is the house, from the ground up: a package imports only those before
// it. The caller owns the list.
func Stories() []Story {
	return []Story{
		{Package: "probe", Does: "what can be watched of a run", Beside: true},
		{Package: "site", Does: "what lives on a loop, and which errors nobody has read", Beside: true},
		{Package: "sys", Does: "the system calls that sockets make", Lessons: []Lesson{Blocking, Nonblocking}},
		{Package: "selector", Does: "which descriptors are ready?", Lessons: []Lesson{Selector}},
		{Package: "loop", Does: "run callbacks when they are", Lessons: []Lesson{Callbacks, Time}},
		{Package: "future", Does: "a result that isn't there yet", Lessons: []Lesson{Future}},
		{Package: "coro", Does: "a function that can pause", Lessons: []Lesson{Coroutine}},
		{Package: "task", Does: "who resumes the coroutine?", Lessons: []Lesson{Task, Cancel}},
		{Package: "wait", Does: "event, semaphore, queue: tasks wait for each other", Lessons: []Lesson{Together}},
		{Package: "sock", Does: "connect, send, read, read_all, accept; datagrams", Lessons: []Lesson{Connect, Send, Read, ReadAll}},
		{Package: "outside", Does: "signals, names and blocking work, off the loop", Lessons: []Lesson{Outside}},
		{Package: "fetch", Does: "a page over HTTP", Lessons: []Lesson{Fetch}},
		{Package: "serve", Does: "echo and HTTP servers", Lessons: []Lesson{Serve, Fast}},
		{Package: "stages", Does: "the same fetch seven times, each in another way", Beside: true},
		{Package: "trace", Does: "a recording of what really ran", Beside: true},
		{Package: "debug", Does: "who keeps the others waiting, and what was forgotten", Beside: true},
		{Package: "draw", Does: "pictures of a recording, and the map", Beside: true},
		{Package: "simulation", Does: "a network and a clock that a seed decides", Beside: true},
		{Package: "faulty", Does: "local servers that misbehave on purpose", Beside: true},
		{Package: "trial", Does: "how a case is run, and what is said of it", Beside: true},
		{Package: "lesson", Does: "the cases that judge what you write", Beside: true},
	}
}

// All are the lessons, in their order. The caller owns the list.
func All() (all []Lesson) {
	for _, s := range Stories() {
		all = append(all, s.Lessons...)
	}
	slices.SortFunc(all, func(a, b Lesson) int { return a.Number - b.Number })
	return all
}

// Solved is what MapOf takes for a lesson whose exercise passes every case.
const Solved = "solved"

// Map is the course as a house: its floors, the lessons on each and what you can
// do after them.
func Map() *draw.Picture { return MapOf(nil) }

// MapOf is Map, and says how far somebody has come: come holds "solved", or words such as
// "7 of 9 cases", for each lesson that they have begun, by its Slug.
func MapOf(come map[string]string) *draw.Picture {
	b := draw.Building{Title: "The course is a house: begin on the ground, each floor stands on those below", Ground: "the system's kernel: sockets, epoll"}
	for _, s := range Stories() {
		if s.Beside {
			b.Beside = append(b.Beside, draw.Room{Name: s.Package, Asks: s.Does})
		} else {
			b.Floors = append(b.Floors, s.floor(come))
		}
	}
	return draw.House(b)
}

func (s Story) floor(come map[string]string) draw.Floor {
	f := draw.Floor{Name: s.Package}
	for _, l := range s.Lessons {
		able := "then you can " + l.Able
		switch words := come[l.Slug()]; words {
		case "":
		case Solved:
			able = Solved + ": you can " + l.Able
		default:
			able = words + ": " + able
		}
		f.Rooms = append(f.Rooms, draw.Room{Name: l.Label(), Asks: l.Question, Able: able})
	}
	return f
}
