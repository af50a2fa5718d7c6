package notebook

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These differ between two good runs.
func TestMaskForgives(t *testing.T) {
	cases := []struct{ name, want, got string }{
		{"a port", "listening on 127.0.0.1:43211", "listening on 127.0.0.1:51002"},
		{"a port of IPv6", "to [::1]:43211.", "to [::1]:51002."},
		{"a port with a zone", "[fe80::1%lo]:43211", "[fe80::1%lo]:51002"},
		{"a port of all addresses", "[::]:43211", "[::]:51002"},
		{"a port in a URL", "GET http://127.0.0.1:43211/big", "GET http://127.0.0.1:51002/big"},
		{"a port of localhost", "http://localhost:43211/", "http://localhost:51002/"},
		{"both ends of a connection", "read tcp 127.0.0.1:34512->127.0.0.1:46233: reset", "read tcp 127.0.0.1:39999->127.0.0.1:41111: reset"},
		{"a port in a struct", "{Port:43211 Addr:[127 0 0 1]}", "{Port:51002 Addr:[127 0 0 1]}"},
		{"a port in words", "on port 43211", "on port 51002"},
		{"a port in JSON", `{"port": 43211}`, `{"port": 51002}`},
		{"an address in memory", "&{0xc000012340}", "&{0xc0001a2b00}"},
		{"a function's address", "0x4a1b2c", "0x12f4c00"},
		{"a pid", "pid 4711", "pid 12"},
		{"a pid with a sign", "pid=4711", "pid=12"},
		{"a goroutine", "goroutine 57 [running]:", "goroutine 5 [running]:"},
		{"a descriptor", "fd 7 is readable", "fd 12 is readable"},
		{"a descriptor in a struct", "{FD:7 Events:1}", "{FD:12 Events:1}"},
		{"a descriptor in words", "descriptor 7", "descriptor 12"},
		{"milliseconds", "in 1.2ms", "in 12.345678ms"},
		{"microseconds", "in 350µs", "in 1.5µs"},
		{"the other mu", "in 350μs", "in 350µs"},
		{"across units", "in 999.8µs", "in 1.1ms"},
		{"nanoseconds", "112ns", "98ns"},
		{"parts of a second", "1.203s", "0.9s"},
		{"with minutes", "1m2.5s", "59.9s"},
		{"with a space", "took 3 ms", "took 12 ms"},
		{"seconds with a space", "0.35 s", "1.02 seconds"},
		{"too short to measure", "in 0s", "in 41ns"},
		{"in a column, to the right", "|   1.2ms|", "|123.4ms|"},
		{"in a column, to the left", "a 1.2ms   | b", "a 123.4ms | b"},
		{"a date of HTTP", "Date: Tue, 24 Nov 2026 00:18:05 GMT", "Date: Wed, 25 Nov 2026 10:00:00 GMT"},
		{"a date of a log", "2026/11/24 00:18:05 accepted", "2027/01/02 11:22:33 accepted"},
		{"a date of package time", "2026-11-24 00:18:05.123456 +0000 UTC m=+0.012", "2027-01-02 11:22:33.1 +0000 UTC m=+1.5"},
		{"a date in ISO form", "2026-11-24T00:18:05Z", "2027-01-02T11:22:33.5+01:00"},
		{"a temporary folder", "unix /tmp/lesson123456789/s", "unix /tmp/lesson987654321/s"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, apply(c.want, nil), apply(c.got, nil))
		})
	}
}

// These must be compared, however much they look like the above.
func TestMaskKeeps(t *testing.T) {
	cases := []struct{ name, want, got string }{
		{"a count", "5000000 bytes", "219264 bytes"},
		{"a count of five digits", "65536 bytes", "16384 bytes"},
		{"a word", "readable", "writable"},
		{"a named port", "127.0.0.1:80", "127.0.0.1:443"},
		{"a fixed port of four digits", "127.0.0.1:8080", "127.0.0.1:8081"},
		{"another host", "127.0.0.1:43211", "127.0.0.2:43211"},
		{"IPv6 instead of IPv4", "127.0.0.1:43211", "[::1]:43211"},
		{"no port where there was one", "127.0.0.1:43211", "127.0.0.1"},
		{"a ratio that looks like a port", "1:10000", "1:20000"},
		{"a small number in hex", "events 0x1", "events 0x5"},
		{"flags in hex", "0x2001", "0x2019"},
		{"a constant of whole seconds", "after 5s", "after 6s"},
		{"whole seconds in words", "5 seconds", "6 seconds"},
		{"minutes", "1m0s", "2m0s"},
		{"two instead of one", "fd 7", "fd 7, fd 8"},
		{"no descriptor", "fd 7", "fd -1"},
		{"an errno", "errno 11", "errno 104"},
		{"a number of rounds", "round 7", "round 8"},
		{"a version", "HTTP/1.0", "HTTP/1.1"},
		{"a status", "200 OK", "206 Partial Content"},
		{"us, the word", "gave 3 us", "gave 4 us"},
		{"what a time was measured of", "connect 1.2ms", "send 1.2ms"},
		{"a time and no time", "done in 1.2ms", "done"},
		{"a lesson's number", "lesson 09", "lesson 10"},
		{"which address of two", "0xc000012340 <nil>", "<nil> 0xc000012340"},
		{"megabytes", "5 MB", "6 MB"},
		{"a header", "Content-Length: 12345", "Content-Length: 54321"},
		{"a length that ends in ms letters", "12 msgs", "13 msgs"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.NotEqual(t, apply(c.want, nil), apply(c.got, nil))
		})
	}
}

// A mask that nothing needs is a useless hole.
func TestEveryMaskIsNeeded(t *testing.T) {
	const text = `Tue, 24 Nov 2026 00:18:05 GMT 2026/11/24 00:18:05 2026-11-24T00:18:05Z 127.0.0.1:43211 port 43211
		0xc000012340 pid 4711 goroutine 57 fd 7 /tmp/x123456789 1.2ms`
	for _, m := range masks {
		t.Run(m.what, func(t *testing.T) {
			assert.Regexp(t, m.pattern, text)
		})
	}
}

func TestACellsMasksAreRefusedWhenTheyHideAll(t *testing.T) {
	cases := []struct {
		name string
		mask any
		want string // part of the error; "": none
	}{
		{"a good one", []any{`\d+ reads`}, ""},
		{"none", []any{}, ""},
		{"no list", `\d+`, "not a list"},
		{"no text", []any{7.0}, "not a pattern"},
		{"not a pattern", []any{"("}, "error parsing"},
		{"everything", []any{".*"}, "matches the empty text"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := (&Cell{Metadata: map[string]any{"mask": c.mask}}).masks()
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}
