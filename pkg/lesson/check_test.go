package lesson

// How code is judged, whatever the lesson: what is said of code that is not
// there, doesn't come back, or fails as others have. The tables themselves are
// judged by lessons_test.go at the root.

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// table is a lesson of two cases about a send that is never given a socket.
func table(wrong ...Wrong) Lesson {
	judge := func(data string) func(Impl) error {
		return func(impl Impl) error {
			if err := impl.Send(nil, nil, []byte(data)); err != nil {
				return &Mismatch{"send of " + data, said(err), "no error", err}
			}
			return nil
		}
	}
	return Lesson{Number: 99, Name: "send_it", Wrong: wrong,
		Cases: []Case{{"A1", "first", "why a", judge("1")}, {"A2", "second", "why b", judge("2")}},
		Hints: map[string]Hints{"A1": {"look", "think", "write"}, "A2": {"l", "t", "w"}}}
}

// sending is an implementation that does what fn says with the data.
func sending(fn func(data string) error) Impl {
	return Impl{Send: func(_ coro.Yield, _ *sock.Socket, data []byte) error { return fn(string(data)) }}
}

// failing fails case A2 with these words.
func failing(words string) Impl {
	return sending(func(data string) error {
		if data == "2" {
			return errors.New(words)
		}
		return nil
	})
}

func TestReport(t *testing.T) {
	short(t, 100*time.Millisecond)
	wrong := Wrong{"drops 3 bytes", failing("lost 3"), []string{"A2"}}
	first := Wrong{"fails at first", sending(func(data string) error {
		if data == "1" {
			return errors.New("lost 3")
		}
		return nil
	}), []string{"A1"}}
	never := make(chan bool)
	defer close(never)
	cases := []struct {
		name string
		impl Impl
		want string
	}{
		{"all passes", sending(func(string) error { return nil }),
			"ok    A1  first\nok    A2  second\nlesson 99, send_it: 2 of 2 cases pass"},
		{"not started", sending(func(string) error { return fmt.Errorf("send: %w", ErrTODO) }),
			"lesson 99, send_it: not started, the code returns lesson.ErrTODO"},
		{"started, and not complete", sending(func(data string) error {
			if data == "2" {
				return ErrTODO
			}
			return nil
		}), "ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"not written yet\"; want no error\n      why it matters: why b\n" +
			"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails like a wrong one, but for a number", failing("lost 4"),
			"ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"lost 4\"; want no error\n      why it matters: why b\n" +
				"This is how a send_it fails that drops 3 bytes.\nlesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails in the same case, with other words", failing("broken"),
			"ok    A1  first\nFAIL  A2  second\n      send of 2: got the error \"broken\"; want no error\n      why it matters: why b\n" +
				"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A2\", 1)"},
		{"fails in more cases", sending(func(string) error { return errors.New("lost 3") }),
			"FAIL  A1  first\n      send of 1: got the error \"lost 3\"; want no error\n      why it matters: why a\n" +
				"FAIL  A2  second\n      send of 2: got the error \"lost 3\"; want no error\n      why it matters: why b\n" +
				"lesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"panics", sending(func(string) error { panic("boom") }), "FAIL  A1  first\n      panic: boom\n      why it matters: why a\n" +
			"FAIL  A2  second\n      panic: boom\n      why it matters: why b\nlesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"ends its goroutine", sending(func(data string) error {
			if data == "1" {
				runtime.Goexit()
			}
			return nil
		}), "ok    A2  second\nFAIL  A1  first\n      the code ended its goroutine (runtime.Goexit)\n      why it matters: why a\n" +
			"lesson 99, send_it: 1 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
		{"doesn't come back", sending(func(string) error { <-never; return nil }),
			"FAIL  A1  first\n      still running after 100ms: " + errAbandoned.Error() + "\n      why it matters: why a\nnot run  A2  second\n" +
				"lesson 99, send_it: 0 of 2 cases pass; for a hint: lesson.SendIt.Hint(\"A1\", 1)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, table(wrong, first).Check(c.impl).String())
		})
	}
}

// short makes judges impatient for the length of a test.
func short(t *testing.T, d time.Duration) {
	before := shortened.Swap(int64(d))
	t.Cleanup(func() { shortened.Store(before) })
}

func TestTwoWrongOnesThatFailAlike(t *testing.T) {
	a, b := Wrong{"forgets", failing("lost 3"), []string{"A2"}}, Wrong{"drops", failing("lost 7"), []string{"A2"}}
	assert.Equal(t, "This is how a send_it fails that forgets, or that drops.", table(a, b).Check(failing("lost 1")).Advice())
}

// Where all cases have waited in vain, only those are alike that wait too; and
// to find out takes a glance, not as long once more.
func TestWhoWaitsIsLikeThoseWhoWait(t *testing.T) {
	never := make(chan bool)
	defer close(never)
	both := []string{"A1", "A2"}
	l := table(
		Wrong{"waits", sending(func(string) error { return errWaits }), both},
		Wrong{"drops", sending(func(string) error { return errors.New("lost 3") }), both},
		Wrong{"waits for long", sending(func(string) error { <-never; return nil }), both})
	assert.Equal(t, "waits, or that waits for long", l.Check(sending(func(string) error { return errWaits })).Like)
}

func TestHint(t *testing.T) {
	cases := []struct {
		name, id string
		n        int
		want     string
	}{
		{"the first", "A1", 1, "look"},
		{"the last", "A1", 3, "write"},
		{"none before the first", "A1", 0, "There is no hint 0: ask for 1, 2 or 3."},
		{"none after the last", "A1", 4, "There is no hint 4: ask for 1, 2 or 3."},
		{"another case", "Z9", 1, `lesson 99 has no hints for "Z9"; it has them for A1, A2.`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, table().Hint(c.id, c.n)) })
	}
}

// Code on a loop of ours that waits in vain is ended, whatever it does about it.
func TestNothingOutlivesATrial(t *testing.T) {
	short(t, time.Second)
	cases := []struct {
		name string
		body func(yield coro.Yield, l *loop.Loop) error
	}{
		{"sleeps for ever", func(yield coro.Yield, l *loop.Loop) error {
			release := l.Hold()
			defer release()
			_, err := yield(task.Spawn(l, func(yield coro.Yield) (any, error) {
				for {
					if err := task.Checkpoint(yield); err != nil {
						return nil, err
					}
				}
			}))
			return err
		}},
		{"turns for ever", func(yield coro.Yield, _ *loop.Loop) error {
			for {
				if err := task.Checkpoint(yield); err != nil {
					return err
				}
			}
		}},
		{"turns for ever, and hears of no error", func(yield coro.Yield, _ *loop.Loop) error {
			for {
				_ = task.Checkpoint(yield)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			err := Case{Run: func(Impl) error { return trial(nil, c.body) }}.run(Impl{})
			require.ErrorIs(t, err, errWaits)
			for late := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(late); {
				runtime.Gosched() // a goroutine that has come to its end may still be counted
			}
			require.LessOrEqual(t, runtime.NumGoroutine(), before)
		})
	}
}

func TestAConnectThatReturnsNeitherSocketNorErrorIsToldSo(t *testing.T) {
	nothing := Impl{Connect: func(coro.Yield, *loop.Loop, string) (*sock.Socket, error) { return nil, nil }}
	report := Lesson{Name: "connect", Cases: Connect.Cases[:1]}.Check(nothing)
	assert.Contains(t, report.String(), "connect to a server that listens: got no socket and no error; want a socket\n")
}
