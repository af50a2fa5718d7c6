package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestFetchFigures(t *testing.T) {
	const most = 1<<63 - 1
	for want, f := range map[string]figures{
		"0 B  0 B/s":                                                 {urls: 1, total: -1},
		"0 B of 1.0 KiB  0%  0 B/s":                                  {urls: 1, total: 1024},
		"1023 B of 1.0 KiB  99%  1023 B/s  eta 0:00":                 {urls: 1, bytes: 1023, total: 1024, rate: 1023},
		"1.0 KiB of 1.0 KiB  100%  1.0 KiB/s  eta 0:00":              {urls: 1, bytes: 1024, total: 1024, rate: 1024},
		"1.5 KiB  7 B/s":                                             {urls: 1, bytes: 1536, total: -1, rate: 7},
		"1 of 2: 3.0 MiB of 10 MiB  30%  1.0 MiB/s  eta 0:07":        {done: 1, urls: 2, bytes: 3 << 20, total: 10 << 20, rate: 1 << 20},
		"0 of 2: 10 B  1 B/s":                                        {urls: 2, bytes: 10, total: -1, rate: 1},
		"4.0 EiB of 8.0 EiB  50%  1 B/s  eta days":                   {urls: 1, bytes: 1 << 62, total: most, rate: 1},
		"110 of 999: 1000 MiB of 1010 GiB  0%  1001 B/s  eta days":   {done: 110, urls: 999, bytes: 1000 << 20, total: 1010 << 30, rate: 1001},
		"11 of 99: 1000 MiB of 1002 MiB  99%  10 B/s  eta 58:15:15":  {done: 11, urls: 99, bytes: 1000 << 20, total: 1002 << 20, rate: 10},
		"11 of 99: 1000 MiB of 1002 MiB  99%  1001 B/s  eta 34:55":   {done: 11, urls: 99, bytes: 1000 << 20, total: 1002 << 20, rate: 1001},
		"11 of 99: 1000 MiB of 1010 MiB  99%  1000 KiB/s  eta 0:10":  {done: 11, urls: 99, bytes: 1000 << 20, total: 1010 << 20, rate: 1000 << 10},
		"99 of 99: 1023 GiB of 1023 GiB  100%  1023 MiB/s  eta 0:00": {done: 99, urls: 99, bytes: 1023 << 30, total: 1023 << 30, rate: 1023 << 20},
	} {
		if f.urls > 0 {
			assert.Equal(t, want, f.String())
			assert.Less(t, len(f.String()), 60)
		}
	}
}

func TestFetchSize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1.0 KiB", 1100: "1.1 KiB", 10<<10 - 52: "9.9 KiB", 10<<10 - 51: "10 KiB", 10 << 10: "10 KiB",
		1023 << 10: "1023 KiB", 1<<20 - 513: "1023 KiB", 1<<20 - 512: "1.0 MiB", 1 << 20: "1.0 MiB", 1 << 30: "1.0 GiB", 1 << 40: "1.0 TiB", 1 << 50: "1.0 PiB", 1<<63 - 1: "8.0 EiB",
	} {
		assert.Equal(t, want, size(n), "%d", n)
	}
}

func TestFetchClock(t *testing.T) {
	for seconds, want := range map[int64]string{
		0: "0:00", 9: "0:09", 60: "1:00", 3599: "59:59", 3600: "1:00:00", 3661: "1:01:01", 359_999: "99:59:59", 360_000: "days",
	} {
		assert.Equal(t, want, clock(seconds))
	}
}

// TestFetchRate: the rate is that of the last five seconds.
func TestFetchRate(t *testing.T) {
	now := time.Duration(0)
	p := &progressLine{out: &output{now: func() time.Duration { return now }}, marks: []mark{{}}}
	var got []int64
	for _, m := range []mark{{0, 0}, {1, 10}, {2, 20}, {5, 50}, {6, 1060}, {7, 1060}, {8, 1060}, {11, 1060}, {12, 1060}} {
		now = m.at * time.Second
		got = append(got, p.rate(m.bytes))
	}
	assert.Equal(t, []int64{0, 10, 10, 10, 210, 208, 336, 0, 0}, got)
	assert.Len(t, p.marks, 4, "what is too old is dropped")
}

// TestFetchFiguresOf: what is known of several URLs together.
func TestFetchFiguresOf(t *testing.T) {
	ended := func() error { return nil }
	for _, test := range []struct {
		name         string
		slots        []*slot
		done         int
		bytes, total int64
	}{
		{"none has begun", []*slot{{length: -1}, {length: -1}}, 0, 0, -1},
		{"one has a length", []*slot{{length: 10, bytes: 5}, {length: -1}}, 0, 5, -1},
		{"both have", []*slot{{length: 10, bytes: 5}, {length: 20}}, 0, 5, 30},
		{"one without a length has ended", []*slot{{length: 10, bytes: 5}, {length: -1, bytes: 7, last: ended}}, 1, 12, 17},
		{"one has failed", []*slot{{length: 10, bytes: 5, last: ended}, {length: 20, bytes: 1}}, 1, 6, 25},
		{"one comes later", []*slot{{length: -1}, {length: 20, bytes: 1}}, 0, 1, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &progressLine{out: &output{slots: test.slots, now: func() time.Duration { return 0 }}, marks: []mark{{}}}
			assert.Equal(t, figures{test.done, len(test.slots), test.bytes, test.total, 0}, p.figures())
		})
	}
}
