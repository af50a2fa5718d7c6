package fetch

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestChunkedStaysAtItsEnd: who asks once more gets the end once more, and
// nothing of the next answer.
func TestChunkedStaysAtItsEnd(t *testing.T) {
	r := bufio.NewReader(strings.NewReader("1\r\na\r\n0\r\nT: x\r\n\r\nnext\r\n\r\n"))
	body := &chunked{r: r}
	data, err := io.ReadAll(body)
	require.NoError(t, err)
	assert.Equal(t, "a", string(data))
	for range 2 {
		_, err = body.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err)
	}
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "next\r\n\r\n", string(rest))
}
