package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		name    string
		figures []float64
		want    Spread
		ok      bool
	}{
		{"no figures", nil, Spread{}, false},
		{"one figure", []float64{3}, Spread{3, 3, 3}, true},
		{"an odd number, in any order", []float64{9, 1, 2}, Spread{2, 1, 9}, true},
		{"an even number: the mean of the two in the middle", []float64{4, 1, 9, 2}, Spread{3, 1, 9}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := spread(c.figures)
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.ok, ok)
		})
	}
}

func TestSpreadLeavesTheFiguresAlone(t *testing.T) {
	figures := []float64{3, 1, 2}
	spread(figures)
	assert.Equal(t, []float64{3, 1, 2}, figures)
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		name   string
		rounds []map[string]float64
		want   Spread
		ok     bool
	}{
		{"the machine slows down: the ratios of each round stay", []map[string]float64{{"us": 2, "peer": 1}, {"us": 20, "peer": 10}}, Spread{2, 2, 2}, true},
		{"not the ratio of the medians", []map[string]float64{{"us": 1, "peer": 1}, {"us": 4, "peer": 2}, {"us": 9, "peer": 3}}, Spread{2, 1, 3}, true},
		{"a round without the peer doesn't count", []map[string]float64{{"us": 2, "peer": 1}, {"us": 9}}, Spread{2, 2, 2}, true},
		{"a round without us doesn't count", []map[string]float64{{"peer": 1}, {"us": 3, "peer": 2}}, Spread{1.5, 1.5, 1.5}, true},
		{"a round in which the peer needed nothing doesn't count", []map[string]float64{{"us": 2, "peer": 0}, {"us": 3, "peer": 1}}, Spread{3, 3, 3}, true},
		{"never together", []map[string]float64{{"us": 2}, {"peer": 2}}, Spread{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := (&Work{Rounds: c.rounds}).Ratio("us", "peer")
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.ok, ok)
		})
	}
}

func TestFigureSkipsRoundsWithoutOne(t *testing.T) {
	w := &Work{Rounds: []map[string]float64{{"us": 4}, {}, {"us": 2}}}
	got, ok := w.Figure("us")
	assert.True(t, ok)
	assert.Equal(t, Spread{3, 2, 4}, got)
	_, ok = w.Figure("nobody")
	assert.False(t, ok)
}

func TestOnlyAFullRunIsPublished(t *testing.T) {
	assert.NoError(t, (&Results{Rounds: 5, Planned: 20}).publishable(), "ended early, but with enough rounds")
	assert.ErrorContains(t, (&Results{Rounds: 4, Planned: 5}).publishable(), "results.json has 4 rounds")
	assert.Error(t, (&Results{Rounds: 5, Quick: true}).publishable())
}
