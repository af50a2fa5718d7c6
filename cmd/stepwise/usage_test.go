// usage_test.go: wrong calls and their answers. To add one, add a row.

package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wrongCalls are calls with blanks between their words. CLONE is a course with the
// lessons 09 and 10, ELSEWHERE an empty folder, HERE this clone. The answer must contain
// says, and end with a line "Try: stepwise" and try.
var wrongCalls = []struct{ name, args, says, try string }{
	{"an unknown command", "fly", "there is no command fly", "--help"},
	{"a mistyped command", "serv", `did you mean "serve"?`, "--help"},
	{"a flag and no command", "-C .", "expected one of", "--help"},
	{"an unknown flag before the command", "--fly lab", "unknown flag --fly", "--help"},
	{"help as a command", "help", "there is no command help", "--help"},
	{"help for a command", "help run", "there is no command help", "run --help"},
	{"help for a command of two words", "help kernel install", "there is no command help", "kernel --help"},
	{"help for help", "help help", "there is no command help", "--help"},
	{"help for what is no command", "help fly", "there is no command help", "--help"},
	{"help twice over", "help --help", "there is no command help", "--help"},
	{"a lesson as a command", "09", "there is no command 09", "run 09"},
	{"a lesson as a command, by name", "09-send", "there is no command 09-send", "run 09-send"},
	{"no value for -C", "-C", "--course needs a value", "--help"},
	{"no value for a safe folder", "--safe-directory", "--safe-directory needs a value", "--help"},
	{"outside of the course", "-C ELSEWHERE doctor", "not inside the course: change into the folder that you cloned, or name it with --course", "--course DIR doctor"},
	{"a folder that does not exist", "-C /no/such doctor", "/no/such doesn't exist, and is not inside the course", "--course DIR doctor"},
	{"outside of the course, a command of two words", "-C ELSEWHERE kernel install", "not inside the course", "--course DIR kernel install"},

	{"no lesson to run", "-C CLONE run", "<lesson> is missing", "run --help"},
	{"a lesson to run that does not exist", "-C CLONE run 7", "there is no lesson 7; these are the lessons:\n    09-send\n    10-read", "run 09-send"},
	{"a lesson to run that does not exist, by a name", "-C CLONE run faster", "there is no lesson faster; these are the lessons:\n    09-send\n    10-read", "run 09-send"},
	{"two lessons to run", "-C CLONE run 09 10", "unexpected argument 10", "run --help"},
	{"a flag of another command", "-C CLONE run --short 09", "unknown flag --short", "run --help"},
	{"a flag that takes no value", "run --all=perhaps 09", "--all: ", "run --help"},

	{"tests without --run", "-C CLONE test Lesson09", "unexpected argument Lesson09", "test --run Lesson09"},
	{"tests without --run, after a flag", "-C CLONE test --short Lesson09/W01", "unexpected argument Lesson09/W01", "test --run Lesson09/W01"},
	{"no pattern", "test --run", "--run needs a value", "test --help"},
	{"no pattern, in Go's form", "test -run", "--run needs a value", "test --help"},
	{"an invalid pattern", "-C CLONE test -run (", "--run (: error parsing regexp: missing closing )", "test --help"},
	{"a pattern that matches nothing", "-C HERE test --run NoSuch", "--run NoSuch: no test and no lesson matches", "test --help"},
	{"two patterns that match nothing", "-C HERE test --run NoSuch|NorThis/x", "no test and no lesson matches", "test --help"},

	{"a process that isn't a number", "tasks crawler", `<pid> "crawler": want a whole number`, "tasks --help"},
	{"a process whose number is negative", "tasks -- -5", "-5 is not the number of a process", "tasks --help"},
	{"two processes", "tasks 1 2", "unexpected argument 2", "tasks --help"},

	{"nobody to grade", "-C CLONE grade", "<dir> is missing", "grade --help"},
	{"a folder to grade that isn't there", "-C CLONE grade /no/such", "/no/such: no such file or directory", "grade --help"},
	{"a folder to grade without exercises", "-C CLONE grade ELSEWHERE", "there is no exercise in it, such as exercises/01_blocking", "grade --help"},
	{"a lesson to grade that isn't there", "-C CLONE grade --lesson 77 CLONE", "there is no exercise 77", "grade DIR --lesson 01-blocking"},
	{"two forms of a table", "-C CLONE grade --csv --html CLONE", "--csv and --html can't be used together", "grade --help"},

	{"no lesson for a hint", "-C CLONE hint", "<lesson> is missing", "hint --help"},
	{"no lesson to start over", "-C CLONE reset", "<lesson> is missing", "reset --help"},
	{"a lesson to start over that isn't there", "-C CLONE reset 77", "there is no exercise 77", "reset 01-blocking"},
	{"a lesson to watch that isn't there", "-C CLONE watch 77", "there is no exercise 77", "watch 01-blocking"},
	{"no lesson for a solution", "-C CLONE solution", "<lesson> is missing", "solution --help"},
	{"a hint that isn't a number", "-C CLONE hint 09 W01", `<number> "W01": want a whole number`, "hint --help"},

	{"a lesson to open", "lab 09", "unexpected argument 09", "lab --help"},
	{"an unknown flag", "lab --fly", "unknown flag --fly", "lab --help"},
	{"a mistyped flag", "lab --prot 9", `did you mean "--port"?`, "lab --help"},
	{"a port that is not a number", "lab --port abc", `--port "abc": want a whole number`, "lab --help"},
	{"a port with a fraction", "lab --port 1.5", `--port "1.5": want a whole number`, "lab --help"},
	{"no port", "lab --port", "--port needs a value", "lab --help"},
	{"a port too high", "-C CLONE lab --port 65536", "a port is a number from 0 to 65535", "lab --help"},
	{"a port below zero", "lab --port -5", "--port needs a value; one that begins with a dash is written --port=-5", "lab --help"},
	{"a port below zero, so written", "-C CLONE lab --port=-5", "--port -5: a port is a number from 0 to 65535", "lab --help"},
	{"a flag for a port", "lab --port --no-browser", "--port needs a value", "lab --help"},

	{"an argument for the doctor", "doctor x", "unexpected argument x", "doctor --help"},

	{"nothing to trace", "trace", `expected one of "fetch", "serve"`, "trace --help"},
	{"a lesson to trace", "trace run 05", "there is no command trace run", "run --trace 05"},
	{"a lesson to trace, and a flag", "trace run 05 --all", "there is no command trace run", "run --trace 05 --all"},
	{"a mistyped command to trace", "trace ftch", `there is no command trace ftch, did you mean "fetch"?`, "trace --help"},
	{"a server to trace, of no kind", "trace serve", "expected one of", "trace serve --help"},
	{"an unknown picture", "trace --picture cake fetch http://127.0.0.1/", `--picture "cake": want one of "sequence"`, "trace fetch --help"},
	{"a picture of an unknown form", "trace -o out.png fetch http://127.0.0.1/", "-o out.png: the name must end in .svg, .txt or .json", "trace fetch --help"},
	{"a picture in no folder", "trace -o no/such/out.svg fetch http://127.0.0.1/", "-o no/such/out.svg: there is no folder no/such", "trace fetch --help"},
	{"a page's name for a picture", "trace fetch -o page.html http://127.0.0.1/", "-o page.html: the name must end in .svg, .txt or .json", "trace fetch --help"},
	{"nothing to trace a fetch of", "trace fetch", "<url> is missing", "trace fetch --help"},

	{"a lesson to refresh that does not exist", "-C CLONE refresh 11", "there is no lesson 11; these are the lessons:\n    09-send\n    10-read", "refresh 09-send"},
	{"a site without its place", "-C CLONE site", "--output=DIR is missing", "site --help"},
	{"a site without the name of its place", "-C CLONE site -o", "--output needs a value", "site --help"},
	{"a site of no course", "-C ELSEWHERE site -o ELSEWHERE", "not inside the course", "--course DIR site -o ELSEWHERE"},
	{"a site over somebody's files", "-C HERE site -o CLONE", "not a site's", "site --help"},
	{"a site in a file's place", "-C HERE site -o CLONE/go.mod", "making the folder of the site: mkdir ", "site --help"},
	{"an argument for a site", "site x", "unexpected argument x", "site --help"},
	{"an argument for an update", "update x", "a path needs --restore", "update --help"},
	{"no course to update from", "update --from /no/such", "/no/such", "update --help"},
	{"no place to update from", "update --from", "--from needs a value", "update --help"},
	{"nothing to do with the kernel", "kernel", `expected one of "install"`, "kernel --help"},
	{"a mistyped action on the kernel", "kernel instal", `there is no command kernel instal, did you mean "install"?`, "kernel --help"},
	{"two places for the kernel", "kernel install --user --prefix x", "can't be used together", "kernel install --help"},
	{"no place for the kernel", "kernel path --prefix", "--prefix needs a value", "kernel path --help"},

	{"nothing to fetch", "fetch", "<url> is missing", "fetch --help"},
	{"a URL without its scheme", "fetch 127.0.0.1:80", "127.0.0.1:80", "fetch --help"},
	{"a port of no server", "fetch http://127.0.0.1:0/", `the port is "0", and not a number from 1 to 65535`, "fetch --help"},
	{"a port of a URL too high", "fetch http://127.0.0.1:99999/", `the port is "99999", and not`, "fetch --help"},
	{"an invalid time", "fetch --timeout soon http://127.0.0.1/", `--timeout "soon": want a time such as 500ms, 10s or 1m`, "fetch --help"},
	{"a time without a unit", "fetch --timeout 5 http://127.0.0.1/", `--timeout "5": want a time such as`, "fetch --help"},
	{"an invalid number", "fetch --concurrency many http://127.0.0.1/", `--concurrency "many": want a whole number`, "fetch --help"},
	{"no workers", "fetch --concurrency 0 http://127.0.0.1/", "stepwise: --concurrency 0: want 1 or more", "fetch --help"},
	{"certificates that do not exist", "fetch --cacert /no/such http://127.0.0.1/", "--cacert: there is no /no/such", "fetch --help"},

	{"nothing to serve", "serve", `expected one of "echo", "http"`, "serve --help"},
	{"a mistyped server", "serve ech", `there is no command serve ech, did you mean "echo"?`, "serve --help"},
	{"a folder to serve that does not exist", "serve http --dir /no/such", "--dir: there is no /no/such", "serve http --help"},
	{"a port to serve on without a host", "serve http --addr 99", "stepwise: --addr 99", "serve http --help"},
	{"no loops to serve with", "serve echo --loops 0", "--loops 0", "serve echo --help"},
	{"a path for several loops", "serve echo --addr unix:/no/such --loops 2", "--loops 2: a path can't be shared: want 1", "serve echo --help"},
	{"an argument for a server", "serve echo x", "unexpected argument x", "serve echo --help"},
}

