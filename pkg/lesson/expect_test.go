package lesson

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/sock"
)

// What a case expects ends it, with what was tried, got and wanted, unless it is so.
func TestExpectations(t *testing.T) {
	wrapped := fmt.Errorf("read: %w", io.EOF)
	long := strings.Repeat("long ", 10)
	cases := []struct {
		name   string
		expect func()
		want   string // "" if the case goes on
	}{
		{"no error", func() { noError("try", nil) }, ""},
		{"an error instead of none", func() { noError("try", io.EOF) }, `try: got the error "EOF"; want no error`},
		{"any refusal", func() { refused("try", io.EOF, nil) }, ""},
		{"no refusal", func() { refused("try", nil, io.EOF) }, "try: got no error; want a refusal"},
		{"a refusal for this reason", func() { refused("try", wrapped, io.EOF) }, ""},
		{"a refusal for another reason", func() { refused("try", errors.New("no"), io.EOF) }, `try: got the error "no"; want the error "EOF"`},
		{"the error, wrapped", func() { wantError("try", wrapped, io.EOF) }, ""},
		{"an error with the same words", func() { wantError("try", errors.New("EOF"), io.EOF) }, `try: got another error with the same words; want the error "EOF"`},
		{"too much, and the right error", func() { tooLong("try", []byte("ab"), fmt.Errorf("read: %w", sock.ErrTooLong), 1) },
			`try: got more than the limit: 2 bytes, and the right error; want the first 1 bytes, and the error "more data than the limit allows"`},
		{"too little, and the right error", func() { tooLong("try", nil, sock.ErrTooLong, 1) },
			`try: got fewer than the limit: 0 bytes, and the right error; want the first 1 bytes, and the error "more data than the limit allows"`},
		{"too little, and an error with the same words", func() { tooLong("try", nil, errors.New(sock.ErrTooLong.Error()), 1) },
			`try: got fewer than the limit: 0 bytes, and another error with the same words; want the first 1 bytes, and the error "more data than the limit allows"`},
		{"no error instead of one", func() { wantError("try", nil, io.EOF) }, `try: got no error; want the error "EOF"`},
		{"these notes", func() { wantHeard("try", []string{"a", "b"}, []string{"a", "b"}) }, ""},
		{"notes in another order", func() { wantHeard("try", []string{"b", "a"}, []string{"a", "b"}) }, `try: got ["b" "a"]; want ["a" "b"]`},
		{"the same", func() { same("try", []byte("one"), nil, "one") }, ""},
		{"other bytes", func() { same("try", []byte("two"), nil, "one") }, `try: got "two" and no error; want "one" and no error`},
		{"the same, and an error", func() { same("try", []byte("one"), io.EOF, "one") }, `try: got "one" and the error "EOF"; want "one" and no error`},
		{"as many bytes, but others", func() { same("try", []byte(strings.ToUpper(long)), nil, long) },
			"try: got as many bytes, but different ones, and no error; want the 50 bytes that the server sent, and no error"},
		{"fewer bytes", func() { same("try", []byte("l"), nil, long) }, `try: got "l" and no error; want the 50 bytes that the server sent, and no error`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			goesOn := false
			l := Lesson{Cases: []Case{{Run: func(Impl) { c.expect(); goesOn = true }}}}
			if c.want == "" {
				assert.Empty(t, l.Check(Impl{}).Failures)
			} else {
				require.EqualError(t, failure(t, l, Impl{}), c.want)
			}
			assert.Equal(t, c.want == "", goesOn)
		})
	}
}
