package lesson

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

// hurry gives each case a second, for the length of a test.
func hurry(t *testing.T) {
	before := trial.SetPatience(time.Second)
	t.Cleanup(func() { trial.SetPatience(before) })
}

// failure is how impl fails the first case of l.
func failure(t *testing.T, l Lesson, impl Impl) error {
	l.Cases = l.Cases[:1]
	failures := l.Check(impl).Failures
	require.Len(t, failures, 1)
	return failures[0].Err
}

func TestHint(t *testing.T) {
	l := Lesson{Number: 99, Cases: []Case{{ID: "A1"}, {ID: "A2"}},
		Hints: map[string]Hints{"A1": {"look", "think", "write"}, "A2": {"l", "t", "w"}}}
	cases := []struct {
		name, id string
		n        int
		want     string
	}{
		{"the first", "A1", 1, "look"},
		{"the last", "A1", 3, "write"},
		{"none before the first", "A1", 0, "There is no hint 0: ask for 1, 2 or 3."},
		{"none after the last", "A1", 4, "There is no hint 4: ask for 1, 2 or 3."},
		{"another case", "Z9", 1, `Lesson 99 has no hints for "Z9"; it has them for A1, A2.`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, l.Hint(c.id, c.n)) })
	}
}

// asking is an implementation of one function, which returns these words.
func asking(words string) Impl {
	return Impl{Ask: func(string, []byte) ([]byte, error) { return []byte(words), nil }}
}

// A report calls a lesson by the names that a learner types, and compares the code
// with each wrong implementation, not with itself.
func TestCheckNamesTheLesson(t *testing.T) {
	judge := func(impl Impl) {
		if p, _ := impl.Ask("", nil); string(p) != "right" {
			fail("ask", string(p), "right", nil)
		}
	}
	l := Lesson{Number: 11, Name: "read_all", Cases: []Case{{"A1", "first", "why a", judge}},
		Wrong: []Wrong{{"keeps the first byte", asking("r"), []string{"A1"}}, {"drops the last byte", asking("righ"), []string{"A1"}}}}
	assert.Equal(t, "It looks as if your read_all keeps the first byte.\nFAIL  A1  first\n      ask: got r; want right\n      why it matters: why a\n"+
		"lesson 11, read_all: 0 of 1 cases pass; for a hint: lesson.ReadAll.Hint(\"A1\", 1)", l.Check(asking("r")).String())
	l.Noun = "loop of reads"
	assert.Equal(t, "It looks as if your loop of reads drops the last byte.", l.Check(asking("righ")).Advice())
	assert.Equal(t, "ok    A1  first\nlesson 11, read_all: 1 of 1 cases pass", l.Check(asking("right")).String())
}

// What an implementation leaves out is the library's.
func TestCheckCompletesTheImplementation(t *testing.T) {
	var got Impl
	l := Lesson{Cases: []Case{{Run: func(impl Impl) { got = impl }}}}
	l.Check(asking("own"))
	own, err := got.Ask("", nil)
	require.NoError(t, err)
	assert.Equal(t, "own", string(own))
	assert.NotNil(t, got.Send)
	assert.NotNil(t, got.NewLoop)
	assert.Nil(t, got.Step, "the library's is a method")
}

func TestAConnectThatReturnsNeitherSocketNorErrorIsToldSo(t *testing.T) {
	nothing := Impl{Connect: func(coro.Yield, *loop.Loop, string) (*sock.Socket, error) { return nil, nil }}
	report := Lesson{Name: "connect", Cases: Connect.Cases[:1]}.Check(nothing)
	assert.Contains(t, report.String(), "connect to a server that listens: got no socket and no error; want a socket\n")
}