// folders replaces the names of folders in a call by their paths.
func folders(t *testing.T) *strings.Replacer {
	t.Helper()
	here, err := filepath.Abs("../..")
	require.NoError(t, err)
	return strings.NewReplacer("CLONE", bare(t, "09-send.ipynb", "10-read.ipynb"), "ELSEWHERE", t.TempDir(), "HERE", here)
}

func TestAWrongCallSaysWhatToType(t *testing.T) {
	t.Setenv("STEPWISE_COURSE", "")
	t.Setenv("PATH", "") // the answer comes before anything is built or run
	for _, c := range wrongCalls {
		t.Run(c.name, func(t *testing.T) {
			put := folders(t)
			status, out, err := call(t, strings.Fields(put.Replace(c.args))...)
			assert.Equal(t, usage, status)
			assert.Empty(t, out, "errors belong on standard error")
			said, next, found := strings.Cut(err, "\nTry: stepwise ")
			require.True(t, found, "nothing to type: %s", err)
			assert.True(t, strings.HasPrefix(said, "stepwise: "), said)
			assert.Contains(t, said, c.says)
			assert.Equal(t, put.Replace(c.try)+"\n", next)
			for _, raw := range []string{"EOL", "lstat", "64 bit", "stepwise: stepwise"} {
				assert.NotContains(t, said, raw, "a programmer's words")
			}
			assert.Empty(t, refusal(strings.Fields(next)), "what it says to type is a wrong call too")
		})
	}
}

func TestTheKernelsPlaceCanBePasted(t *testing.T) {
	assert.Equal(t, "A Jupyter of another prefix finds it with JUPYTER_PATH='/my venv/share/jupyter'", foundWith("/my venv/share/jupyter"))
}

// refusal returns the parser's error for a call; it runs nothing.
func refusal(args []string) (wrong string) {
	defer func() {
		if end := recover(); end != nil {
			if status, asked := end.(exited); !asked || status != ok {
				panic(end)
			}
		}
	}()
	var c commands
	if _, err := newParser(context.Background(), &c, streams{Out: io.Discard, Err: io.Discard}).Parse(longFlags(args)); err != nil {
		return err.Error()
	}
	return ""
}
