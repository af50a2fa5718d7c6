// Package box runs programs that nobody trusts: bounded in time, memory, processes and
// output, without a network, and without the machine's files.
//
//	func main() {
//		box.Enter() // first of all: this program is started again, inside the box
//		…
//	}
//
//	end, err := box.Run(ctx, box.Program{File: "x.test", Result: "report.json", Walls: box.Apart, Limits: limits})
//
// What each kind of Walls holds back is said there. Read box_linux.go for how a program gets
// in, and inside_linux.go for what is done there before it starts.
package box

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// Walls say what of the machine a program can reach.
type Walls int

const (
	// Bounded holds a program to its Limits alone. It runs as the user, with their files and
	// the network. It is for programs of ours that work on what nobody trusts, as compilers do.
	Bounded Walls = iota
	// Nobody is Bounded, and the program runs as the user nobody if this program is root's. It
	// can read what everybody may read, and use the network.
	Nobody
	// Apart is a program alone: it has no file but its own and those that it makes in memory,
	// no network but a loopback of its own, and it sees no other process. It is nobody, without
	// capabilities. When it ends, everything that it started is ended too. It needs Linux's
	// namespaces: Available says whether there are any.
	Apart
)

// Limits bound a program. Zero is no bound, except for Wall and Output.
type Limits struct {
	Wall      time.Duration // from its start; more than 0
	CPU       time.Duration // of processor time for each process, rounded up to seconds
	Memory    int64         // bytes that each process may have for itself
	Files     int64         // bytes: the longest file, and with Apart all of them together
	Output    int64         // bytes printed; more than 0
	Processes int           // and threads, of the program and of all that it starts; only with Apart
}

// Program is what to run.
type Program struct {
	File   string   // the path of the executable; with Apart it must need no other file, as static ones
	Args   []string // without the program's name
	Env    []string // its whole environment
	Dir    string   // where it runs, unless Apart; then it has a folder of its own
	Result string   // a name: the file of the program's folder whose contents come back; "" for none
	Walls  Walls
	Limits Limits
}

// End is how a program ended.
type End struct {
	Status int    // its exit status; -1 if it did not exit by itself
	Why    string // for Status -1: "ended by the signal killed", "ran longer than 2m0s"
	Output []byte // both streams, at most 64 KiB from the beginning
	Result []byte // at most 1 MiB; nil if there is no such file, or it is longer
}

// The most that is kept.
const (
	keptOutput = 64 << 10
	keptResult = 1 << 20
)

// ErrUnavailable is in the errors of Run and Available where the system has no namespaces, or
// this user may not make any.
var ErrUnavailable = errors.New("no program can be set apart here")

// stopped is the cause by which a program is ended at one of its limits.
type stopped string

func (s stopped) Error() string { return string(s) }

// Available returns nil if programs can be set Apart here, and otherwise why not, as an
// ErrUnavailable. It tries it out.
func Available(ctx context.Context) error { return available(ctx) }

// Run runs p to its end or to one of its limits, at which it is killed. The error is not the
// program's: it says why it could not be run, and is ctx's if ctx ended first.
func Run(ctx context.Context, p Program) (End, error) {
	if p.Limits.Wall <= 0 || p.Limits.Output <= 0 {
		return End{}, fmt.Errorf("box: run %s: without a limit for its time and its output it may never end", p.File)
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(p.Limits.Wall, func() { cancel(stopped(fmt.Sprintf("ran longer than %v", p.Limits.Wall))) })
	defer late.Stop()
	out := &bounded{left: p.Limits.Output, over: func() {
		cancel(stopped(fmt.Sprintf("printed more than %d KiB", p.Limits.Output>>10)))
	}}
	end, err := start(inner, p, out)
	end.Output = out.kept.Bytes()
	if why := stopped(""); errors.As(context.Cause(inner), &why) {
		end.Status, end.Why = -1, string(why)
		return end, nil
	}
	if err != nil {
		return end, fmt.Errorf("box: run %s: %w", p.File, err)
	}
	return end, nil
}

// bounded keeps the beginning of what is written, and calls over when it is too much.
type bounded struct {
	kept bytes.Buffer
	left int64
	over func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := keptOutput - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(room, len(p))])
	}
	b.left -= int64(len(p))
	if b.left < 0 {
		b.over()
	}
	return len(p), nil
}
