package signature

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// request is the header of a front's message.
const request = `{"msg_type": "execute_request"}`

// message is one of Jupyter's, unsigned; the text stands in its parent's header.
func message(text string) [][]byte {
	frames := [][]byte{[]byte("name"), []byte(delimiter), nil}
	for _, part := range []string{request, text, "{}", `{"code": "1"}`} {
		frames = append(frames, []byte(part))
	}
	return frames
}

func signed(t testing.TB, scheme, key, text string) [][]byte {
	t.Helper()
	s, err := New(scheme, key)
	require.NoError(t, err)
	frames := message(text)
	s.Sign(frames)
	return frames
}

// TestSchemes: the digits are those that Python's hmac makes of the same message.
func TestSchemes(t *testing.T) {
	cases := []struct{ scheme, begins string }{
		{"", "7789875d1d2c2f5b"},
		{"hmac-sha256", "7789875d1d2c2f5b"},
		{"hmac-sha224", "8991cb53723dd748"},
		{"hmac-sha384", "a4193eb8e279adcc"},
		{"hmac-sha512", "8bb2b1b790ed35e6"},
		{"hmac-sha3_224", "4c453ec5f71ed8e0"},
		{"hmac-sha3_256", "eb42b41a5c52baf4"},
		{"hmac-sha3_384", "5fc9dfba4d7c0c14"},
		{"hmac-sha3_512", "e8e049308cb551fa"},
	}
	for _, c := range cases {
		t.Run("scheme "+c.scheme, func(t *testing.T) {
			frames := signed(t, c.scheme, "key", `{"msg_id": "1"}`)
			assert.Equal(t, c.begins, string(frames[2][:16]))
			s, err := New(c.scheme, "key")
			require.NoError(t, err)
			assert.NoError(t, s.Check(frames))
		})
	}
	for _, scheme := range []string{"hmac-md5", "hmac-sha1", "hmac-", "sha256", "HMAC-SHA256", "none", "hmac-sha257"} {
		t.Run("refuses "+scheme, func(t *testing.T) {
			_, err := New(scheme, "key")
			assert.ErrorIs(t, err, ErrScheme)
			assert.ErrorContains(t, err, fmt.Sprintf("%q", scheme))
			assert.ErrorContains(t, err, "hmac-sha224, hmac-sha256, ")
		})
	}
}

func TestCheck(t *testing.T) {
	change := func(at int, text string) func([][]byte) [][]byte {
		return func(frames [][]byte) [][]byte { frames[at] = []byte(text); return frames }
	}
	cases := []struct {
		name   string
		change func([][]byte) [][]byte
		want   error
	}{
		{"as it was signed", func(f [][]byte) [][]byte { return f }, nil},
		{"another name in front", change(0, "other"), nil},
		{"no name in front", func(f [][]byte) [][]byte { return f[1:] }, nil},
		{"a buffer behind", func(f [][]byte) [][]byte { return append(f, []byte("buffer")) }, nil},
		{"another signature", change(2, strings.Repeat("0", 64)), ErrSignature},
		{"no signature", change(2, ""), ErrSignature},
		{"half a signature", func(f [][]byte) [][]byte { f[2] = f[2][:32]; return f }, ErrSignature},
		{"another header", change(3, `{"a":1}`), ErrSignature},
		{"another parent", change(4, `{"a":1}`), ErrSignature},
		{"other metadata", change(5, `{"a":1}`), ErrSignature},
		{"other content", change(6, `{"code": "2"}`), ErrSignature},
		{"no delimiter", change(1, "<IDS>"), ErrShape},
		{"a part is missing", func(f [][]byte) [][]byte { return f[:6] }, ErrShape},
		{"the delimiter alone", func(f [][]byte) [][]byte { return f[1:2] }, ErrShape},
		{"nothing", func([][]byte) [][]byte { return nil }, ErrShape},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := New("hmac-sha256", "key")
			require.NoError(t, err)
			assert.ErrorIs(t, s.Check(c.change(signed(t, "hmac-sha256", "key", "{}"))), c.want)
		})
	}
	t.Run("another key", func(t *testing.T) {
		s, err := New("", "key")
		require.NoError(t, err)
		assert.ErrorIs(t, s.Check(signed(t, "", "yek", "{}")), ErrSignature)
	})
	t.Run("an empty key signs nothing and lets everything in that is whole", func(t *testing.T) {
		s, err := New("", "")
		require.NoError(t, err)
		frames := signed(t, "", "", "{}")
		assert.Empty(t, frames[2])
		assert.NoError(t, s.Check(frames))
		assert.NoError(t, s.Check(frames))
		assert.ErrorIs(t, s.Check(frames[:5]), ErrShape)
	})
}

