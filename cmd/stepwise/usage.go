// usage.go: the answer to a wrong call: one line that says what is wrong, and below
// it what to type instead. Read cli.go first; usage_test.go has a table of wrong
// calls and their answers.

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"stepwise/cmd/stepwise/internal/setup"
	"stepwise/cmd/stepwise/internal/shell"
)

// self is what the reader types to start this program; main sets it once, before
// anything else runs.
var self = []string{"stepwise"}

// usageError is a mistake in how the command was called, found by the command.
// It is used by its pointer: kong v1.12 panics over an error that is a struct.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// hint is an error together with the line to type next.
type hint struct {
	error
	line string
}

func (h *hint) Unwrap() error { return h.error }

// try returns err with what to type next: words is a command of this program,
// without the program's name. If a chain has several hints, the outermost is printed.
func try(err error, words ...string) error {
	return &hint{err, shell.Line(slices.Concat(self, words)...)}
}

// inCourse are the words that name the course, none for the one around the reader.
func inCourse(dir string) []string {
	if dir == "." {
		return nil
	}
	return []string{"-C", dir}
}

// invocation is a call that the parser has understood.
type invocation struct {
	command string   // such as "kernel install"; "" for none
	args    []string // all that was typed
}

// advise returns err with what to type next, unless err says so already or nothing
// helps.
func advise(err error, from invocation) error {
	var wrong *usageError
	var next *hint
	var foreign *setup.ForeignError
	switch {
	case errors.As(err, &next):
		return err
	case errors.As(err, &foreign):
		return try(fmt.Errorf("%w. If you trust everybody who can write there, name it as safe", err),
			append([]string{"--safe-directory", foreign.Course}, from.args...)...)
	case errors.Is(err, setup.ErrNoCourse):
		return try(err, append([]string{"--course", "DIR"}, withoutCourse(from.args)...)...)
	case errors.Is(err, exec.ErrNotFound):
		return try(err, "doctor")
	case errors.As(err, &wrong):
		return try(err, append(strings.Fields(from.command), "--help")...)
	}
	return err
}

// withoutCourse returns args without the flag that names the course.
func withoutCourse(args []string) []string {
	var rest []string
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return append(rest, args[i:]...)
		case arg == "-C" || arg == "--course":
			i++ // its value
		case strings.HasPrefix(arg, "-C") || strings.HasPrefix(arg, "--course="):
		default:
			rest = append(rest, arg)
		}
	}
	return rest
}

// explain turns what the parser found wrong with args into a usageError.
func explain(err error, args []string) error {
	var parse *kong.ParseError
	if !errors.As(err, &parse) {
		return advise(&usageError{err}, invocation{})
	}
	node := commandOf(parse.Context)
	text := strings.TrimPrefix(err.Error(), node.Path()+": ")
	for _, r := range rewordings {
		text = r.kong.ReplaceAllString(text, r.ours)
	}
	wrong := &usageError{errors.New(text)}
	found := unexpected.FindStringSubmatch(text)
	if found == nil {
		return advise(wrong, invocation{command: node.Path()})
	}
	if len(node.Children) > 0 {
		wrong.error = errors.New("there is no command " + strings.TrimSpace(node.Path()+" "+text[len("unexpected argument "):]))
	}
	if words := detour(node, found[1], after(args, found[1])); words != nil {
		return try(wrong, words...)
	}
	return advise(wrong, invocation{command: node.Path()})
}

// commandOf returns the command that the parser had reached.
func commandOf(c *kong.Context) *kong.Node {
	node := c.Model.Node
	for _, step := range c.Path {
		if step.Command != nil {
			node = step.Command
		}
	}
	return node
}

// rewordings replace kong's words, which are for programmers, by words for readers.
var rewordings = []struct {
	kong *regexp.Regexp
	ours string
}{
	{regexp.MustCompile(`^expected "(<.*>)( \.\.\.)?"$`), "$1 is missing"},
	{regexp.MustCompile(`^missing flags: (.*)$`), "$1 is missing"},
	{regexp.MustCompile(`^(--\S+): expected \w+ value but got "EOL" \(<EOL>\)$`), "$1 needs a value"},
	{regexp.MustCompile(`^(--\S+): missing value, expecting ".*"$`), "$1 needs a value"},
	{regexp.MustCompile(`^(--\S+): expected \w+ value but got "(-.*)" \(.*\); perhaps try .*$`), "$1 needs a value; one that begins with a dash is written $1=$2"},
	{regexp.MustCompile(`^\[(<.*>)\]: expected a valid \d+ bit u?int but got "(.*)"$`), `$1 "$2": want a whole number`},
	{regexp.MustCompile(`^(--\S+): expected a valid \d+ bit u?int but got "(.*)"$`), `$1 "$2": want a whole number`},
	{regexp.MustCompile(`^(--\S+): expected duration but got "(.*?)": .*$`), `$1 "$2": want a time such as 500ms, 10s or 1m`},
	{regexp.MustCompile(`^(--\S+) must be one of (.*) but got "(.*)"$`), `$1 "$3": want one of $2`},
	{regexp.MustCompile(`^(--\S+): stat (.*): no such file or directory$`), "$1: there is no $2"},
}

var (
	unexpected   = regexp.MustCompile(`^unexpected argument (.*?)(, did you mean .*)?$`)
	lessonNumber = regexp.MustCompile(`^\d{1,2}(-\w+)*$`)
)

// detour returns the command that somebody probably meant who typed word after the
// command node, and rest after that; nil if there is no good guess.
func detour(node *kong.Node, word string, rest []string) []string {
	command := node.Path()
	switch {
	case command == "test":
		return []string{"test", "--run", word}
	case command == "trace" && word == "run":
		return append([]string{"run", "--trace"}, rest...)
	case command == "" && word == "help" && len(rest) > 0 && isCommand(node, rest[0]):
		return []string{rest[0], "--help"}
	case command == "" && lessonNumber.MatchString(word):
		return []string{"run", word}
	}
	return nil
}

func isCommand(root *kong.Node, word string) bool {
	return slices.ContainsFunc(root.Children, func(n *kong.Node) bool { return n.Name == word })
}

// after returns what follows the first word in args.
func after(args []string, word string) []string {
	return args[slices.Index(args, word)+1:]
}
