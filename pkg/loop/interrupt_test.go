package loop

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
)

// awaiting lives on a loop and waits, as a task does.
type awaiting struct {
	owned
	what string
}

func (a *awaiting) Waits() string { return a.what }

func quietly() error { return nil }

func TestInterrupt(t *testing.T) {
	runAll(t, []situation{
		{"L25_while_it_sleeps", "Run returns, says where it stood, and the loop is as good as before", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("reader")))
			require.NoError(r, r.AddWriter(4, r.note("writer")))
			require.NoError(r, r.AddReader(4, r.note("reader")))
			r.CallLater(2*time.Second, r.note("timer"))
			r.CallLater(time.Second, r.note("never")).Cancel()
			r.Site().Own(&awaiting{owned{quietly}, "fd 3 to read"})
			r.Site().Own(&owned{quietly})
			r.Site().Own(&awaiting{owned{quietly}, "its turn"})
			r.fake.Sleep = func(time.Duration) { r.Interrupt(); r.now += time.Second / 2 }

			var interrupted *InterruptedError
			require.ErrorAs(r, r.Loop.Run(), &interrupted)
			require.Equal(r, Snapshot{Timers: 1, Next: 3 * time.Second / 2,
				Fds:   []selector.Ready{{FD: 3, Events: selector.Read}, {FD: 4, Events: selector.Read | selector.Write}},
				Tasks: []string{"fd 3 to read", "its turn"}}, interrupted.Where)
			require.Equal(r, `loop: run: interrupted while 0 callbacks ready, 1 timer, the next in 1.5s, watching fd 3 to read, fd 4 to read and write; 2 tasks alive
  a task awaits fd 3 to read
  a task awaits its turn`, interrupted.Error())
			r.check()

			r.fake.Sleep = func(d time.Duration) { r.now += d }
			r.round("timer")
		}},
		{"L25_in_a_callback", "the round ends; the rest is kept", func(r *rig) {
			r.CallSoon(func() { r.Interrupt(); r.CallSoon(r.note("3")) })
			r.CallSoon(r.note("2"))
			err := r.Loop.Run()
			require.EqualError(r, err, "loop: run: interrupted while 1 callback ready, no timer, watching no descriptor; 0 tasks alive")
			require.Equal(r, []string{"2"}, r.log)
			require.Zero(r, r.wakes)
			r.round("3")
			r.idle()
		}},
		{"L25_round", "Round returns it too, once", func(r *rig) {
			var interrupted *InterruptedError
			r.CallSoon(func() { r.Interrupt(); r.Interrupt() })
			require.ErrorAs(r, r.Round(), &interrupted)
			r.idle()
		}},
		{"L25_and_stopped", "one end is enough: the next Run is no shorter", func(r *rig) {
			var interrupted *InterruptedError
			r.CallSoon(func() { r.Stop(); r.Interrupt() })
			require.ErrorAs(r, r.Loop.Run(), &interrupted)
			r.CallSoon(func() { r.CallSoon(func() { r.say("second round"); r.Stop() }) })
			r.run("second round")
		}},
		{"L20_stopped_in_a_round_that_fails", "the error is the end that Stop has asked for: the next Run is no shorter", func(r *rig) {
			require.NoError(r, r.AddReader(3, func() { r.Stop(); r.RemoveReader(3) }))
			r.fake.SetReady(3, selector.Read)
			r.selectErr = errOops
			require.ErrorIs(r, r.Loop.Run(), errOops)
			r.selectErr = nil
			r.CallSoon(func() { r.CallSoon(func() { r.say("second round"); r.Stop() }) })
			r.run("second round")
		}},
		{"L25_not_running", "nothing happens, and nothing is kept for the next Run", func(r *rig) {
			r.Interrupt()
			r.heard("outside")
		}},
		{"L25_closed", "nothing happens", func(r *rig) {
			require.NoError(r, r.Close())
			r.Interrupt()
			require.Zero(r, r.wakes)
		}},
		{"L25_many", "a snapshot that nobody would read is cut short", func(r *rig) {
			for i := range 12 {
				r.Site().Own(&awaiting{owned{quietly}, "its turn"})
				require.NoError(r, r.AddReader(i, r.note("reader")))
			}
			text := r.Where().String()
			require.Contains(r, text, "fd 9 to read, 2 more; 12 tasks alive\n")
			require.Regexp(r, "its turn\n  and 2 more$", text)
		}},
	})
}

// heard runs a round of a loop that is held, and hears from outside.
func (r *rig) heard(name string) {
	defer r.Hold()()
	r.fake.Sleep = func(time.Duration) { require.NoError(r, r.CallSoonThreadsafe(r.note(name))) }
	r.round(name)
}

func TestInterruptAll(t *testing.T) {
	const loops = 3
	ended := make(chan error)
	for range loops {
		l, err := New(Options{})
		require.NoError(t, err)
		started := make(chan bool)
		l.CallSoon(func() { close(started) })
		release := l.Hold()
		go func() {
			err := l.Run()
			release()
			if closed := l.Close(); closed != nil {
				err = closed
			}
			ended <- err
		}()
		<-started
	}
	told := make(chan *InterruptedError, loops)
	require.Equal(t, loops, InterruptAll(func(e *InterruptedError) { told <- e }))
	for range loops {
		var interrupted *InterruptedError
		require.ErrorAs(t, <-ended, &interrupted)
	}
	require.Len(t, told, loops, "each loop told it before its Run returned")
	require.Zero(t, InterruptAll(nil), "a loop that has ended is forgotten")
}

// L25: whenever the interrupt comes, Run returns, and no wake-up stays behind.
func TestInterruptAtAnyMoment(t *testing.T) {
	l := openLoop(t)
	defer l.Hold()()
	rounds := 2000
	if testing.Short() {
		rounds = 200
	}
	for range rounds {
		begun := make(chan bool)
		l.CallSoon(func() { close(begun) })
		go func() {
			<-begun
			runtime.Gosched()
			l.Interrupt()
		}()
		var interrupted *InterruptedError
		require.ErrorAs(t, l.Run(), &interrupted)
	}
}

// L25: an Interrupt that comes as the loop comes home counts for that Run or for none.
func TestInterruptAsItEnds(t *testing.T) {
	l := openLoop(t)
	rounds := 20_000
	if testing.Short() {
		rounds = 2000
	}
	for range rounds {
		interrupted := make(chan bool)
		l.CallSoon(func() {
			go func() {
				l.Interrupt()
				close(interrupted)
			}()
		})
		_ = l.Round()
		<-interrupted
		l.CallSoon(func() {})
		require.NoError(t, l.Round(), "the next one hears nothing of it")
	}
}

func openLoop(t *testing.T) *Loop {
	l, err := New(Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}
