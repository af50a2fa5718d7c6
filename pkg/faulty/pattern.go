package faulty

// Bytes that are known in advance, so that no test has to keep a copy to compare.

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Pattern returns the first n bytes of a sequence that is always the same and doesn't
// repeat, so a byte that is lost, doubled or out of place shows wherever it is.
func Pattern(n int) []byte {
	if n < 0 {
		panic(fmt.Sprintf("faulty: Pattern of %d bytes", n))
	}
	p := make([]byte, n)
	fillPattern(p, 0)
	return p
}

// CheckPattern compares p with the pattern from offset on, and says where the first
// difference is. It lets you check 100 MB piece by piece, as they arrive.
func CheckPattern(p []byte, offset int64) error {
	want := make([]byte, min(len(p), 32<<10))
	for at := 0; at < len(p); at += len(want) {
		want = want[:min(len(want), len(p)-at)]
		fillPattern(want, offset+int64(at))
		if bytes.Equal(p[at:at+len(want)], want) {
			continue
		}
		for i, b := range want {
			if p[at+i] != b {
				return fmt.Errorf("faulty: byte %d is %#02x, the pattern has %#02x", offset+int64(at+i), p[at+i], b)
			}
		}
	}
	return nil
}

// fillPattern fills p with the pattern from offset on. Byte i is one of the eight of
// mix(i/8), so that any part can be made without those before it.
func fillPattern(p []byte, offset int64) {
	if offset < 0 {
		panic(fmt.Sprintf("faulty: the pattern starts at 0, not at %d", offset))
	}
	var word [8]byte
	at := uint64(offset)
	for len(p) > 0 {
		binary.LittleEndian.PutUint64(word[:], mix(at/8))
		n := copy(p, word[at%8:])
		p, at = p[n:], at+uint64(n)
	}
}

// mix is the output function of SplitMix64 (Steele, Lea and Flood, 2014), which maps each
// number to another that looks random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