// TestKinds: what the kernel has signed itself is no proof of the key when it comes
// back, since anybody can read what is published.
func TestKinds(t *testing.T) {
	cases := []struct {
		header string
		want   error
	}{
		{`{"msg_type": "kernel_info_request"}`, nil},
		{`{"msg_type": "shutdown_request"}`, nil},
		{`{"msg_type": "debug_request"}`, nil},
		{`{"msg_type": "input_reply"}`, nil},
		{`{"msg_type": "comm_msg"}`, nil},
		{`{"msg_type": "status"}`, ErrKind},
		{`{"msg_type": "stream"}`, ErrKind},
		{`{"msg_type": "execute_input"}`, ErrKind},
		{`{"msg_type": "execute_reply"}`, ErrKind},
		{`{"msg_type": "input_request"}`, ErrKind},
		{`{"msg_type": 1}`, ErrKind},
		{`{}`, ErrKind},
		{``, ErrKind},
	}
	for _, c := range cases {
		t.Run(c.header, func(t *testing.T) {
			s, err := New("", "key")
			require.NoError(t, err)
			frames := message("{}")
			frames[3] = []byte(c.header)
			s.Sign(frames)
			assert.ErrorIs(t, s.Check(frames), c.want)
		})
	}
}

// TestAgain: a message counts once, as long as it is remembered; one that was refused
// is not remembered.
func TestAgain(t *testing.T) {
	s, err := New("", "key")
	require.NoError(t, err)
	first := signed(t, "", "key", "first")
	forged := signed(t, "", "key", "first")
	forged[6] = []byte("other")
	require.ErrorIs(t, s.Check(forged), ErrSignature)
	require.NoError(t, s.Check(first))
	require.ErrorIs(t, s.Check(first), ErrAgain)
	for i := range history - 1 {
		frames := message(fmt.Sprint(i))
		s.Sign(frames)
		require.NoError(t, s.Check(frames))
	}
	require.ErrorIs(t, s.Check(first), ErrAgain, "it is the oldest that is remembered")
	require.NoError(t, s.Check(signed(t, "", "key", "one more")))
	assert.NoError(t, s.Check(first), "it is forgotten: memory has an end")
	for i := range history {
		frames := message(fmt.Sprint("again ", i))
		s.Sign(frames)
		require.NoError(t, s.Check(frames))
	}
	assert.Len(t, s.seen, history)
	assert.Len(t, s.ring, history)
}

// FuzzCheck: no message passes that was not signed with the key, whatever its frames,
// and of those that were only a front's.
func FuzzCheck(f *testing.F) {
	f.Add([]byte("name;<IDS|MSG>;00;{};{};{};{}"), byte(';'))
	f.Add([]byte("name;<IDS|MSG>;00;"+request+";{};{};{}"), byte(';'))
	f.Fuzz(func(t *testing.T, text []byte, between byte) {
		var frames [][]byte
		for _, part := range strings.Split(string(text), string(between)) {
			frames = append(frames, []byte(part))
		}
		s, err := New("", "key")
		require.NoError(t, err)
		require.Error(t, s.Check(frames))
		s.Sign(frames)
		if at := find(frames); at >= 0 && len(frames) >= at+2+parts {
			if err := s.Check(frames); err != nil {
				require.ErrorIs(t, err, ErrKind)
			}
		}
	})
}
