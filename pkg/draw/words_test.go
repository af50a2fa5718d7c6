package draw

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFoldedHere(t *testing.T) {
	assert.Equal(t, "1 more task is folded here", foldedHere(1, "task"))
	assert.Equal(t, "2 more tasks are folded here", foldedHere(2, "task"))
}
