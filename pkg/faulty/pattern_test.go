package faulty_test

// The known bytes.

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestPattern(t *testing.T) {
	p := faulty.Pattern(100_000)
	require.Equal(t, p[:7], faulty.Pattern(7))
	require.NoError(t, faulty.CheckPattern(p, 0))
	require.NoError(t, faulty.CheckPattern(p[12345:99999], 12345), "from the middle of a word")
	require.NoError(t, faulty.CheckPattern(nil, 5))
	require.Error(t, faulty.CheckPattern(p[1:], 0), "a byte is lost")
	for _, at := range []int{0, 7, 32 << 10, len(p) - 1} {
		p[at] ^= 1
		require.ErrorContains(t, faulty.CheckPattern(p, 0), fmt.Sprintf("byte %d is", at))
		p[at] ^= 1
	}
}
