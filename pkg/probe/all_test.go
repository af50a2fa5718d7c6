package probe

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// host is a loop, as a probe sees it.
type host struct{}

func (h *host) Now() time.Duration   { return 0 }
func (h *host) Report(string, error) {}

// named is a Probe whose Events say their name.
type named struct {
	name string
	log  *[]string
}

func (n named) Watch(Loop) Events { return &says{named: n} }

type says struct {
	Nothing
	named
}

func (s *says) say(text string)       { *s.log = append(*s.log, s.name+" "+text) }
func (s *says) Scheduled(func()) any  { return s.name }
func (s *says) Began(c Callback)      { s.say(fmt.Sprint("began, by ", c.By)) }
func (s *says) Noted(text string)     { s.say(text) }
func (s *says) Entered(string) func() { return func() { s.say("left") } }
func (s *says) Origin(x any) string   { return map[any]string{s.name: "made by " + s.name}[x] }

// deaf has no interest in any loop.
type deaf struct{}

func (deaf) Watch(Loop) Events { return nil }

func TestAll(t *testing.T) {
	var log []string
	a, b := named{"a", &log}, named{"b", &log}
	require.Nil(t, All().Watch(&host{}))
	require.Nil(t, All(nil, nil).Watch(&host{}))
	require.Nil(t, All(deaf{}, nil, deaf{}).Watch(&host{}))
	require.IsType(t, &says{}, All(deaf{}, nil, b).Watch(&host{}), "one alone is told directly")

	both := All(a, nil, b).Watch(&host{})
	both.Began(Callback{By: both.Scheduled(func() {})})
	both.Began(Callback{})
	both.Entered("f")()
	require.Equal(t, []string{"a began, by a", "b began, by b", "a began, by <nil>", "b began, by <nil>", "a left", "b left"}, log)
	require.Equal(t, "made by b", both.Origin("b"))
	require.Empty(t, both.Origin("nobody's"))
}

// counts is told of how often each method was called, by reflection: so that no
// method of fan forgets somebody.
func TestFanTellsEverybodyEverything(t *testing.T) {
	events := reflect.TypeFor[Events]()
	for i := range events.NumMethod() {
		method := events.Method(i)
		t.Run(method.Name, func(t *testing.T) {
			one, two := &counter{}, &counter{}
			in := []reflect.Value{}
			for p := range method.Type.NumIn() {
				in = append(in, reflect.Zero(method.Type.In(p)))
			}
			reflect.ValueOf(fan{one, two}).MethodByName(method.Name).Call(in)
			assert.Equal(t, []string{method.Name}, one.called)
			assert.Equal(t, []string{method.Name}, two.called)
		})
	}
}

// TestNothing: each method may be called, and nobody hears of it.
func TestNothing(t *testing.T) {
	events := reflect.ValueOf(Nothing{})
	for i := range events.NumMethod() {
		in := []reflect.Value{}
		for p := range events.Method(i).Type().NumIn() {
			in = append(in, reflect.Zero(events.Method(i).Type().In(p)))
		}
		require.NotPanics(t, func() { events.Method(i).Call(in) }, events.Type().Method(i).Name)
	}
	require.Empty(t, Nothing{}.Origin(1))
	Nothing{}.Entered("f")()
}

func TestEverywhere(t *testing.T) {
	var log []string
	require.Nil(t, Watch(&host{}, nil))
	stop := Everywhere(named{"everywhere", &log})
	again := Everywhere(named{"again", &log})
	all := Watch(&host{}, named{"own", &log})
	all.Noted("hears")
	require.Equal(t, []string{"own hears", "everywhere hears", "again hears"}, log)
	stop()
	stop()
	log = nil
	Watch(&host{}, nil).Noted("hears")
	require.Equal(t, []string{"again hears"}, log)
	again()
	require.Nil(t, Watch(&host{}, nil))
}

// TestEverywhereTwice: each stop takes back its own call, even of one probe, and of one
// that == can't compare.
func TestEverywhereTwice(t *testing.T) {
	var log []string
	both := All(named{"a", &log}, named{"b", &log})
	stop, again := Everywhere(both), Everywhere(both)
	stop()
	Watch(&host{}, nil).Noted("hears")
	require.Equal(t, []string{"a hears", "b hears"}, log)
	again()
	require.Nil(t, Watch(&host{}, nil))
}
