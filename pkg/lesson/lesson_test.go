package lesson

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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

// A report calls a lesson by the names that a learner types.
func TestCheckNamesTheLesson(t *testing.T) {
	wrong := Wrong{"keeps the first byte", Impl{ReadAll: func(coro.Yield, *sock.Socket, int) ([]byte, error) { return nil, errors.New("wrong") }}, []string{"A1"}}
	judge := func(impl Impl) error { _, err := impl.ReadAll(nil, nil, 0); return err }
	l := Lesson{Number: 11, Name: "read_all", Wrong: []Wrong{wrong}, Cases: []Case{{"A1", "first", "why a", judge}}}
	assert.Equal(t, "FAIL  A1  first\n      wrong\n      why it matters: why a\nIt looks as if your read_all keeps the first byte.\n"+
		"lesson 11, read_all: 0 of 1 cases pass; for a hint: lesson.ReadAll.Hint(\"A1\", 1)", l.Check(wrong.Impl).String())
	l.Noun = "loop of reads"
	assert.Equal(t, "It looks as if your loop of reads keeps the first byte.", l.Check(wrong.Impl).Advice())
}

func TestAConnectThatReturnsNeitherSocketNorErrorIsToldSo(t *testing.T) {
	nothing := Impl{Connect: func(coro.Yield, *loop.Loop, string) (*sock.Socket, error) { return nil, nil }}
	report := Lesson{Name: "connect", Cases: Connect.Cases[:1]}.Check(nothing)
	assert.Contains(t, report.String(), "connect to a server that listens: got no socket and no error; want a socket\n")
}
