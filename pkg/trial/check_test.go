package trial

// What is said of code that isn't there, doesn't return, or fails as others have.
// The tables of the lessons are judged by lessons_test.go at the root.

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// send is what is judged here.
type send func(data string) error

// table judges fn by two cases, and knows these mistakes.
func table(fn send, known ...Known) Table {
	return Table{Title: "lesson 99, send_it", Noun: "send_it", Hints: "lesson.SendIt.Hint", Cases: on(fn), Known: known}
}

func on(fn send) []Case {
	judge := func(data string) func() error {
		return func() error {
			if err := fn(data); err != nil {
				return &Mismatch{"send of " + data, Said(err), "no error", err}
			}
			return nil
		}
	}
	return []Case{{"A1", "first", "why a", judge("1")}, {"A2", "second", "why b", judge("2")}}
}

// failing fails case A2 with these words.
func failing(words string) send {
	return func(data string) error {
		if data == "2" {
			return errors.New(words)
		}
		return nil
	}
}

func TestReport(t *testing.T) {
	short(t, 100*time.Millisecond)
	wrong := Known{"drops 3 bytes", []string{"A2"}, on(failing("lost 3"))}
	first := Known{"fails at first", []string{"A1"}, on(func(data string) error {
		if data == "1" {
			return errors.New("lost 3")
		}
		return nil
	})}
	never := make(chan bool)
	defer close(never)
	cases := []struct {
		name string
		impl send
		want string
	}{
		{"all passes", func(string) error { return nil },
			"ok    A1  first\nok    A2  second\nlesson 99, send_it: 2 of 2 cases pass"},
		{"not started", func(string) error { return fmt.Errorf("send: %w", ErrTODO) },
			"lesson 99, send_it: not started, the code returns lesson.ErrTODO"},
		{"started, but not complete", func(data string) error {
			if data == "2" {
				return ErrTODO
			}
			return nil
		}, "Begin with A2: second.\n" +
			"ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"not written yet\"; want no error\n      why it matters: why b\n" +
			"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails like a wrong one, but for a number", failing("lost 4"),
			"It looks as if your send_it drops 3 bytes.\n" +
				"ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"lost 4\"; want no error\n      why it matters: why b\n" +
				"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails in the same case, with other words", failing("broken"),
			"Begin with A2: second.\n" +
				"ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"broken\"; want no error\n      why it matters: why b\n" +
				"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails in more cases", func(string) error { return errors.New("lost 3") },
			"Among other things, it looks as if your send_it fails at first.\n" +
				"FAIL  A1  first\n      send of 1: got the error \"lost 3\"; want no error\n      why it matters: why a\n" +
				"FAIL  A2  second\n      send of 2: got the error \"lost 3\"; want no error\n      why it matters: why b\n" +
				"lesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"panics", func(string) error { panic("boom") }, "Begin with A1: first.\n" +
			"FAIL  A1  first\n      panic: boom\n      why it matters: why a\n" +
			"FAIL  A2  second\n      panic: boom\n      why it matters: why b\nlesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"ends its goroutine", func(data string) error {
			if data == "1" {
				runtime.Goexit()
			}
			return nil
		}, "Begin with A1: first.\nok    A2  second\nFAIL  A1  first\n      the code ended its goroutine (runtime.Goexit)\n      why it matters: why a\n" +
			"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"doesn't return", func(string) error { <-never; return nil },
			"Begin with A1: first.\nFAIL  A1  first\n      still running after 100ms: " + errAbandoned.Error() +
				". It waits on a channel that nobody sends to\n      why it matters: why a\nnot run  A2  second\n" +
				"lesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, table(c.impl, wrong, first).Check().String())
		})
	}
}

// A case that can't pass without another one says so, and nothing more.
func TestACaseThatFailsWithAnother(t *testing.T) {
	all := table(func(string) error { return errors.New("lost 3") })
	all.Needs = map[string][]string{"A2": {"A1", "A9"}}
	assert.Contains(t, all.Check().String(), "FAIL  A2  second\n      fails with A1\nlesson 99")
	all.Cases = on(failing("lost 3"))
	assert.Contains(t, all.Check().String(), "FAIL  A2  second\n      send of 2: got", "the other one passed")
}

