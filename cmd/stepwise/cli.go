// cli.go: the list of commands, and what they have in common: how they are
// called, where they write, how they end. To add a command, write a struct with
// a Run method in a file of its own, add a line to commands, and add the ways to
// call it wrongly to usage_test.go.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/alecthomas/kong"

	"stepwise/cmd/stepwise/internal/setup"
)

// The exit statuses.
const (
	ok     = 0
	failed = 1
	usage  = 2
)

// commands is the table of contents. A command's Run may take any of
// context.Context (ends with Ctrl-C), setup.Course (the clone; a command that takes
// it fails outside a clone) and streams.
type commands struct {
	Lab      labCommand      `cmd:"" help:"Open the lessons in Jupyter; set up what is missing."`
	Run      runCommand      `cmd:"" help:"Play a lesson in the terminal, without Jupyter."`
	Progress progressCommand `cmd:"" help:"Show how far you have come with the exercises."`
	Watch    watchCommand    `cmd:"" help:"Judge an exercise each time that you save it."`
	Reset    resetCommand    `cmd:"" help:"Start a lesson over; yours is kept."`
	Hint     hintCommand     `cmd:"" help:"Print a hint for an exercise."`
	Solution solutionCommand `cmd:"" help:"Print the solution of an exercise."`
	Grade    gradeCommand    `cmd:"" help:"Judge the exercises of a class."`
	Test     testCommand     `cmd:"" help:"Run all tests, and every lesson in Jupyter."`
	Doctor   doctorCommand   `cmd:"" help:"List what is installed, what is missing, and how to fix it."`
	Refresh  refreshCommand  `cmd:"" help:"Run lessons and write their outputs back."`
	Site     siteCommand     `cmd:"" help:"Make web pages of the lessons, to read without Jupyter."`
	Update   updateCommand   `cmd:"" help:"Update to a newer course, and keep what you changed."`
	Seed     seedCommand     `cmd:"" hidden:"" help:"Fill a learner's folder."`
	Prebuild prebuildCommand `cmd:"" hidden:"" help:"Build the kernel and the player for copies of this course."`
	Kernel   kernelCommand   `cmd:"" help:"Install the notebooks' kernel for your own Jupyter, or remove it."`
	Fetch    fetchCommand    `cmd:"" help:"Fetch pages, all at once, on the course's own engine."`
	Serve    serveCommand    `cmd:"" help:"Serve an echo, or a folder over HTTP, on the course's own engine."`
	Trace    traceCommand    `cmd:"" help:"Run a command and draw what its loop did."`
	Tasks    tasksCommand    `cmd:"" help:"Look into a running program: which tasks wait for what."`

	Dir string `name:"course" short:"C" default:"." placeholder:"DIR" help:"Folder of the course, or one inside it (default: the current one)."`

	SafeDirectory []string `env:"STEPWISE_SAFE_DIRECTORY" sep:":" placeholder:"DIR" help:"Use the course in DIR even if it belongs to somebody else; what is in it runs as you."`
}

const about = `Stepwise teaches how asynchronous I/O works by building its engine in Go.

Examples:

  go run ./cmd/stepwise lab               open the course in Jupyter
  go run ./cmd/stepwise run 09            play a lesson here, in the terminal
  go run ./cmd/stepwise test              is everything as it should be?
  go run ./cmd/stepwise test -run Lesson09
  go run ./cmd/stepwise doctor            what is missing on this machine?
  go run ./cmd/stepwise fetch http://127.0.0.1:8000/
  go run ./cmd/stepwise serve http --dir notebooks
  go run ./cmd/stepwise trace -o out.svg fetch http://127.0.0.1:8000/

Exit status: 0 all is well, 1 something failed, 2 wrong usage.`

// streams is where a command writes: the result to Out, everything else to Err.
type streams struct{ Out, Err io.Writer }

// exited carries an exit status out of kong, which would end the process.
type exited int

// run is the whole program; it returns the exit status.
func run(ctx context.Context, args []string, s streams) (status int) {
	if len(args) == 0 {
		// The reader has not asked for help: it explains what is wrong with the call.
		run(ctx, []string{"--help"}, streams{Out: s.Err, Err: s.Err})
		return usage
	}
	defer func() {
		switch end := recover().(type) {
		case nil:
		case exited:
			status = int(end)
		default:
			panic(end)
		}
	}()
	var c commands
	args = longFlags(args)
	parsed, err := newParser(ctx, &c, s).Parse(args)
	if err != nil {
		return report(explain(err, args), invocation{}, s)
	}
	return report(parsed.Run(), invocation{parsed.Selected().Path(), args}, s)
}

// newParser returns a parser that fills c in from a command line. If the line asks
// for help, the parser prints it and panics with an exited.
func newParser(ctx context.Context, c *commands, s streams) *kong.Kong {
	parser, err := kong.New(c, kong.Name("stepwise"), kong.Description(about), kong.Writers(s.Out, s.Err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 90}),
		kong.Exit(func(status int) { panic(exited(status)) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s, c),
		kong.BindToProvider(func() (setup.Course, error) { return findCourse(c.Dir, s.Err, c.SafeDirectory...) }))
	if err != nil {
		panic("stepwise: the commands contradict each other: " + err.Error())
	}
	return parser
}

// errSaid ends a command that has already said what failed.
var errSaid = errors.New("said already")

// report prints how a command ended and what to type next, and returns the exit
// status. It reports each of several joined errors: a fetch may have reported its
// own failures, but not that its picture could not be written.
func report(err error, from invocation, s streams) int {
	status := ok
	for _, one := range parts(err) {
		status = max(status, reportOne(advise(one, from), s))
	}
	return status
}

func reportOne(err error, s streams) int {
	var wrong *usageError
	var next *hint
	switch {
	case err == nil:
		return ok
	case errors.Is(err, errSaid):
		return failed
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.Err, "stepwise: stopped")
		return failed
	}
	fmt.Fprintf(s.Err, "stepwise: %s\n", hide(err.Error()))
	if errors.As(err, &next) {
		fmt.Fprintf(s.Err, "Try: %s\n", hide(next.line))
	}
	if errors.As(err, &wrong) {
		return usage
	}
	return failed
}

// credentials stand before the @ of a URL.
var credentials = regexp.MustCompile(`://[^\s/]*@`)

// hide returns text without what may be a password: fetch never repeats one, and a
// URL may follow a command that takes none.
func hide(text string) string { return credentials.ReplaceAllString(text, "://xxxxx@") }

// parts returns the errors that errors.Join has joined, or else err alone. A joined
// error has no words of its own.
func parts(err error) []error {
	joined, several := err.(interface{ Unwrap() []error })
	if !several || err.Error() != fmt.Sprint(errors.Join(joined.Unwrap()...)) {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, parts(one)...)
	}
	return all
}

var shortForm = regexp.MustCompile(`^-[a-z]{2}[a-z-]*(=.*)?$`)

// longFlags accepts -run for --run, as the go command does. It leaves everything
// after -- alone.
func longFlags(args []string) []string {
	var out []string
	for i, arg := range args {
		if arg == "--" {
			return append(out, args[i:]...)
		}
		if shortForm.MatchString(arg) {
			arg = "-" + arg
		}
		out = append(out, arg)
	}
	return out
}
