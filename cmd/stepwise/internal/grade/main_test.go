package grade

import (
	"os"
	"testing"

	"stepwise/cmd/stepwise/internal/box"
)

func TestMain(m *testing.M) {
	box.Enter()
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // the first process of a box is this program: with -race it would sleep a second at its end
	os.Exit(m.Run())
}