// A list of everything that it may be helps nobody.
func TestManyMistakesThatFailAlike(t *testing.T) {
	var known []Known
	for _, name := range []string{"forgets", "drops", "loses", "burns"} {
		known = append(known, Known{name, []string{"A2"}, on(failing("lost 3"))})
	}
	assert.Equal(t, "It looks as if your send_it forgets, or drops, or loses, or burns.", table(failing("lost 1"), known...).Check().Advice())
	known = append(known, Known{"eats", []string{"A2"}, on(failing("lost 3"))})
	assert.Equal(t, "Begin with A2: second.", table(failing("lost 1"), known...).Check().Advice())
}

// A table with one of its cases knows the mistakes all the same.
func TestAMistakeByOneCase(t *testing.T) {
	always := func(string) error { return errors.New("lost 3") }
	all := table(always, Known{"forgets", []string{"A1", "A2"}, on(always)}, Known{"drops", []string{"A1"}, on(always)})
	all.Cases = all.Cases[1:]
	assert.Equal(t, "It looks as if your send_it forgets.", all.Check().Advice())
}

// The hint that is recommended fits the mistake.
func TestTheHintFitsTheMistake(t *testing.T) {
	always := func(string) error { return errors.New("lost 3") }
	all := table(always, Known{"forgets", []string{"A1", "A2"}, on(always)})
	assert.Contains(t, all.Check().String(), `lesson.SendIt.Hint("A1", 1)`)
	all.Fits = map[string]string{"forgets": "A2", "drops": "A1"}
	assert.Contains(t, all.Check().String(), `lesson.SendIt.Hint("A2", 1)`)
}

// The mistake that explains the most failures comes first, and not one that would have
// failed where the code passes.
func TestTheMistakeThatExplainsTheMost(t *testing.T) {
	always := func(string) error { return errors.New("lost 3") }
	three := func(data string) error {
		if data == "3" {
			return nil
		}
		return always(data)
	}
	all := table(always,
		Known{"fails at first", []string{"A1"}, on(always)}, Known{"fails twice", []string{"A1", "A2"}, on(three)},
		Known{"fails elsewhere", []string{"A1", "A2", "A4"}, on(always)}, Known{"fails later", []string{"A2", "A3"}, on(always)})
	fails, passes := all.Cases[0], Case{ID: "A4", Run: func() error { return nil }}
	fails.ID = "A3"
	all.Cases = append(all.Cases, fails, passes)
	report := all.Check()
	assert.Equal(t, []string{"fails twice"}, report.Like)
	assert.Equal(t, "Among other things, it looks as if your send_it fails twice.", report.Advice())
}

// short makes judges impatient for the length of a test.
func short(t *testing.T, d time.Duration) {
	before := SetPatience(d)
	t.Cleanup(func() { SetPatience(before) })
}

func TestWordsToFollowGot(t *testing.T) {
	assert.Equal(t, `"hello" and no error`, Both([]byte("hello"), nil))
	assert.Equal(t, `"" and the error "EOF"`, Both(nil, io.EOF))
	assert.Equal(t, `41 bytes and no error`, Both(make([]byte, 41), nil))
}

func TestSetPatienceReturnsWhatItWas(t *testing.T) {
	before := SetPatience(time.Minute)
	assert.Equal(t, 20*time.Second, before)
	assert.Equal(t, time.Minute, SetPatience(before))
	assert.Equal(t, before, Patience())
}

func TestTwoMistakesThatFailAlike(t *testing.T) {
	a, b := Known{"forgets", []string{"A2"}, on(failing("lost 3"))}, Known{"drops", []string{"A2"}, on(failing("lost 7"))}
	assert.Equal(t, "It looks as if your send_it forgets, or drops.", table(failing("lost 1"), a, b).Check().Advice())
}

// If all cases waited in vain, only mistakes that wait are alike; finding that out
// takes a glance, not as long again.
func TestCodeThatWaitsIsLikeMistakesThatWait(t *testing.T) {
	never := make(chan bool)
	defer close(never)
	both := []string{"A1", "A2"}
	waits := func(string) error { return ErrWaits }
	known := []Known{
		{"waits", both, on(waits)},
		{"drops", both, on(func(string) error { return errors.New("lost 3") })},
		{"waits for long", both, on(func(string) error { <-never; return nil })}}
	assert.Equal(t, []string{"waits", "waits for long"}, table(waits, known...).Check().Like)
}
