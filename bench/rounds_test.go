package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// always is a contestant that no program stands behind, and how often it had its turn.
func always(samples map[string]sample, err error) (measurement, *int) {
	calls := new(int)
	return func(*bench, string) (map[string]sample, error) { *calls++; return samples, err }, calls
}

func TestPlay(t *testing.T) {
	good, goodCalls := always(map[string]sample{"w": {2, 0.5}, "no work": {1, 1}}, nil)
	absent, absentCalls := always(nil, &missing{"it is not installed"})
	flaky, flakyCalls := always(map[string]sample{"w": {3, 0}}, errors.New("half of it failed"))
	b := &bench{ctx: context.Background(), size: size{rounds: 3}}
	r := new(Results)
	var saved []string
	save := func() {
		saved = append(saved, fmt.Sprintf("%d of %d, %d", r.Rounds, r.Planned, len(r.Works[0].Rounds[len(r.Works[0].Rounds)-1])))
	}
	broken, err := b.play([]contest{{name: "c", works: []Work{{Name: "w"}, {Name: "v"}}, contestants: []contestant{{"good", "", good}, {"absent", "", absent}, {"flaky", "", flaky}}}, {name: "other"}}, r, save, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, 3, *goodCalls)
	assert.Equal(t, 1, *absentCalls, "what isn't there is not tried again")
	assert.Equal(t, 3, *flakyCalls, "what failed is tried again")
	assert.Equal(t, 3, broken, "only what failed without need")
	assert.Equal(t, 3, r.Rounds)
	assert.Equal(t, []string{"0 of 3, 2", "0 of 3, 2", "1 of 3, 2", "1 of 3, 2", "2 of 3, 2", "2 of 3, 2"}, saved, "after each contest")
	round := map[string]float64{"good": 2, "flaky": 3}
	assert.Equal(t, []*Work{
		{Name: "w", Contestants: []string{"good", "absent", "flaky"}, Rounds: []map[string]float64{round, round, round}, Busy: map[string]float64{"good": 0.5}},
		{Name: "v", Contestants: []string{"good", "absent", "flaky"}, Rounds: []map[string]float64{{}, {}, {}}, Busy: map[string]float64{}},
	}, r.Works)
	assert.Equal(t, []NotRun{{"c: absent", "it is not installed"}, {"c: flaky", "half of it failed"}}, r.NotRun, "each is said once")
}

func TestTheLeastBusyRoundIsKept(t *testing.T) {
	w := &Work{Name: "w", Busy: make(map[string]float64)}
	for _, busy := range []float64{0.9, 0.3, 0.8, 0} {
		w.Rounds = append(w.Rounds, make(map[string]float64))
		w.take("us", map[string]sample{"w": {1, busy}})
	}
	assert.Equal(t, map[string]float64{"us": 0.3}, w.Busy)
}

func TestPlayEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	good, _ := always(map[string]sample{"w": {2, 0}}, nil)
	stops := func(*bench, string) (map[string]sample, error) { cancel(); return nil, errors.New("signal: killed") }
	never, calls := always(nil, nil)
	b := &bench{ctx: ctx, size: size{rounds: 3}}
	r, saved := new(Results), 0
	_, err := b.play([]contest{{name: "c", works: []Work{{Name: "w"}}, contestants: []contestant{{"one", "", good}, {"two", "", stops}, {"three", "", never}}}}, r, func() { saved++ }, io.Discard)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, r.NotRun, "it isn't the contestant's fault")
	assert.Zero(t, *calls)
	assert.Equal(t, []map[string]float64{{"one": 2}}, r.Works[0].Rounds, "what was measured stays")
	assert.Equal(t, 1, saved)
	assert.Zero(t, r.Rounds)
}
