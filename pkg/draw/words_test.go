package draw

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestFoldedHere(t *testing.T) {
	assert.Equal(t, "1 more task is folded here", foldedHere(1, "task"))
	assert.Equal(t, "2 more tasks are folded here", foldedHere(2, "task"))
}

func TestLasted(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{850, "850ns"},
		{12345, "12µs"},
		{1234567, "1.2ms"},
		{350 * time.Millisecond, "350ms"},
		{3 * time.Second, "3.0s"},
		{59900 * time.Millisecond, "59.9s"},
		{time.Minute, "1m0s"},
		{time.Hour + 7*time.Minute + 3*time.Second + 400*time.Millisecond, "1h7m3s"},
	} {
		assert.Equal(t, c.want, lasted(c.d))
	}
}
