package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnly(t *testing.T) {
	for _, c := range []struct{ name, only, want string }{
		{"nothing: all", "", "echo fetch switch spawn idle http wrk loops growth timers"},
		{"one", "fetch", "fetch"},
		{"several, in the order of a round", "spawn,echo", "echo spawn"},
		{"one twice", "echo,echo", "echo"},
		{"one that runs only if it is asked for", "io_uring,echo", "echo io_uring"},
	} {
		t.Run(c.name, func(t *testing.T) {
			some, err := chosen(c.only)
			require.NoError(t, err)
			var names []string
			for _, contest := range some {
				names = append(names, contest.name)
			}
			assert.Equal(t, c.want, strings.Join(names, " "))
		})
	}
}

func TestOnlyRefuses(t *testing.T) {
	for _, c := range []struct{ name, only, wrong string }{
		{"an unknown contest", "ehco", `"ehco"`},
		{"an unknown one among others", "echo,ftech", `"ftech"`},
		{"a blank after the comma", "echo, fetch", `" fetch"`},
		{"an empty name", "echo,", `""`},
		{"capitals", "Echo", `"Echo"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := chosen(c.only)
			assert.EqualError(t, err, "--only "+c.only+": there is no contest "+c.wrong+
				"; choose from echo,fetch,switch,spawn,idle,http,wrk,loops,growth,timers,io_uring")
		})
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		name  string
		args  []string
		want  options
		error string
	}{
		{"none", nil, options{}, ""},
		{"quick, and only some", []string{"--quick", "--only", "echo,fetch"}, options{quick: true, only: "echo,fetch"}, ""},
		{"update", []string{"--update"}, options{update: true}, ""},
		{"update and quick", []string{"--update", "--quick"}, options{}, "takes no other flag"},
		{"update and only", []string{"--update", "--only=echo"}, options{}, "takes no other flag"},
		{"more rounds", []string{"--rounds", "20", "--only", "echo"}, options{rounds: 20, only: "echo"}, ""},
		{"as many rounds as usual", []string{"--rounds", "5"}, options{rounds: 5}, ""},
		{"too few rounds", []string{"--rounds", "4"}, options{}, "--rounds 4: want 5 or more"},
		{"a negative number of rounds", []string{"--rounds", "-1"}, options{}, "--rounds -1: want 5 or more"},
		{"rounds of a quick run", []string{"--rounds", "5", "--quick"}, options{}, "without --quick"},
		{"update and rounds", []string{"--update", "--rounds", "5"}, options{}, "takes no other flag"},
		{"an argument", []string{"echo"}, options{}, `"echo": bench takes no arguments`},
		{"an unknown flag", []string{"--fast"}, options{}, "not defined"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parse(c.args, io.Discard)
			if c.error != "" {
				assert.ErrorContains(t, err, c.error)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestSizeOfARun(t *testing.T) {
	assert.Equal(t, full, options{}.size())
	assert.Equal(t, quick, options{quick: true}.size())
	more := full
	more.rounds = 20
	assert.Equal(t, more, options{rounds: 20}.size())
	assert.GreaterOrEqual(t, full.rounds, 5, "a median and a spread need that many")
}

func TestOnlyAWholeFullRunReplacesTheLast(t *testing.T) {
	assert.Equal(t, ".", options{}.folder())
	assert.Equal(t, made, options{quick: true}.folder())
	assert.Equal(t, made, options{only: "echo"}.folder())
	assert.Equal(t, ".", options{rounds: 20}.folder())
}

// TestContests holds the lists against the files of the programs, and against each other.
func TestContests(t *testing.T) {
	works := make(map[string]bool)
	for _, c := range contests() {
		assert.NotEmpty(t, c.about, c.name)
		seen := make(map[string]bool)
		for _, who := range c.contestants {
			assert.False(t, seen[who.name], "%s: %s is there twice", c.name, who.name)
			seen[who.name] = true
			assert.NotNil(t, who.measure, "%s: %s", c.name, who.name)
			for _, word := range strings.Fields(who.command) {
				if file := sourceOf(word); file != "" {
					assert.FileExists(t, file, "%s: %s", c.name, who.name)
				}
			}
		}
		for _, w := range c.works {
			assert.False(t, works[w.Name], "%s is there twice", w.Name)
			works[w.Name] = true
			assert.True(t, w.Base == "" || seen[w.Base], "%s is compared with %q, which doesn't take part", w.Name, w.Base)
		}
	}
}

// sourceOf is where a word of a command is kept; "" if it is not a file of ours.
func sourceOf(word string) string {
	switch kind, name, _ := strings.Cut(word, "/"); kind {
	case "c":
		return "peers/c/" + name + ".c"
	case "go":
		return "peers/" + word + "/main.go"
	case "ours":
		return word + "/main.go"
	case "peers":
		return word
	}
	return ""
}

// TestPeersSayWhatTheyStandFor reads the first line of every program.
func TestPeersSayWhatTheyStandFor(t *testing.T) {
	for _, c := range contests() {
		for _, who := range c.contestants {
			for _, word := range strings.Fields(who.command) {
				file := sourceOf(word)
				if file == "" {
					continue
				}
				content, err := os.ReadFile(file)
				require.NoError(t, err)
				first, _, _ := strings.Cut(string(content), "\n")
				assert.Regexp(t, `^(//|""")`, first, file)
				assert.Greater(t, len(first), 40, file)
			}
		}
	}
}
