// Package signature signs the messages that a kernel and its fronts exchange, and
// checks theirs. Only the key tells a reader's front from anyone else who can connect,
// so Check comes before anything in a message is read.
//
// A message is frames: names that route it, "<IDS|MSG>", the signature in
// hexadecimal digits, and the four parts that are signed (header, parent header,
// metadata, content); binary buffers may follow, which nothing signs (Jupyter's
// messaging, *The wire protocol*).
//
//	signer, err := signature.New("hmac-sha256", key)
//	err = signer.Check(frames)
package signature

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"sync"
)

// The errors of New and Check.
var (
	ErrScheme    = errors.New("no such signature scheme is known here")
	ErrShape     = errors.New("it is no message of Jupyter's")
	ErrSignature = errors.New("its signature is wrong: the sender does not have this kernel's key")
	ErrKind      = errors.New("fronts send no such message: one that the kernel has signed itself shows no key")
	ErrAgain     = errors.New("it has come before: a message counts once")
)

// hashes are those of Python's hashlib, by its names, that are fit to sign with.
var hashes = map[string]func() hash.Hash{
	"sha224":   sha256.New224,
	"sha256":   sha256.New,
	"sha384":   sha512.New384,
	"sha512":   sha512.New,
	"sha3_224": func() hash.Hash { return sha3.New224() },
	"sha3_256": func() hash.Hash { return sha3.New256() },
	"sha3_384": func() hash.Hash { return sha3.New384() },
	"sha3_512": func() hash.Hash { return sha3.New512() },
}

const (
	delimiter = "<IDS|MSG>"
	parts     = 4       // that are signed, behind the signature
	history   = 1 << 16 // signatures that are remembered, as many as Jupyter's clients do
)

// A Signer signs and checks with one key. Its methods may be called from any
// goroutine.
type Signer struct {
	hash func() hash.Hash
	key  []byte

	mu   sync.Mutex
	seen map[string]bool // signatures of accepted messages; len ≤ history
	ring []string        // the same, in a ring
	next int             // place in ring, of the oldest once it is full
}

// New returns a Signer for a scheme such as "hmac-sha256", the default if scheme is
// empty. With an empty key, messages are not signed, as in Jupyter. The error is
// ErrScheme.
func New(scheme, key string) (*Signer, error) {
	if scheme == "" {
		scheme = "hmac-sha256"
	}
	name, ok := strings.CutPrefix(scheme, "hmac-")
	if !ok || hashes[name] == nil {
		return nil, fmt.Errorf("the signature scheme %q: %w: set Session.signature_scheme of your Jupyter to one of hmac-%s",
			scheme, ErrScheme, strings.Join(slices.Sorted(maps.Keys(hashes)), ", hmac-"))
	}
	return &Signer{hash: hashes[name], key: []byte(key), seen: make(map[string]bool)}, nil
}

// Check returns nil if the message is whole, is signed with the key, is of a kind that
// fronts send, and has not been accepted before. The error is ErrShape, ErrSignature,
// ErrKind or ErrAgain. Without a key the shape alone counts.
func (s *Signer) Check(frames [][]byte) error {
	at := find(frames)
	if at < 0 || len(frames) < at+2+parts {
		return fmt.Errorf("%w: %d frames, which must be %s, a signature and at least %d parts", ErrShape, len(frames), delimiter, parts)
	}
	if len(s.key) == 0 {
		return nil
	}
	want := s.digest(frames[at+2 : at+2+parts])
	if !hmac.Equal(want, frames[at+1]) {
		return ErrSignature
	}
	if !isFronts(frames[at+2]) {
		return ErrKind
	}
	return s.remember(string(want))
}

// isFronts reports whether a header is that of a message to a kernel. The kernel signs
// with the same key, and over TCP anybody can read what it publishes: whoever sends
// that back must not count as somebody who has the key. It is tempting to remember
// what was signed here; memory has an end, and a cell can print past it.
func isFronts(header []byte) bool {
	var h struct {
		Type string `json:"msg_type"`
	}
	if json.Unmarshal(header, &h) != nil {
		return false
	}
	switch h.Type {
	case "input_request":
		return false
	case "input_reply", "comm_open", "comm_msg", "comm_close":
		return true
	}
	return strings.HasSuffix(h.Type, "_request")
}

// Sign sets the signature of a message, in frames.
func (s *Signer) Sign(frames [][]byte) {
	at := find(frames)
	if at < 0 || len(frames) < at+2+parts || len(s.key) == 0 {
		return
	}
	frames[at+1] = s.digest(frames[at+2 : at+2+parts])
}

func find(frames [][]byte) int {
	return slices.IndexFunc(frames, func(frame []byte) bool { return bytes.Equal(frame, []byte(delimiter)) })
}

// digest is the signature of parts, in digits.
func (s *Signer) digest(parts [][]byte) []byte {
	mac := hmac.New(s.hash, s.key)
	for _, part := range parts {
		mac.Write(part)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// remember returns ErrAgain if the signature was here before.
func (s *Signer) remember(signature string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[signature] {
		return ErrAgain
	}
	s.seen[signature] = true
	if len(s.ring) < history {
		s.ring = append(s.ring, signature)
		return nil
	}
	delete(s.seen, s.ring[s.next])
	s.ring[s.next] = signature
	s.next = (s.next + 1) % history
	return nil
}
